"""Compounds taken apart: Cybersicherheitsgutschein is asked as Cybersicherheit and Gutschein, if both are known."""

from __future__ import annotations

from collections.abc import Callable

from search.analysis import ANALYZERS

SHORTEST = 4  # letters of a part; shorter ones stand in too many words


def parts(word: str, lang: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The known words of which a word is made, the fewest; none where it cannot be taken apart whole."""
    links = ANALYZERS[lang].links if lang in ANALYZERS else ()
    if not links:
        return ()
    for start in range(SHORTEST, len(word) - SHORTEST + 1):  # the last part as long as it can be
        if not is_known(word[start:]):
            continue
        for link in links:
            head = word[: start - len(link)] if word[:start].endswith(link) else ""
            if len(head) < SHORTEST:
                continue
            if is_known(head):
                return head, word[start:]
            if inner := parts(head, lang, is_known):
                return *inner, word[start:]
    return ()

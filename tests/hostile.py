"""Two hundred queries that mean no good."""

from __future__ import annotations

import random

_OPERATORS = ['"', '""', '"""', "-", "--", "---", "OR", "OR OR", "OR -", "- OR", "*", "**", "* *", "-*", '-"', '"-"', '"*"',
    "NOT", "AND", "AND AND", "(", ")", "()", "((((", "[a TO b]", "{a TO b}", "title:x", "title:", ":", "::", "^2", "a^",
    "~", "~2", "a~9", "?", "a?b*", "\\", "\\\\", "/", "//", "/a/", "+", "+a", "a+b", "&&", "||", "!", "!a", "#", "%", "%%",
    "=", "=fr:ecol", "~ecole", "==", "$", "${x}", "{{7*7}}", "{% raw %}", "<%= 1 %>", "`ls`", "$(ls)", ";", "|", "a OR", "OR a",
    '"a', 'a"', '"a" "b', '-"a b', '"a b"*', "a*b*c*", "*a", "x*y", ".", "..", "...", "_", "__", "'", "''", "l'", "'l", "d'l'x"]  # fmt: skip
_MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>", "</title><script>alert(1)</script>",
    "\"><script>alert(1)</script>", "'><svg onload=alert(1)>", "<!--", "-->", "<![CDATA[x]]>", "&lt;b&gt;", "&#60;b&#62;",
    "<iframe src=javascript:alert(1)>", "javascript:alert(1)", "<a href=\"javascript:alert(1)\">x</a>", "<style>*{}</style>",
    "</h1><h1>", "</form><form>", "<input autofocus onfocus=alert(1)>", "<mark>", "</mark>"]  # fmt: skip
_SQL = ["' OR 1=1 --", "1; DROP TABLE practices", "' UNION SELECT * FROM x", "admin'--", "1' AND SLEEP(5)#", "\"; DELETE",
    "%27%20OR%201=1", "0x27", "' OR ''='", "1/0"]  # fmt: skip
_PATHS = ["../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "file:///etc/passwd", "http://127.0.0.1/", "\\\\host\\share",
    "/dev/null", "C:\\", "~root", "a\x00b.md"]  # fmt: skip
_SCRIPTS = ["مهارات", "\u202eskills\u202c", "\u2066a\u2069", "שלום", "技能", "スキル", "기술", "навыки", "δεξιότητες", "คน",
    "🙂", "👩‍👩‍👧‍👦", "🇪🇺", "e\u0301cole", "\u0301", "\u200b", "a\u200bb", "\ufeff", "ﬁnance", "Ⅷ", "½", "①", "İ", "ß", "ẞ",
    "\u00a0", "ſkills", "Z̸a̸l̸g̸o̸" + "\u0338" * 200]  # fmt: skip
_CONTROL = ["\x00", "\x01\x02", "a\x00b", "\t", "\n", "\r\n", "a\r\nSet-Cookie: x=1", "\x1b[31m", "\x7f", "\x85", "\ud7ff",
    "\ufffe", "\uffff", "\U0010ffff"]  # fmt: skip
_LONG = ["a" * 10_000, "a " * 5_000, '"' * 10_000, "-" * 10_000, "*" * 10_000, "é" * 10_000, "OR " * 3_000, "a* " * 3_000,
    '"a b" ' * 2_000, "-a " * 3_000, "<" * 10_000, "🙂" * 5_000, "\u0301" * 10_000, "x" * 64, "x" * 65, "9" * 500,
    " ".join(f"word{n}" for n in range(2_000))]  # fmt: skip


def _mixed(count: int) -> list[str]:
    """Pieces of all of them thrown together, the same ones every time."""
    chance = random.Random(20180703)
    pieces = [*_OPERATORS, *_MARKUP, *_SQL, *_SCRIPTS, "skills", "brittany", "cyber*", '"market access"']
    return ["".join(chance.choices([*pieces, " "], k=chance.randint(2, 9))) for _ in range(count)]


HOSTILE_QUERIES = [*_OPERATORS, *_MARKUP, *_SQL, *_PATHS, *_SCRIPTS, *_CONTROL, *_LONG, *_mixed(40)]

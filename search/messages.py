"""What is said of a document: sentences of English that can also be said in another language.

A message is the English sentence, and knows the template and the values that it was made of. Nothing here knows
where translations come from. `say` and `say_number` are also how the strings to translate are found.
"""

from __future__ import annotations

import re
from typing import Any, Protocol, Self, TypeAlias

_BLANK = re.compile(r"\{(\w+)\}")  # not str.format: neither a value nor a translation can do more than fill a blank

Value: TypeAlias = "str | int"  # a Message too, which is then said in the same language


class Translations(Protocol):
    """What gives a string in another language, as those of the standard library's gettext do."""

    def gettext(self, message: str, /) -> str:
        """The string in another language, or itself where it is not translated."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The form of the string that fits this number."""
        ...


def _filled(template: str, values: dict[str, Value]) -> str:
    return _BLANK.sub(lambda blank: str(values.get(blank[1], blank[0])), template)


class Message(str):
    """A sentence in English, made of a template with `{named}` blanks and their values. Does not change.

    Where `plural` is given, `number` says which of the two templates is meant; other languages may have more forms.
    """

    __slots__ = ("number", "plural", "template", "values")

    template: str
    plural: str
    number: int
    values: tuple[tuple[str, Value], ...]

    def __new__(
        cls, template: str = "", values: tuple[tuple[str, Value], ...] = (), plural: str = "", number: int = 1
    ) -> Self:
        """Fill in the blanks; one without a value stays as it is written."""
        made = super().__new__(cls, _filled(plural if plural and number != 1 else template, dict(values)))
        for name, part in (("template", template), ("values", values), ("plural", plural), ("number", number)):
            object.__setattr__(made, name, part)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a message does not change: {name}")

    def __getnewargs__(self) -> tuple[Any, ...]:  # to be sent to another process, or copied
        return self.template, self.values, self.plural, self.number

    def __getstate__(self) -> None:
        return None

    def in_words(self, translations: Translations) -> str:
        """The same in another language, or in English where it is not translated."""
        if not self.template:  # the translation of nothing is the head of a catalog
            return ""
        if self.plural:
            template = translations.ngettext(self.template, self.plural, self.number)
        else:
            template = translations.gettext(self.template)
        values = {
            name: value.in_words(translations) if isinstance(value, Message) else value for name, value in self.values
        }
        return _filled(template, values)


NOTHING = Message()


class _English:
    """The language of the source."""

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        return singular if number == 1 else plural


ENGLISH: Translations = _English()


def say(template: str, /, **values: Value) -> Message:
    """A message: `say('"{value}" is named twice', value=…)`."""
    return Message(template, tuple(values.items()))


def say_number(singular: str, plural: str, number: int, /, **values: Value) -> Message:
    """A message about so many things, whose blank `{number}` is filled: `say_number("{number} item", …)`."""
    return Message(singular, (("number", number), *values.items()), plural, number)

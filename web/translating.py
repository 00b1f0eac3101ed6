"""Templates in one language: texts without variables are translated when a template is read, not for every page.

What is left to do for a page is then only what differs between pages.
"""

from __future__ import annotations

from gettext import NullTranslations
from types import CodeType
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

GETTEXT = ("_", "gettext")  # as templates write it, and as Jinja writes what stands in {% trans %}


class TranslatedEnvironment(Environment):
    """A Jinja environment with the catalog of a language."""

    def __init__(self, catalog: NullTranslations, **options: Any) -> None:
        super().__init__(extensions=["jinja2.ext.i18n"], **options)
        self.install_gettext_translations(catalog, newstyle=True)  # type: ignore[attr-defined]
        self._translating = _Translating(catalog)

    def compile(  # type: ignore[override]  # nobody here asks for the source of the program
        self, source: str | nodes.Template, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        """See Environment."""
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        return super().compile(self._translating.visit(tree), name, filename)


class _Translating(NodeTransformer):
    """Puts translations in the place of calls that ask for them."""

    def __init__(self, catalog: NullTranslations) -> None:
        self._catalog = catalog

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja looks for this name
        match node:
            case nodes.Call(
                node=nodes.Name(name=name), args=[nodes.Const(value=text)], kwargs=[], dyn_args=None, dyn_kwargs=None
            ) if name in GETTEXT:
                # As Jinja's own, which reads every text as a format.
                translated = Markup(self._catalog.gettext(text)) % {}  # noqa: S704 - catalogs are part of the program
                return nodes.Const(translated, lineno=node.lineno)
            case _:
                return self.generic_visit(node)

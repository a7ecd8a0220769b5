"""Translations: English msgids in the code, one Translator value per language.

The screen's and the receipt's languages are chosen apart, so nothing here is global.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

LANGUAGES = ("de", "en")
DOMAIN = "till"


def resource(*parts: str) -> Path:
    """A file shipped with the program: from `resources/` in a checkout, from the package in a wheel."""
    package = Path(str(files("till")))
    installed = package / "_resources"
    root = installed if installed.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)


def msg(msgid: str) -> str:
    """Mark a text for translation where no Translator is at hand; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class Word:
    """A marked text that stands inside another sentence as a value, and is translated together with it."""

    msgid: str

    def __str__(self) -> str:
        return self.msgid


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates msgids into one language ("de" or "en"); call it: `t("Pay")`."""

    language: str
    _catalog: gettext.NullTranslations = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_catalog", _catalog(self.language))

    def __call__(self, msgid: str) -> str:
        """The text in this language; an unknown msgid is returned as it is."""
        return self._catalog.gettext(msgid) if msgid else ""

    def plural(self, singular: str, plural: str, count: int) -> str:
        """The form that fits `count`, still with its `{count}` placeholder."""
        return self._catalog.ngettext(singular, plural, count)


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(resource("locale")), [language])

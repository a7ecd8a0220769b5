"""Which tabs a voucher type has, in their order: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from till.app.bootstrap import Till
from till.i18n import msg
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.label_tab import LabelTab
from till.ui.office.vouchers.numbers import NumbersTab
from till.ui.office.vouchers.preload_tab import PreloadTab
from till.ui.office.vouchers.settings_tab import SettingsTab
from till.ui.office.vouchers.tab import TypeTab


@dataclass(frozen=True, slots=True)
class TabEntry:
    """A tab: `key` names it in the program, `title` is its msgid; `build` makes it."""

    key: str
    title: str
    build: Callable[[Look, Till, Message], TypeTab]


TABS: tuple[TabEntry, ...] = (
    TabEntry("numbers", msg("Numbers"), NumbersTab),
    TabEntry("settings", msg("Settings"), SettingsTab),
    TabEntry("preload", msg("Next number"), PreloadTab),
    TabEntry("label", msg("Label"), LabelTab),
)
"""In the order in which they are shown; the first one is shown first."""

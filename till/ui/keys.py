"""Which key does what: one map for the window, the hints on the buttons and the help sheet (U3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from till.i18n import msg


class Action(StrEnum):
    """What a key can do, wherever the focus is."""

    HELP = "help"
    SEARCH = "search"
    CASH = "cash"
    DRAWER = "drawer"
    LAST_RECEIPT = "last-receipt"
    RECEIPTS = "receipts"
    PRICE_CHECK = "price-check"
    VOUCHER_CHECK = "voucher-check"
    CARD = "card"
    VOUCHER = "voucher"
    PAY = "pay"
    UNDO = "undo"
    REMOVE = "remove"
    PARK = "park"
    PARKED = "parked"
    MENU = "menu"
    CASH_IN_OUT = "cash-in-out"
    X_REPORT = "x-report"
    CLOSE_TILL = "close-till"
    LOCK = "lock"
    OFFICE = "office"
    TRAINING = "training"
    FREE_RETURN = "free-return"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key, what it does, and the sentence about it on the help sheet."""

    action: Action
    key: str
    says: str


SHORTCUTS = (
    Shortcut(Action.HELP, "F1", msg("Show this sheet")),
    Shortcut(Action.SEARCH, "F2", msg("Search articles")),
    Shortcut(Action.CASH, "F4", msg("Pay in cash")),
    Shortcut(Action.DRAWER, "F5", msg("Open the cash drawer")),
    Shortcut(Action.LAST_RECEIPT, "F6", msg("Show the last receipt")),
    Shortcut(Action.RECEIPTS, "Shift+F6", msg("Find a receipt")),
    Shortcut(Action.PRICE_CHECK, "F7", msg("Check a price without selling")),
    Shortcut(Action.VOUCHER_CHECK, "Shift+F7", msg("See what is on a voucher without selling")),
    Shortcut(Action.CASH_IN_OUT, "F8", msg("Cash in and out")),
    Shortcut(Action.X_REPORT, "Shift+F8", msg("X report")),
    Shortcut(Action.CLOSE_TILL, "Ctrl+F8", msg("Close the till (Z)")),
    Shortcut(Action.CARD, "F9", msg("Pay by card")),
    Shortcut(Action.VOUCHER, "F10", msg("Redeem a voucher")),
    Shortcut(Action.MENU, "F11", msg("Open the menu")),
    Shortcut(Action.OFFICE, "Ctrl+B", msg("Open the back office, or go back to the till")),
    Shortcut(Action.PAY, "F12", msg("Pay, then complete the sale")),
    Shortcut(Action.UNDO, "Ctrl+Z", msg("Undo the last step")),
    Shortcut(Action.REMOVE, "Del", msg("Remove the selected line")),
    Shortcut(Action.PARK, "Ctrl+P", msg("Park the basket")),
    Shortcut(Action.PARKED, "Ctrl+O", msg("Show the parked baskets")),
    Shortcut(Action.FREE_RETURN, "Ctrl+R", msg("Take goods back without a receipt")),
    Shortcut(Action.LOCK, "Ctrl+L", msg("Lock the till; the basket is kept")),
)
"""The keys that a till has from the start; the shop may change them, PC by PC (`till.ui.key_map`)."""

FIXED_KEYS = (
    (msg("Digits, comma"), msg("Type a number: quantity before a scan or a tile, amount, price")),
    ("%", msg("Use the typed number as a discount")),
    ("↑ ↓", msg("Choose a line")),
    ("Enter", msg("Confirm what is typed; on an article number: add it")),
    ("Esc", msg("Back, or clear what is typed")),
)
"""Keys that are the same in every till; they stand on the help sheet only."""


def key_of(action: Action, shortcuts: tuple[Shortcut, ...] = SHORTCUTS) -> str:
    """The key for an action, as it is written on the button; empty where it has none."""
    return next((shortcut.key for shortcut in shortcuts if shortcut.action is action), "")


def shown_key(key: str) -> str:
    """The key as it is printed on a keyboard of the screen's language: Strg+Z, Entf."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def action_of(event: QKeyEvent, shortcuts: tuple[Shortcut, ...] = SHORTCUTS) -> Action | None:
    """What this key press asks for."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()
    return next((shortcut.action for shortcut in shortcuts if shortcut.key == pressed), None)

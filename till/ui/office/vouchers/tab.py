"""A tab beside the list of voucher types: what it shows belongs to the type that is chosen there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.message import Message
from till.vouchers.model import VoucherType

FORM_WIDTH = 760
"""Wider a form is hard to read."""


class TypeTab(QWidget):
    """What all tabs share; a tab fills itself and answers the questions below where they concern it.

    `message` is the page's own, below the tab's name; a tab that reads much has a `till.ui.work.Work` of its own, as each
    has one work at a time. `stored` with the type as it is stored now, after each change of it; `moved` when vouchers were
    changed, so that the figures are read again. `corner` stands to the right of the tabs' names while this tab is shown.
    """

    stored = Signal(object)
    moved = Signal()

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__()
        self._look, self._till, self.message = look, till, message
        self.corner: QWidget | None = None

    @property
    def takes_new(self) -> bool:
        """Whether it can be used while the type is not stored yet."""
        return False

    @property
    def is_changed(self) -> bool:
        """Whether something typed here is not stored."""
        return False

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """Show a type as it is stored now; called when the tab comes into sight, and whenever the type has changed."""
        del kind, is_new

    def save(self) -> bool:
        """Store what is typed; False when it can't be, which is said here. What is typed stays then."""
        return True

    def discard(self) -> None:
        """Put back what is stored."""

    def on_scan(self, code: str) -> bool:
        """Whether a scan was meant for this tab."""
        del code
        return False

    def tear_down(self) -> None:
        """It is thrown away for good: end what it holds."""

"""A tab beside the list of voucher types: what it shows belongs to the type that is chosen there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from till.app.bootstrap import Till
from till.ui.look import Look
from till.ui.message import Message
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import Field
from till.ui.work import Work
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


class FieldTab(TypeTab):
    """A tab with one field of a type that is stored by itself, with a button to store and one to put back.

    Those that inherit say which field it is, how it shows a type, and how it is stored; `work` looks up what belongs to it.
    """

    def __init__(self, look: Look, till: Till, message: Message, save: Face) -> None:
        super().__init__(look, till, message)
        self._desk = till.voucher_types
        self._kind: VoucherType | None = None
        self.work = Work(self, message)
        self.save_button = Button(look, save, Kind.PRIMARY)
        self.discard_button = Button(look, Face(look.t("Discard changes")), Kind.GHOST)
        self.save_button.clicked.connect(lambda _checked: self.save())
        self.discard_button.clicked.connect(lambda _checked: self.discard())

    @property
    def kept(self) -> Field[str]:
        """The field that is stored."""
        raise NotImplementedError

    @property
    def is_changed(self) -> bool:
        """Whether the field says something else than what is stored."""
        return self._kind is not None and self.kept.is_changed

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """Show a type, unless something is typed for this very type."""
        del is_new
        if self._kind is None or self._kind.id != kind.id or not self.is_changed:
            self._kind = kind
            self._show(kind)

    def _show(self, kind: VoucherType) -> None:
        """Fill the tab with what is stored of this type."""
        raise NotImplementedError

    def _follow(self) -> None:
        """Only what is changed can be stored or put back."""
        self.save_button.setEnabled(self.is_changed)
        self.discard_button.setEnabled(self.is_changed)

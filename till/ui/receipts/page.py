"""The receipts at the counter: find one, look at it as it was printed, print a copy, keep it as PDF (T9)."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import SaleState, Status
from till.documents.model import Document
from till.errors import Refused
from till.i18n import msg
from till.ui.fonts import semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.strips import Strips
from till.ui.message import Message
from till.ui.receipts.paper import ReceiptPaper
from till.ui.receipts.taking_back import TakingBackButtons
from till.ui.sale.vouchers_card import VouchersCard
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.work import Work
from till.vouchers.model import Voucher

if TYPE_CHECKING:
    from till.ui.receipts.results import ReceiptResults

_LIST_WIDTH = 364
NOTHING_FOUND = msg("Nothing was found for “{typed}”. Check it, or look for the day, the amount or an article.")
NO_RECEIPT_YET = msg("No receipt yet.")


class ReceiptPage(QWidget):
    """Finds receipts and shows one of them in full; `left` when the cashier goes back.

    `return_asked` with a receipt's id and whether it is to be cancelled as a whole; `free_return_asked` for goods without one.
    """

    left = Signal()
    return_asked = Signal(object, bool)
    free_return_asked = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        self._look, self._till = look, till
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strips = Strips(look)
        self.message = Message(look)
        self.work = Work(self, self.message)
        self.paper = ReceiptPaper(look, till, self.message)
        self.painter = self.paper.painter
        self.results: ReceiptResults | None = None
        self._finding = QVBoxLayout()
        self._vouchers = QVBoxLayout()
        self._actions: list[Button] = []
        self.taking_back = TakingBackButtons(look, till)
        self.taking_back.asked.connect(self.return_asked)
        self._build()

    @property
    def title(self) -> str:
        """Which receipt is shown."""
        return self.paper.title

    @property
    def paper_width(self) -> int:
        """The width of the paper in logical pixels."""
        return self.paper.paper_width

    @property
    def vouchers_spoken(self) -> str:
        """The vouchers of the receipt that is shown, in words."""
        return "\n".join(card.spoken for card in self.findChildren(VouchersCard))

    def begin(self, document: Document | None = None) -> None:
        """Show the last receipts and this one; without it the latest."""
        self.message.clear()
        self._show_nothing(self._look.t(NO_RECEIPT_YET))
        results = self._furnished()
        results.begin(self.message, keeps=document is not None)
        results.finder.field.line.setFocus()
        if document is not None:
            self.show_document(document)

    def show_document(self, document: Document) -> None:
        """Show the receipt of this document."""
        self._show(document.id, document.number)

    def show_state(self, state: SaleState) -> None:
        """The basket is not shown here."""

    def show_status(self, status: Status) -> None:
        """Show the strips."""
        self.strips.show_status(status)

    def on_scan(self, code: str) -> None:
        """Search for what was scanned: a receipt, a voucher, an article."""
        self._furnished().finder.on_scan(code)

    def act(self, action: Action) -> bool:
        """The last receipt again."""
        if action in {Action.LAST_RECEIPT, Action.RECEIPTS}:
            self.begin()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed goes into the search; Enter looks at once, Escape empties it and then leads back."""
        key, text = event.key(), event.text()
        finder = self._furnished().finder
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            finder.look_now()
        elif key == Qt.Key.Key_Escape and finder.typed:
            finder.begin()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Backspace:
            finder.field.line.backspace()
        elif text and text.isprintable():
            finder.put(text)
        else:
            event.ignore()

    def _furnished(self) -> ReceiptResults:
        """The search with its list, made when it is first needed: nothing of it is loaded at the start."""
        if self.results is None:
            from till.ui.receipts.results import ReceiptResults

            self.results = ReceiptResults(self._look, self._till, self.work)
            self.results.chosen.connect(self._show)
            self.results.nothing.connect(self._tell_nothing)
            self._finding.insertWidget(0, self.results, 1)
        return self.results

    def _tell_nothing(self, typed: str) -> None:
        if typed:
            self._show_nothing("")
            self.message.refuse(Refused(NOTHING_FOUND, typed=typed))

    def _show(self, document_id: uuid.UUID, number: int, mark: str = "") -> None:
        self.message.clear()
        self.paper.show_receipt(document_id, number, mark)
        self._furnished().mark_shown(document_id)
        self.message.attempt(
            lambda: self._till.receipts.vouchers_of(document_id),
            lambda vouchers: self._show_vouchers(document_id, vouchers),
        )
        self.taking_back.show_receipt(document_id)
        for action in self._actions:
            action.setEnabled(True)

    def _show_nothing(self, words: str) -> None:
        self.paper.show_nothing(words)
        self._forget_vouchers()
        self.taking_back.show_receipt(None)
        for action in self._actions:
            action.setEnabled(False)

    def _show_vouchers(self, document_id: uuid.UUID, vouchers: tuple[Voucher, ...]) -> None:
        self._forget_vouchers()
        if vouchers:
            self._vouchers.addWidget(VouchersCard(self._look, self._till, (document_id, vouchers)))

    def _forget_vouchers(self) -> None:
        while (item := self._vouchers.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def save_pdf_to(self, folder: Path) -> None:
        """Save the receipt that is shown into `folder`, and say under which name."""
        self.paper.save_pdf_to(folder)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._built_finding())
        row.addWidget(self.paper, 1)
        row.addLayout(self._built_actions())
        column.addLayout(row, 1)
        column.addWidget(self.message)
        column.addWidget(self.strips)

    def _built_finding(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_LIST_WIDTH)
        self._finding = QVBoxLayout(card)
        self._finding.setContentsMargins(12, 12, 12, 12)
        self._finding.setSpacing(8)
        t = self._look.t
        mark = "." if t.language == "de" else "/"
        keys = (
            PadKey("clear", Face("C", name=t("Clear"))),
            PadKey("back", Face(icon="backspace", name=t("Delete the last key"))),
            PadKey(mark, Face(mark)),
            PadKey("find", Face(t("Find")), Kind.SOFT),
        )
        pad = KeyPad(self._look, keys)
        pad.typed.connect(self._put)
        pad.acted.connect(self._acted)
        self._finding.addWidget(pad)
        return card

    def _put(self, key: str) -> None:
        self._furnished().finder.put(key)

    def _acted(self, key_id: str) -> None:
        finder = self._furnished().finder
        match key_id:
            case "find":
                finder.look_now()
            case "clear":
                finder.begin()
            case "back":
                finder.field.line.backspace()
                finder.put("")
            case _:
                finder.put(key_id)

    def _built_actions(self) -> QVBoxLayout:
        t = self._look.t
        copy = primary_button(self._look, Face(t("Print copy"), "printer")).in_type(semibold(Size.BODY))
        pdf = icon_button(self._look, "download", t("Save as PDF"), kind=Kind.PLAIN)
        back = Button(self._look, Face(t("Back to the sale"), "arrow-left"))
        free = Button(self._look, Face(t("Without a receipt"), "receipt-refund", name=t("Return without a receipt")))
        free.clicked.connect(self.free_return_asked)
        copy.clicked.connect(self.paper.print_copy)
        pdf.clicked.connect(self.paper.save_pdf)
        back.clicked.connect(self.left)
        self._actions = [copy, pdf]
        column = QVBoxLayout()
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(copy.arranged(Arrangement.CENTRED, padding=4).tall(self._look.target_px), 1)
        row.addWidget(pdf.tall(self._look.target_px))
        column.addLayout(row)
        column.addWidget(self.taking_back)
        column.addLayout(self._vouchers, 100)
        column.addStretch(1)
        column.addWidget(free.tall(self._look.target_px))
        column.addWidget(back.tall(self._look.target_px))
        column.addWidget(_spacer(220))
        return column


def _spacer(width: int) -> QWidget:
    spacer = QWidget()
    spacer.setFixedSize(width, 0)
    return spacer

"""The receipts: find one by number, look at it as it was printed, print a copy, keep it as PDF (T9)."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import ReceiptEntry, SaleState, ScanKind, Status
from till.documents.model import Document
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.ui.entry import Entry
from till.ui.fonts import bold, semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.strips import Strips
from till.ui.message import Message
from till.ui.receipts.painter import ReceiptPainter
from till.ui.sale.finished import VouchersCard
from till.ui.theme import Size
from till.ui.widgets.amount_field import FIELD_HEIGHT, AmountField
from till.ui.widgets.button import Arrangement, Button, Face, Kind, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.text import Text
from till.vouchers.model import Voucher

_LIST_WIDTH = 300
_MOST_DIGITS = 10
_PAPER_MARGIN = 12
_PAPER_WIDTH = 420


class ReceiptPage(QWidget):
    """Shows the last receipts and one of them in full; `left` when the cashier goes back."""

    left = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        self._look, self._till = look, till
        self._entry = Entry()
        self._shown: tuple[uuid.UUID, int] | None = None
        self._rows: dict[uuid.UUID, Button] = {}
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strips = Strips(look)
        self.message = Message(look)
        self.number = AmountField(look, look.t("Receipt number"))
        self.number.set_active(True)
        self._list = QVBoxLayout()
        self._paper = QLabel()
        self._picture = QPixmap()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._title = Text("", bold(Size.TITLE))
        self._vouchers = QVBoxLayout()
        self._actions: list[Button] = []
        self.painter = ReceiptPainter(till.receipts)
        self.painter.drawn.connect(self._show_paper)
        self.painter.failed.connect(self._refuse_paper)
        self._build()

    @property
    def title(self) -> str:
        """Which receipt is shown."""
        return self._title.text()

    @property
    def paper_width(self) -> int:
        """The width of the paper in logical pixels."""
        return round(self._paper.pixmap().deviceIndependentSize().width())

    @property
    def vouchers_spoken(self) -> str:
        """The vouchers of the receipt that is shown, in words."""
        return "\n".join(card.spoken for card in self.findChildren(VouchersCard))

    def begin(self, document: Document | None = None) -> None:
        """Show the last receipts and this one; without it the latest."""
        self.message.clear()
        self._set_entry(self._entry.cleared())
        self._show_nothing()
        self.message.insist(self._till.receipts.recent, lambda entries: self._show_found(entries, document))

    def _show_found(self, entries: tuple[ReceiptEntry, ...], document: Document | None) -> None:
        self._show_list(entries)
        if document is not None:
            self._show_document(document)
        elif entries:
            self._show(entries[0].document_id, entries[0].number)

    def show_state(self, state: SaleState) -> None:
        """The basket is not shown here."""

    def show_status(self, status: Status) -> None:
        """Show the strips."""
        self.strips.show_status(status)

    def on_scan(self, code: str) -> None:
        """A receipt's barcode shows it; anything else is for the sale."""
        self.message.attempt(
            lambda: self._till.sale.scan(code),
            lambda result: (
                self._show_document(result.receipt)
                if result.kind is ScanKind.RECEIPT and result.receipt is not None
                else self.left.emit()
            ),
        )

    def act(self, action: Action) -> bool:
        """The last receipt again."""
        if action in {Action.LAST_RECEIPT, Action.RECEIPTS}:
            self.begin()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits are a receipt’s number, Enter finds it."""
        key, text = event.key(), event.text()
        if text.isdigit() and text.isascii():
            self._press(text)
        elif key == Qt.Key.Key_Backspace:
            self._set_entry(self._entry.shortened())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._find()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._fit_paper()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit what depends on the width."""
        super().showEvent(event)
        self._fit_paper()

    def _press(self, key: str) -> None:
        if key != "," and len(self._entry.typed + key) <= _MOST_DIGITS:
            self._set_entry(self._entry.pressed(key))

    def _set_entry(self, entry: Entry) -> None:
        self._entry = entry
        self.number.show_figure(entry.typed or "–", is_typed=bool(entry))

    def _find(self) -> None:
        if not self._entry:
            self.message.refuse(Refused(msg("Type the number of the receipt first.")))
            return
        number = int(self._entry.typed)
        self.message.attempt(lambda: self._till.receipts.find(number), self._found)

    def _found(self, document: Document) -> None:
        self._set_entry(self._entry.cleared())
        self._show_document(document)

    def _show_document(self, document: Document) -> None:
        self._show(document.id, document.number)

    def _show(self, document_id: uuid.UUID, number: int) -> None:
        self._shown = (document_id, number)
        self._title.setText(self._look.t("Receipt {number}").format(number=number))
        for row_id, row in self._rows.items():
            row.setChecked(row_id == document_id)
        self.message.attempt(lambda: self._read(document_id))
        for action in self._actions:
            action.setEnabled(True)

    def _read(self, document_id: uuid.UUID) -> None:
        receipts = self._till.receipts
        self._picture = QPixmap()
        self._paper.clear()
        self.painter.draw(document_id)
        self._paper.setAccessibleDescription(receipts.text(document_id))
        self._show_vouchers(receipts.vouchers_of(document_id))

    def _show_nothing(self) -> None:
        self._title.setText(self._look.t("No receipt yet."))
        for action in self._actions:
            action.setEnabled(False)

    def _refuse_paper(self, document_id: uuid.UUID, error: Exception) -> None:
        if not isinstance(error, (Refused, Unavailable)):
            raise error
        if self._shown is not None and self._shown[0] == document_id:
            self.message.refuse(error)

    def _show_paper(self, document_id: uuid.UUID, png: bytes) -> None:
        if self._shown is None or self._shown[0] != document_id:
            return
        self._picture = QPixmap()
        self._picture.loadFromData(png)
        self._paper.setAccessibleName(self.title)
        self._fit_paper()

    def _fit_paper(self) -> None:
        """The paper as wide as there is room for it, at most its natural size."""
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self._area.viewport().width() - _PAPER_MARGIN
        width = max(_PAPER_WIDTH // 2, min(_PAPER_WIDTH, room))
        scaled = self._picture.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        self._paper.setPixmap(scaled)

    def _show_vouchers(self, vouchers: tuple[Voucher, ...]) -> None:
        while (item := self._vouchers.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if vouchers:
            self._vouchers.addWidget(VouchersCard(self._look, vouchers))

    def _show_list(self, entries: tuple[ReceiptEntry, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._rows = {}
        for entry in entries:
            row = self._row(entry)
            self._rows[entry.document_id] = row
            self._list.addWidget(row)
        self._list.addStretch(1)

    def _row(self, entry: ReceiptEntry) -> Button:
        formats = self._look.formats
        when = f"{entry.number}   {formats.date(entry.ended_at)} {formats.time(entry.ended_at)}"
        total = formats.money(entry.total)
        face = Face(when, trailing=total)
        if entry.is_training:
            word = self._look.t("TRAINING")
            face = Face(when, trailing=word, name=f"{word} {when} {total}")
        row = Button(self._look, face, Kind.GHOST)
        row.arranged(Arrangement.SPREAD, padding=12).in_type(semibold(Size.BODY - 1))
        row.setCheckable(True)
        row.clicked.connect(lambda: self._show(entry.document_id, entry.number))
        return row

    def _print_copy(self) -> None:
        if self._shown is not None:
            document_id, number = self._shown
            said = self._look.t("Receipt {number} is being printed, marked as a copy.").format(number=number)
            self.message.insist(lambda: self._till.receipts.reprint(document_id), lambda _: self.message.tell(said))

    def _save_pdf(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.save_pdf_to(Path(folder))

    def save_pdf_to(self, folder: Path) -> None:
        """Save the receipt that is shown into `folder`, and say under which name."""
        if self._shown is not None:
            document_id, number = self._shown
            path = folder / self._look.t("Receipt-{number}.pdf").format(number=number)
            said = self._look.t("Saved as {path}").format(path=path)
            self.message.attempt(
                lambda: self._till.receipts.save_pdf(document_id, path), lambda _: self.message.tell(said)
            )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._built_list())
        row.addWidget(self._built_paper(), 1)
        row.addLayout(self._built_actions())
        column.addLayout(row, 1)
        column.addWidget(self.message)
        column.addWidget(self.strips)

    def _built_list(self) -> QFrame:
        card = _card()
        card.setFixedWidth(_LIST_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.number)
        column.addWidget(_scrolling(self._list), 1)
        back = PadKey("back", Face(icon="backspace", name=self._look.t("Delete the last key")))
        clear = PadKey("clear", Face("C", name=self._look.t("Clear")))
        find = PadKey("find", Face(self._look.t("Find")), Kind.SOFT)
        pad = KeyPad(self._look, (clear, back, find))
        pad.typed.connect(self._press)
        pad.acted.connect(self._acted)
        column.addWidget(pad)
        return card

    def _acted(self, key_id: str) -> None:
        if key_id == "find":
            self._find()
        else:
            self._set_entry(self._entry.shortened() if key_id == "back" else self._entry.cleared())

    def _built_paper(self) -> QFrame:
        card = _card()
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        inside = QVBoxLayout()
        inside.addWidget(self._paper)
        inside.addStretch(1)
        self._area = _scrolling(inside)
        column.addWidget(self._area, 1)
        return card

    def _built_actions(self) -> QVBoxLayout:
        t = self._look.t
        copy = primary_button(self._look, Face(t("Print copy"), "printer")).in_type(semibold(Size.BODY))
        pdf = Button(self._look, Face(t("Save as PDF"), "download"))
        back = Button(self._look, Face(t("Back to the sale"), "arrow-left"))
        copy.clicked.connect(self._print_copy)
        pdf.clicked.connect(self._save_pdf)
        back.clicked.connect(self.left)
        self._actions = [copy, pdf]
        column = QVBoxLayout()
        column.setSpacing(10)
        for button in (copy, pdf):
            column.addWidget(button.tall(FIELD_HEIGHT))
        column.addLayout(self._vouchers)
        column.addStretch(1)
        column.addWidget(back.tall(FIELD_HEIGHT))
        column.addWidget(_spacer(220))
        return column


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    return card


def _spacer(width: int) -> QWidget:
    spacer = QWidget()
    spacer.setFixedSize(width, 0)
    return spacer


def _scrolling(layout: QVBoxLayout) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("role", "surface")
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    inside.setLayout(layout)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area

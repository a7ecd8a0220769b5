"""One voucher in the office: what it is worth, what can be done to it, and all that happened to it (V41 to V44)."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.vouchers import Sheet, VoucherDesk
from till.money import ZERO, Money
from till.receipts.certificate import CertificateSize
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.file_choice import ask_where_to_save
from till.ui.office.vouchers.deed_form import FACES, Deed, DeedForm
from till.ui.office.vouchers.number_words import OLD, STATES, besides_of, happening_of
from till.ui.office.vouchers.tab import FORM_WIDTH
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.flow import Flow
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text
from till.ui.work import Work
from till.vouchers.history import HistoryLine
from till.vouchers.model import VoucherOrigin, VoucherState
from till.vouchers.standing import refusal_of

MOST_LINES = 200
ON_PAPER = frozenset({VoucherState.ACTIVE, VoucherState.NOT_YET_VALID, VoucherState.PENDING})
"""Only of these there is paper to give away."""
_COLUMNS = 3


class VoucherSheet(QWidget):
    """Shows one voucher. `left` back to the list; `changed` with the voucher's id after something was done to it."""

    left = Signal()
    changed = Signal(object)

    def __init__(self, look: Look, till: Till, work: Work) -> None:
        super().__init__()
        t = look.t
        self._look, self._till, self._work = look, till, work
        self._desk: VoucherDesk = till.vouchers
        self._menu: QMenu | None = None
        self.shown: Sheet | None = None
        self.message = Message(look)
        self.told = Message(look)
        self.back_button = icon_button(look, "arrow-left", t("Back to the list"), key="Esc")
        self.title = ShorteningText("", bold(Size.TITLE))
        self.type_name = ShorteningText("", font(Size.SMALL), "muted")
        self.chip = Chip(look, ChipFace(""), height_px=28)
        self.why = Text("", semibold(Size.BODY - 1), "danger").wrapped()
        self.buttons = {deed: self._button(deed) for deed in Deed}
        self.slip_button = self._plain(Face(t("Print slip"), "printer"))
        self.pdf_button = self._plain(Face(t("Gift certificate"), "download"))
        self.form = DeedForm(look, self._desk, self.message)
        self._figures = QGridLayout()
        self._lines = QVBoxLayout()
        self._actions = QWidget()
        self._build()
        self._connect()

    @property
    def is_changed(self) -> bool:
        """Whether something typed would be lost."""
        return self.form.is_changed

    def open_voucher(self, voucher_id: uuid.UUID, deed: Deed | None = None) -> None:
        """Show a voucher as it stands now, and the form of what is to be done to it where that can be done."""
        self.told.dismiss()
        if not self.told.attempt(lambda: self._desk.sheet(voucher_id), self._show):
            return
        if deed is not None and not self.buttons[deed].isHidden():
            self.form.open_deed(self._sheet, deed)
            self._actions.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @property
    def _sheet(self) -> Sheet:
        assert self.shown is not None  # noqa: S101 - nothing is opened before a voucher is shown
        return self.shown

    def _show(self, sheet: Sheet) -> None:
        self.shown = sheet
        self.form.hide()
        self._show_head(sheet)
        self._show_figures(sheet)
        self._show_history(sheet)
        can = self._possible(sheet)
        for deed, button in self.buttons.items():
            button.setVisible(deed in can)
        for button in (self.slip_button, self.pdf_button):
            button.setVisible(sheet.standing.state in ON_PAPER)
        self._actions.setVisible(bool(can))

    def _possible(self, sheet: Sheet) -> set[Deed]:
        """Nothing is offered where nothing is left (V42)."""
        if sheet.closed is not None:
            return set()
        return {Deed.REDUCE, Deed.RAISE, Deed.REISSUE, Deed.UNBLOCK if sheet.is_blocked else Deed.BLOCK}

    def _show_head(self, sheet: Sheet) -> None:
        look, voucher = self._look, sheet.voucher
        words, tone = STATES[sheet.standing.state]
        self.title.setText(voucher.number)
        old = f" · {look.t(OLD)}" if voucher.origin is VoucherOrigin.OLD else ""
        self.type_name.setText(f"{voucher.type_name}{old}")
        self.chip.set_face(ChipFace(look.t(words), tone=tone))
        refusal = refusal_of(sheet.standing)
        self.why.setText("" if refusal is None else look.formats.sentence(refusal))
        self.why.set_role("muted" if tone == "quiet" else tone)
        self.why.setVisible(refusal is not None)

    def _show_figures(self, sheet: Sheet) -> None:
        _empty(self._figures)
        for place, (words, figure, besides) in enumerate(self._cells(sheet)):
            cell = QFrame()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(ShorteningText(words, semibold(Size.SMALL), "muted"))
            column.addWidget(ShorteningText(figure, bold(Size.TITLE)))
            column.addWidget(Text(besides, font(Size.SMALL), "muted").wrapped())
            column.addStretch(1)
            cell.setAccessibleName(f"{words} {figure} {besides}".strip())
            self._figures.addWidget(cell, *divmod(place, _COLUMNS))

    def _cells(self, sheet: Sheet) -> list[tuple[str, str, str]]:
        """Label, figure and what belongs below it."""
        t, formats, now = self._look.t, self._look.formats, sheet.standing
        voucher = now.voucher
        parts = t("paid {paid} · bonus {bonus}")

        def split(paid: Money, bonus: Money) -> str:
            return parts.format(paid=formats.amount(paid), bonus=formats.amount(bonus)) if bonus else ""

        added = t("and {amount} added").format(amount=formats.amount(now.added)) if now.added else ""
        return [
            (t("Bought for"), formats.money(voucher.sale), formats.date(voucher.issued_at)),
            (t("Worth"), formats.money(voucher.face), added),
            (t("Redeemed"), formats.money(sheet.redeemed), ""),
            (t("Remaining"), formats.money(now.remaining), split(now.paid_left, now.bonus_left)),
            (t("Valid from"), formats.date(voucher.valid_from), ""),
            (t("Valid until"), formats.date(voucher.valid_until), ""),
            *([(t("Text"), voucher.text, "")] if voucher.text else []),
        ]

    def _show_history(self, sheet: Sheet) -> None:
        _empty(self._lines)
        for line in reversed(sheet.history[-MOST_LINES:]):
            self._lines.addWidget(self._line(line))

    def _line(self, line: HistoryLine) -> QFrame:
        look, formats = self._look, self._look.formats
        frame = QFrame()
        frame.setProperty("role", "row")
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(2)
        right.setSpacing(2)
        left.addWidget(Text(happening_of(look, line), semibold(Size.BODY - 1)).wrapped())
        left.addWidget(Text(besides_of(look, line), font(Size.SMALL), "muted").wrapped())
        if line.reason:
            left.addWidget(
                Text(f"„{line.reason}“" if look.t.language == "de" else f"“{line.reason}”", font(Size.SMALL)).wrapped()
            )
        if line.amount:
            sign = "+" if line.amount > ZERO else ""
            rest = look.t("left: {amount}").format(amount=formats.amount(line.rest))
            right.addWidget(Text(f"{sign}{formats.amount(line.amount)}", bold(Size.BODY - 1)).right())
            right.addWidget(Text(rest, font(Size.SMALL), "muted").right())
        right.addStretch(1)
        row = QHBoxLayout(frame)
        row.setContentsMargins(4, 8, 4, 8)
        row.setSpacing(12)
        row.addLayout(left, 1)
        if line.other_id is not None:
            row.addWidget(self._link(line))
        row.addLayout(right)
        return frame

    def _link(self, line: HistoryLine) -> Button:
        """To the voucher that this one became or came from."""
        name = self._look.t("Show {number}").format(number=line.other)
        link = icon_button(self._look, "arrow-right", name)
        link.clicked.connect(lambda _checked, other=line.other_id: self.open_voucher(other))
        return link

    def _button(self, deed: Deed) -> Button:
        face = FACES[deed]
        return self._plain(Face(self._look.t(face.name), face.icon))

    def _plain(self, face: Face) -> Button:
        button = Button(self._look, face, Kind.PLAIN)
        button.arranged(Arrangement.CENTRED, padding=12).in_type(semibold(Size.BODY - 1))
        return button

    def _print_slip(self) -> None:
        """Once more, marked as a copy."""
        voucher_id, said = self._sheet.voucher.id, self._look.t("The slip is printed once more.")
        self.told.attempt(lambda: self._till.certificates.reprint_slip(voucher_id), lambda _none: self.told.tell(said))

    def _ask_size(self) -> None:
        menu = QMenu(self)
        for size in CertificateSize:
            action = QAction(f"PDF {size.value}", menu)
            action.triggered.connect(lambda _checked, size=size: self._ask_where(size))
            menu.addAction(action)
        menu.popup(self.pdf_button.mapToGlobal(QPoint(0, self.pdf_button.height())))
        self._menu = menu

    def _ask_where(self, size: CertificateSize) -> None:
        word = self._look.t("Voucher")
        name = f"{word} {file_name(self._sheet.voucher.number)}.pdf"
        ask_where_to_save(self, self._look, name, lambda path: self.save_certificate(size, path))

    def save_certificate(self, size: CertificateSize, path: Path) -> None:
        """Write the gift certificate of the shown voucher, beside the window's thread."""
        voucher_id, desk = self._sheet.voucher.id, self._till.certificates
        said = self._look.t("Saved as {path}").format(path=path)
        self._work.begin(
            lambda _watch: desk.save_one(voucher_id, size, path),
            lambda _none: self.told.tell(said),
        )

    def _ask(self, deed: Deed) -> None:
        self.told.dismiss()
        self._actions.hide()
        self.form.open_deed(self._sheet, deed)

    def _bring_into_sight(self) -> None:
        """Once the form has its height, its button is not below the edge."""
        QTimer.singleShot(0, self.form, self._scroll_to_form)

    def _scroll_to_form(self) -> None:
        if not self.form.isHidden():
            self._area.ensureWidgetVisible(self.form, 0, 8)

    def _gave_up(self) -> None:
        self._actions.setVisible(bool(self._possible(self._sheet)))

    def _done(self, words: str) -> None:
        """Show how it stands now; the list and the page's figures follow."""
        voucher_id = self._sheet.voucher.id
        self.told.attempt(lambda: self._desk.sheet(voucher_id), self._show)
        self.told.tell(words)
        self.changed.emit(voucher_id)

    def _connect(self) -> None:
        self.back_button.clicked.connect(lambda _checked: self.left.emit())
        for deed, button in self.buttons.items():
            button.clicked.connect(lambda _checked, deed=deed: self._ask(deed))
        self.slip_button.clicked.connect(lambda _checked: self._print_slip())
        self.pdf_button.clicked.connect(lambda _checked: self._ask_size())
        self.form.grown.connect(self._bring_into_sight)
        self._area.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._scroll_to_form())
        self.form.done.connect(self._done)
        self.form.left.connect(self._gave_up)

    def _build(self) -> None:
        t = self._look.t
        actions = Flow(self._actions)
        for button in (*self.buttons.values(), self.slip_button, self.pdf_button):
            actions.addWidget(button)
        self._figures.setSpacing(12)
        for place in range(_COLUMNS):
            self._figures.setColumnStretch(place, 1)
        self._lines.setSpacing(0)
        inside = QWidget()
        inside.setProperty("role", "surface")
        body = QVBoxLayout(inside)
        body.setContentsMargins(16, 4, 16, 12)
        body.setSpacing(12)
        body.addWidget(self.why)
        body.addLayout(self._figures)
        body.addWidget(self.told)
        body.addWidget(self._actions)
        self.form.setMaximumWidth(FORM_WIDTH)
        body.addWidget(self.form)
        body.addWidget(Text(t("History"), bold(Size.BODY)))
        body.addLayout(self._lines)
        body.addStretch(1)
        self._area = scroll_area(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head())
        column.addWidget(self._area, 1)

    def _head(self) -> QHBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.type_name)
        head = QHBoxLayout()
        head.setContentsMargins(4, 4, 16, 0)
        head.setSpacing(8)
        head.addWidget(self.back_button)
        head.addLayout(names, 1)
        head.addWidget(self.chip)
        return head


def file_name(number: str) -> str:
    """The number without what no file name may have."""
    return "".join(letter if letter.isalnum() or letter in " -" else "_" for letter in number)


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

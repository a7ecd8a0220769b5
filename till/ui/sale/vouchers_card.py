"""The vouchers of a receipt, big enough to read out, with their gift certificates and slips (V24, V25, V27)."""

from __future__ import annotations

import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text
from till.ui.work import Work
from till.vouchers.model import Voucher, VoucherOrigin

if TYPE_CHECKING:
    from till.receipts.certificate import CertificateSize

_LEAST_LIST = 120
_GROUP = 4
_LONG = 14
_BREAK = "\u200b"


class VouchersCard(QFrame):
    """Lists the vouchers that a receipt sold, however many; a tap on it leads nowhere, so that it can be read in peace."""

    def __init__(self, look: Look, till: Till, sold: tuple[uuid.UUID, tuple[Voucher, ...]]) -> None:
        super().__init__()
        self._look, self._till = look, till
        self._document_id, self._vouchers = sold
        self.setProperty("role", "card")
        self.message = Message(look)
        self.work = Work(self, self.message)
        self.slip_button = Button(look, Face(look.t("Print slips again"), "printer"))
        self.size_buttons: tuple[Button, ...] = ()
        self._build()

    @property
    def spoken(self) -> str:
        """All that stands here, for a screen reader."""
        return "\n".join(label.text().replace(_BREAK, "") for label in self.findChildren(Text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Reading and scrolling is no tap that goes on."""
        event.accept()

    def save_to(self, folder: Path, size: CertificateSize) -> None:
        """Write the gift certificates into `folder`, say under which name, and offer to open them for printing."""
        t, count = self._look.t, len(self._vouchers)
        name = t("Gift certificate {number}") if count == 1 else t("Gift certificates {number} and more")
        number = "".join(c if c.isalnum() or c == "-" else "_" for c in self._vouchers[0].number)
        path = folder / f"{name.format(number=number)} {size.value}.pdf"
        desk, document_id = self._till.certificates, self._document_id
        self.message.tell(t("The gift certificate is being written …"))
        self.work.begin(lambda _: desk.save(document_id, size, path), self._tell_saved)

    def _tell_saved(self, path: Path) -> None:
        self.message.tell(self._look.t("Saved as {path}").format(path=path))
        self.message.offer(Face(self._look.t("Open and print"), "external-link"), partial(self._open, path))

    def _open(self, path: Path) -> None:
        """The system's own viewer shows and prints it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.message.tell(self._look.t("No program for PDF was found here. The file is {path}").format(path=path))

    def _save(self, size: CertificateSize) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.save_to(Path(documents), size)

    def _print_slips(self) -> None:
        t, desk = self._look.t, self._till.certificates
        said = t.plural(
            "{count} slip is being printed, marked as a copy.",
            "{count} slips are being printed, marked as copies.",
            len(self._vouchers),
        )
        self.message.insist(
            lambda: desk.reprint_slips(self._document_id),
            lambda count: self.message.tell(said.format(count=count)),
        )

    def _build(self) -> None:
        t, count = self._look.t, len(self._vouchers)
        title = t.plural("{count} voucher sold", "{count} vouchers sold", count)
        if self._vouchers[0].origin is VoucherOrigin.REFUND:
            title = t.plural("{count} voucher instead of money", "{count} vouchers instead of money", count)
        inside = QWidget()
        inside.setProperty("role", "surface")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for voucher in self._vouchers:
            rows.addWidget(self._row(voucher))
        rows.addStretch(1)
        area = scroll_area(inside)
        area.setMinimumHeight(_LEAST_LIST)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the arrow keys scroll it
        area.setAccessibleName(title.format(count=count))
        area.setStyleSheet(
            f"QScrollArea:focus {{ border: 2px solid {self._look.palette.accent}; border-radius: 8px; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 16, 14, 14)
        column.setSpacing(10)
        column.addWidget(Text(title.format(count=count), semibold(Size.TITLE), "muted"))
        column.addWidget(area, 1)
        column.addWidget(self.message)
        column.addWidget(Text(t("Gift certificate as PDF"), semibold(Size.SMALL), "muted"))
        column.addLayout(self._sizes())
        self.slip_button.arranged(Arrangement.CENTRED, padding=8)
        self.slip_button.clicked.connect(self._print_slips)
        column.addWidget(self.slip_button)

    def _sizes(self) -> QHBoxLayout:
        from till.receipts.certificate import CertificateSize

        row = QHBoxLayout()
        row.setSpacing(8)
        made = []
        for size in CertificateSize:
            name = self._look.t("Gift certificate as PDF, {size}").format(size=size.value)
            button = Button(self._look, Face(size.value, "file-export", name=name))
            button.arranged(Arrangement.CENTRED, padding=8)
            button.clicked.connect(partial(self._save, size))
            row.addWidget(button, 1)
            made.append(button)
        self.size_buttons = tuple(made)
        return row

    def _row(self, voucher: Voucher) -> QFrame:
        formats, t = self._look.formats, self._look.t
        until = t("valid until {date}").format(date=formats.date(voucher.valid_until))
        box = QFrame()
        box.setProperty("role", "inset")
        box.setAccessibleName(f"{voucher.type_name} {voucher.number}, {formats.money(voucher.face)}, {until}")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(1)
        column.addWidget(ShorteningText(voucher.type_name, semibold(Size.BODY)))
        column.addWidget(Text(_breaking(voucher.number), bold(Size.FIELD)).wrapped())
        column.addWidget(Text(formats.money(voucher.face), bold(Size.FIELD), "accent"))
        column.addWidget(Text(until, font(Size.BODY), "muted"))
        return box


def _breaking(number: str) -> str:
    """A long number that may go on in the next line after each group of signs: nothing of it is cut off."""
    if len(number) <= _LONG:
        return number
    return _BREAK.join(number[start : start + _GROUP] for start in range(0, len(number), _GROUP))

"""The end of the first start: the test receipt, on paper or on the screen, what is still missing, and the till."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.app import printer_trial
from till.app.first_start import Draft, Step, details_of, settled
from till.app.printer_trial import Tried
from till.app.watch import Watch
from till.app.workplace import NULL_PRINTER
from till.formats import Formats
from till.i18n import Translator
from till.receipts.document import Receipt
from till.ui.first_start.asking import Asking
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message, Tone
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.strip import Notice, Strip
from till.ui.widgets.text import Text
from till.ui.work import Work

_PAPER_WIDTH = 300


class DonePage(QWidget):
    """`opened` when the till shall be opened. The paper is drawn and printed beside the window's thread."""

    opened = Signal()

    def __init__(self, look: Look, asking: Asking) -> None:
        super().__init__()
        self._look, self._asking = look, asking
        self._draft = settled(asking.draft)
        self.message = Message(look)
        self.drawing = Work(self, self.message)
        self.printing = Work(self, self.message)
        self.paper = QLabel()
        self.paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.paper.setAccessibleName(look.t("Test receipt"))
        self.open_button = primary_button(look, Face(look.t("Open the till"), "cash-register"))
        self.again_button = Button(look, Face(look.t("Print a test receipt"), "printer"))
        self.open_button.arranged(Arrangement.CENTRED).tall(PAY_HEIGHT).clicked.connect(self.opened)
        self.again_button.clicked.connect(self._print)
        self._build()

    @property
    def has_printer(self) -> bool:
        """Whether there is paper to come out."""
        return self._draft.printer != NULL_PRINTER

    def begin(self) -> None:
        """Draw the test receipt, and print it where there is a printer."""
        self.drawing.begin(partial(_draw, self._maker(), self._draft.printer_profile), self._show_paper)
        self.open_button.setFocus()
        if self.has_printer:
            self._print()

    def tear_down(self) -> None:
        """The window is closed: what is under way shall end."""
        self.drawing.cancel()
        self.printing.cancel()

    def show_tried(self, tried: Tried) -> None:
        """Say how the print went."""
        t = self._look.t
        words = (
            t("The test receipt is printed.")
            if tried.is_confirmed
            else t("The test receipt was sent, but this printer does not confirm. Look whether it came out.")
        )
        self.message.tell(words, Tone.CALM if tried.is_confirmed else Tone.WARN)

    def _print(self) -> None:
        self.message.tell(self._look.t("Printing a test receipt …"))
        draft = self._draft
        self.printing.begin(partial(_print, draft.printer, draft.printer_profile, self._maker()), self.show_tried)

    def _maker(self) -> partial[Receipt]:
        return partial(_paper, self._draft, self._asking.clock.now())

    def _show_paper(self, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png)
        ratio = self.devicePixelRatioF()
        scaled = picture.scaledToWidth(round(_PAPER_WIDTH * ratio), Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        self.paper.setPixmap(scaled)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._words(), 1)
        row.addWidget(self._paper_card())

    def _words(self) -> QFrame:
        t = self._look.t
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 22, 28, 28)
        inside.setSpacing(12)
        inside.addWidget(Text(t("Your shop is set up"), bold(Size.FIELD)))
        inside.addWidget(Text(self._summary(), font(Size.BODY), "muted").wrapped())
        inside.addWidget(self.message)
        for notice in self._notices():
            inside.addWidget(Strip(self._look, notice, is_narrow=False))
        inside.addStretch(1)
        self.again_button.setVisible(self.has_printer)
        inside.addWidget(self.again_button)
        inside.addWidget(self.open_button)
        return card

    def _summary(self) -> str:
        t = self._look.t
        if self.has_printer:
            return t(
                "The test receipt stands in no books. Compare the paper with this picture: letters, width, QR code."
            )
        return t("There is no printer: receipts look like this one on the screen, and can be kept as PDF.")

    def _notices(self) -> list[Notice]:
        t = self._look.t
        notices = []
        if not self._draft.has_address:
            notices.append(
                Notice(
                    t("Name and address are still missing. The till asks for them at its next start."), "alert-triangle"
                )
            )
        if self._asking.draft.has_skipped(Step.PERSON) or not self._asking.pin:
            notices.append(Notice(t("Nobody has a PIN: whoever stands at the till may use it."), "lock", "calm"))
        words = t(
            "Before the first real sale a certified TSE must sign (§ 146a AO). Until then receipts say that they are a test."
        )
        return [*notices, Notice(words, "shield-check")]

    def _paper_card(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFixedWidth(_PAPER_WIDTH + 24)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.paper)
        return area


def _paper(draft: Draft, at: dt.datetime, model: str) -> Receipt:
    return printer_trial.paper(details_of(draft, at.date()), model, Formats(Translator(draft.language)), at)


def _draw(maker: partial[Receipt], model: str, _watch: Watch) -> bytes:
    from till.receipts.image import to_png

    return to_png(maker(model))


def _print(address: str, model: str, maker: partial[Receipt], watch: Watch) -> Tried:
    return printer_trial.try_printer(address, model, maker, watch.is_cancelled)

"""The window of the first start: the five steps on the left, one of them on the right, on and back below (U11)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from till.app.first_start import STEPS, Step
from till.formats import Formats
from till.i18n import Translator, msg
from till.settings import Settings
from till.ui.first_start.asking import Asking
from till.ui.first_start.done_page import DonePage
from till.ui.first_start.goods_page import GoodsPage
from till.ui.first_start.page import CARD_WIDTH, StepPage
from till.ui.first_start.person_page import PersonPage
from till.ui.first_start.printer_page import PrinterPage
from till.ui.first_start.rail import Rail
from till.ui.first_start.shop_page import ShopPage
from till.ui.first_start.vat_page import VatPage
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.style import dress
from till.ui.theme import PAY_HEIGHT, Palette, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, primary_button
from till.ui.widgets.keys import ENTER
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text
from till.ui.work import Work

LEAST_SIZE = (1000, 700)
_PAGES: dict[Step, Callable[[Look, Asking], StepPage]] = {
    Step.SHOP: ShopPage,
    Step.VAT: VatPage,
    Step.PRINTER: PrinterPage,
    Step.PERSON: PersonPage,
    Step.GOODS: GoodsPage,
}
STEP_NAMES = {
    Step.SHOP: msg("Your shop"),
    Step.VAT: msg("Value added tax"),
    Step.PRINTER: msg("Receipt printer"),
    Step.PERSON: msg("You"),
    Step.GOODS: msg("Articles"),
}


class FirstStartWindow(QWidget):
    """Asks, founds, and ends with `finished`; `given_up` when it is closed before. What was typed stays in the data folder."""

    finished = Signal()
    given_up = Signal()

    def __init__(self, asking: Asking, palette: Palette, density: int = 48) -> None:
        super().__init__()
        self.asking = asking
        self._palette, self._density = palette, density
        self.founded: Settings | None = None
        self.done: DonePage | None = None
        self.pages: dict[Step, StepPage] = {}
        self._frame: QWidget | None = None
        asking.trouble = self._say_trouble
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(1024, 768)
        self._build()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is asked: all of it, or only the shop's details where they were skipped before."""
        return (Step.SHOP,) if self.asking.is_completing else STEPS

    @property
    def page(self) -> StepPage:
        """The step that is shown."""
        return self.pages[self.steps[self._place]]

    def go_on(self) -> None:
        """To the next step if this one is right; after the last one the shop is founded."""
        if self.page.is_right():
            self._leave(is_skipped=False)

    def skip(self) -> None:
        """To the next step without an answer; what was typed is kept, and does not count."""
        if self.asking.is_completing:
            self.finished.emit()
        else:
            self._leave(is_skipped=True)

    def go_back(self) -> None:
        """To the step before."""
        if self._place > 0:
            self.show_step(self._place - 1)

    def show_step(self, place: int) -> None:
        """Show a step by its place, counted from 0."""
        self.asking.note(page=place)
        self._show()

    def speak(self, language: str) -> None:
        """Go on in another language; nothing typed is lost. Once the shop is being founded it has its language."""
        if self.founded is not None or self.work.is_busy:
            return
        self.asking.note(language=language)
        self._build()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Escape back."""
        if self.founded is None and not self.work.is_busy and event.key() in ENTER:
            self.go_on()
        elif self.founded is None and not self.work.is_busy and event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing before the end gives up for now; after it, the till opens."""
        self._end_pages()
        event.accept()
        (self.given_up if self.founded is None else self.finished).emit()

    @property
    def _place(self) -> int:
        return min(max(self.asking.draft.page, 0), len(self.steps) - 1)

    def _leave(self, *, is_skipped: bool) -> None:
        self.asking.skip(self.page.step, is_skipped=is_skipped)
        if self._place + 1 < len(self.steps):
            self.show_step(self._place + 1)
        else:
            self._found()

    def _found(self) -> None:
        self.message.clear()
        self._set_busy(True)
        self.work.begin(self.asking.founding(), self._show_done)

    def _show_done(self, settings: Settings) -> None:
        self.founded = settings
        if self.asking.is_completing:
            self.finished.emit()
            return
        self.rail.show_place(len(self.steps))
        self.rail.keep_language()
        self._footer.hide()
        self._under.hide()
        self.done = DonePage(self._look, self.asking)
        self.done.opened.connect(self.finished)
        self._stack.addWidget(self.done)
        self._stack.setCurrentWidget(self.done)
        self.done.begin()

    def _show(self) -> None:
        page = self.page
        self._area(page)
        self.rail.show_place(self._place)
        is_last = self._place + 1 == len(self.steps)
        self.back_button.setEnabled(self._place > 0)
        self.next_button.set_face(Face(self._next_words(is_last=is_last), "check" if is_last else "arrow-right"))
        question = self._look.t("Later?") if self.asking.is_completing else self._look.t("Skip?")
        self._skipped.setText(f"{question} {page.skipped_words}")
        page.begin()

    def _next_words(self, *, is_last: bool) -> str:
        t = self._look.t
        if self.asking.is_completing:
            return t("Save and open the till")
        return t("Set up the shop") if is_last else t("Continue")

    def _area(self, page: StepPage) -> None:
        area = self._areas[page.step]
        area.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(area)

    def _set_busy(self, is_busy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        for button in (self.back_button, self.skip_button, self.next_button):
            button.setEnabled(not is_busy)
        if is_busy:
            self.next_button.set_face(Face(self._look.t("Setting up …")))

    def _say_trouble(self, error: Exception) -> None:
        self.message.show_refusal(error)

    def _end_pages(self) -> None:
        for page in self.pages.values():
            page.tear_down()
        if self.done is not None:
            self.done.tear_down()

    def _build(self) -> None:
        language = self.asking.draft.language
        self._look = Look(self._palette, Formats(Translator(language)), self._density)
        dress(self._palette)
        self.setWindowTitle(self._look.t("Set up the till"))
        self._end_pages()
        if self._frame is not None:
            self._outer.removeWidget(self._frame)
            self._frame.deleteLater()
        self._frame = QWidget()
        self._outer.addWidget(self._frame)
        names = tuple(self._look.t(STEP_NAMES[step]) for step in self.steps)
        self.rail = Rail(self._look, names, str(self.asking.settings.data_dir))
        self.rail.language_chosen.connect(self.speak)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addStretch(1)
        row.addWidget(self._right(), 20)
        row.addStretch(1)
        self._show()

    def _right(self) -> QWidget:
        self.message = Message(self._look)
        self.work = Work(self._frame or self, self.message)
        self.work.ended.connect(self._end_work)
        self.pages = {step: _PAGES[step](self._look, self.asking) for step in self.steps}
        for page in self.pages.values():
            page.lead_through()
            page.answered.connect(self.go_on)
        self._stack = QStackedWidget()
        self._areas = {step: _scrolling(page) for step, page in self.pages.items()}
        for area in self._areas.values():
            self._stack.addWidget(area)
        right = QWidget()
        right.setMaximumWidth(CARD_WIDTH + 48)
        column = QVBoxLayout(right)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.message)
        column.addWidget(self._stack, 1)
        self._build_footer(column)
        return right

    def _end_work(self) -> None:
        self._set_busy(False)
        self._show()

    def _build_footer(self, column: QVBoxLayout) -> None:
        t, look = self._look.t, self._look
        self.back_button = Button(look, Face(t("Back"), "arrow-left")).tall(PAY_HEIGHT)
        self.back_button.clicked.connect(self.go_back)
        skip = t("Later") if self.asking.is_completing else t("Skip")
        self.skip_button = Button(look, Face(skip), Kind.GHOST).tall(PAY_HEIGHT)
        self.skip_button.clicked.connect(self.skip)
        self.next_button = primary_button(look, Face(t("Continue"), "arrow-right"))
        self.next_button.arranged(Arrangement.CENTRED).tall(PAY_HEIGHT).clicked.connect(self.go_on)
        self.next_button.setMinimumWidth(240)
        self._skipped = Text("", font(Size.SMALL), "muted").wrapped()
        self._under = QFrame()
        under = QHBoxLayout(self._under)
        under.setContentsMargins(0, 0, 0, 0)
        under.addWidget(self._skipped)
        self._footer = QFrame()
        row = QHBoxLayout(self._footer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.skip_button)
        row.addWidget(self.next_button)
        column.addWidget(self._under)
        column.addWidget(self._footer)


def _scrolling(page: StepPage) -> QScrollArea:
    area = scroll_area(page)
    area.viewport().setAutoFillBackground(False)
    return area

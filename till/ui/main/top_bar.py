"""The bar on top: menu, shop, search, the state of printer and TSE, the time, and who is at the till."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from till.app.bootstrap import Till
from till.app.views import PrinterState, Status
from till.clock import Clock
from till.i18n import msg
from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.text import ShorteningText, Text, lay_out_now

HEIGHT = 56
_ROOMY = 1200
_PRINTER = {
    PrinterState.READY: (msg("Printer ready"), "printer", ""),
    PrinterState.PAPER_LOW: (msg("Paper running out"), "printer", "warn"),
    PrinterState.PAPER_OUT: (msg("Out of paper"), "printer-off", "danger"),
    PrinterState.COVER_OPEN: (msg("Cover open"), "printer-off", "danger"),
    PrinterState.OFFLINE: (msg("Printer offline"), "printer-off", "danger"),
    PrinterState.NONE: (msg("No printer"), "printer-off", ""),
}


class TopBar(QFrame):
    """`menu_asked`, `cashier_asked`; `searched` with the text as it is typed; `hit_taken` on Enter; `moved` by arrow keys."""

    menu_asked = Signal()
    cashier_asked = Signal()
    searched = Signal(str)
    hit_taken = Signal()
    moved = Signal(int, int)

    def __init__(self, look: Look, till: Till, clock: Clock) -> None:
        super().__init__()
        self._look, self._till, self._clock = look, till, clock
        self._is_roomy = True
        self._printer: PrinterState | None = None
        self.setProperty("role", "bar")
        self.setFixedHeight(max(HEIGHT, look.target_px + 8))
        self.search = SearchLine(look)
        self._shop = ShorteningText(till.shop_name, bold(Size.TITLE))
        self._chips = {name: Chip(look, ChipFace("", "printer")) for name in ("training", "printer", "tse")}
        self._time = Text("", font(Size.BODY), "muted")
        self._cashier = Chip(look, ChipFace(till.cashier_short, tone="calm"), height_px=36)
        self.cashier_button = Button(look, Face(), Kind.SOFT).arranged(Arrangement.CENTRED, padding=14)
        self._build()
        self._connect()
        self.show_cashier()
        self._tick()

    @property
    def chips(self) -> dict[str, Chip]:
        """The chips by name: training, which only stands there while it is on, printer, tse."""
        return self._chips

    def show_status(self, status: Status) -> None:
        """Show how printer and TSE are."""
        t = self._look.t
        self._set_chip("training", ChipFace(t("TRAINING"), "school", "danger"))
        self._chips["training"].setVisible(status.training)
        words, icon, tone = _PRINTER[status.printer]
        self._set_chip("printer", ChipFace(t(words), icon, tone))
        if not status.tse_ready:
            self._set_chip("tse", ChipFace(t("TSE failed"), "shield-x", "danger"))
        elif status.tse_is_test:
            self._set_chip("tse", ChipFace(t("TEST-TSE"), "shield-check", "warn"))
        else:
            self._set_chip("tse", ChipFace(t("TSE ready"), "shield-check", ""))

    def show_cashier(self) -> None:
        """Show who is at the till: behind the button are the others; who works alone has none."""
        name, short = self._till.cashier_name, self._till.cashier_short
        told = self._look.t("Cashier {name}").format(name=name)
        self._cashier.set_face(ChipFace(short, tone="calm"))
        self._cashier.setAccessibleName(told)
        self._cashier.setToolTip(name)
        self.cashier_button.set_face(Face(short, "user", name=told))
        self._cashier.setVisible(self._till.staff.works_alone)
        self.cashier_button.setVisible(not self._till.staff.works_alone)

    def empty_search(self) -> None:
        """Forget what was searched."""
        if self.search.line.text():
            self.search.line.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._is_roomy = event.size().width() >= _ROOMY
        self._shop.setVisible(self._is_roomy)
        for chip in self._chips.values():
            chip.set_shows_words(self._is_roomy or chip.face.tone != "")
        self.search.set_roomy(self._is_roomy)
        self._tick()
        lay_out_now(self)

    def _set_chip(self, name: str, face: ChipFace) -> None:
        chip = self._chips[name]
        chip.set_face(face)
        chip.set_shows_words(self._is_roomy or face.tone != "")

    def _tick(self) -> None:
        now = self._clock.now()
        formats = self._look.formats
        self._time.setText(formats.weekday_time(now) if self._is_roomy else formats.time(now))
        self._minute.start((60 - now.second) * 1000 + 50)

    def _connect(self) -> None:
        self.search.line.textChanged.connect(self.searched)
        self.search.line.returnPressed.connect(self.hit_taken)
        self.search.line.moved.connect(self.moved)

    def _build(self) -> None:
        self._minute = QTimer(self, singleShot=True)
        self._minute.timeout.connect(self._tick)
        menu = icon_button(self._look, "menu-2", self._look.t("Menu"), key=self._look.key_of(Action.MENU))
        menu.clicked.connect(self.menu_asked)
        self._shop.setMaximumWidth(260)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 16, 4)
        row.setSpacing(12)
        row.addWidget(menu)
        row.addWidget(self._shop, 3)
        row.addWidget(self.search, 5)
        row.addStretch(2)
        self.cashier_button.clicked.connect(self.cashier_asked)
        for widget in (*self._chips.values(), self._time, self._cashier, self.cashier_button):
            row.addWidget(widget)


class SearchLine(QFrame):
    """The search field with its key."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "search")
        self.setFixedHeight(look.target_px)
        self.setMaximumWidth(420)
        self.line = _SearchEdit()
        self.line.setFont(font(Size.BODY))
        self.line.setMaxLength(80)
        self.line.setAccessibleName(look.t("Search articles"))
        self.line.focused.connect(lambda has: set_active(self, is_active=has))
        mark = QLabel()
        mark.setPixmap(icons.pixmap("search", look.palette.muted, 20, self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(mark)
        row.addWidget(self.line, 1)
        if key := look.key_of(Action.SEARCH):
            row.addWidget(Chip(look, ChipFace(key), height_px=26))

    def set_roomy(self, is_roomy: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """Say more where there is room."""
        t = self._look.t
        self.line.setPlaceholderText(t("Article, number, voucher …") if is_roomy else t("Search or scan …"))


class _SearchEdit(TellingLine):
    """Leaves Escape and F-keys to the window; the arrow keys walk over the hits."""

    moved = Signal(int, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk over the hits."""
        steps = {Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Up: (0, -1)}
        if event.key() in steps:
            self.moved.emit(*steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

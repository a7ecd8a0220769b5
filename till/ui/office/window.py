"""The back office's window: tasks on the left, one page on the right. The counter's window goes on beside it (T20, U8)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import Status
from till.errors import Refused, Unavailable
from till.staff.permission import Need
from till.ui.fonts import bold, font, semibold
from till.ui.keys import Action, action_of, shown_key
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.page import OfficePage
from till.ui.office.pages import PAGES, Group, PageEntry
from till.ui.staff.gate import Gate
from till.ui.staff.panel import Panel
from till.ui.theme import Size
from till.ui.training import IN_THE_OFFICE, TrainingFrame
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text

LEAST_SIZE = (1024, 700)
_NAVIGATION_WIDTH = 228


class OfficeWindow(QMainWindow):
    """Shows one page at a time; a page is built when it is first opened and keeps what is typed on it until it is closed.

    `till_asked` leads back to the counter, `closing_asked` to its closing, `receipt_asked` to a receipt there; `closed` when
    the window is gone for good.
    """

    till_asked = Signal()
    closing_asked = Signal()
    receipt_asked = Signal(object)
    closed = Signal()

    def __init__(self, look: Look, till: Till, entries: tuple[PageEntry, ...] = PAGES) -> None:
        super().__init__()
        self._look, self._till, self._entries = look, till, entries
        self._built: dict[str, OfficePage] = {}
        self._key = ""
        self.setMinimumSize(*LEAST_SIZE)
        self.training = TrainingFrame(self, look, IN_THE_OFFICE)
        self._build()
        self.gate = Gate(self, till, look, lambda: self.page)

    @property
    def page(self) -> OfficePage | None:
        """The page that is shown; None where the one at work may see none."""
        return self._built.get(self._key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The pages that the one at work may open."""
        may = self._till.staff.may
        return tuple(entry.key for entry in self._entries if any(may(one) for one in (entry.permission, *entry.also)))

    def open_page(self, key: str = "") -> None:
        """Show a page: the one asked for, else the one that was shown last, else the first. Nothing typed is lost by it."""
        allowed = self.keys
        wanted = next((one for one in (key, self._key, *allowed) if one in allowed), "")
        if not wanted:
            self._show_nothing()
            return
        self._key = wanted
        page = self._page(wanted)
        self._pages.setCurrentWidget(page)
        self._mark_task()
        page.begin()
        page.setFocus()

    def show_staff(self) -> None:
        """Somebody else is at work: show what they may see; nobody sees anything."""
        self.gate.show_staff()
        if self._till.staff.is_locked:
            return
        self._fill_navigation()
        if self._pages.currentWidget() is not self.page or self._key not in self.keys:
            self.open_page()
        else:
            self._mark_task()

    def show_status(self, status: Status) -> None:
        """Training is as loud here as at the counter (U10)."""
        self.training.show_training(is_on=status.training)

    def change_look(self, look: Look) -> None:
        """Speak and look otherwise; a page with something typed that is not saved stays as it is until that is done."""
        self._look = look
        self.training.change_look(look)
        kept = {key: page for key, page in self._built.items() if not page.may_leave()}
        for key, page in self._built.items():
            if key not in kept:
                self._throw_away(page)
        for page in kept.values():
            page.setParent(None)
        self._built = kept
        self._build()
        for page in kept.values():
            self._pages.addWidget(page)
        self.gate.change_look(look)
        self.open_page(self._key)

    def on_scan(self, code: str) -> bool:
        """Whether the page that is shown has taken the scan; else it is the counter's."""
        page = self.page
        return page is not None and page.on_scan(code)

    def ask_approval(self, need: Need, again: Callable[[], object]) -> None:
        """Let somebody who may approve this (T12); `again` is called once when it was."""
        self.gate.ask_approval(need, again)

    def show_panel(self, panel: Panel) -> None:
        """Lay a panel of a page over the window until it has done what it is there for."""
        self.gate.show_panel(panel)

    def tell_refusal(self, error: Refused | Unavailable) -> None:
        """Say on the page that is shown what nobody has said nearer to its cause."""
        if self.page is not None:
            self.page.message.refuse(error)

    def tell_unexpected(self) -> None:
        """Say on the page that is shown that the program made a mistake."""
        if self.page is not None:
            words = self._look.t(
                "The program made a mistake. Nothing that is typed here is lost; it was written to the log."
            )
            self.page.message.tell(words, Tone.DANGER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that opens the office leads back to the counter, as Escape does where a page has no use for it."""
        if self.gate.take_key(event):
            return
        action = action_of(event, self._look.shortcuts)
        if action is Action.LOCK:
            self.gate.lock()
        elif action is Action.OFFICE or event.key() == Qt.Key.Key_Escape:
            self.till_asked.emit()
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A page with something unsaved on it is shown and keeps the window open; it says why."""
        for key, page in self._built.items():
            if not page.may_leave():
                self.open_page(key)
                event.ignore()
                return
        for page in self._built.values():
            page.work.cancel()
            page.tear_down()
        event.accept()
        self.closed.emit()

    def _page(self, key: str) -> OfficePage:
        if key not in self._built:
            entry = next(one for one in self._entries if one.key == key)
            page = entry.build(self._look, self._till)
            page.asked_page.connect(self.open_page)
            page.till_asked.connect(self.till_asked)
            page.closing_asked.connect(self.closing_asked)
            page.receipt_asked.connect(self.receipt_asked)
            self._built[key] = page
            self._pages.addWidget(page)
        return self._built[key]

    def _mark_task(self) -> None:
        """The button of the page that is shown, or of the one that leads to it, is the chosen one."""
        entry = next(one for one in self._entries if one.key == self._key)
        for name, button in self._buttons.items():
            button.setChecked(name == (entry.under or entry.key))

    def _throw_away(self, page: OfficePage) -> None:
        page.work.cancel()
        page.tear_down()
        self._pages.removeWidget(page)
        page.deleteLater()

    def _show_nothing(self) -> None:
        name = self._till.cashier_name
        self._refusal.setText(self._look.t("{user} may not work in the back office.").format(user=name))
        self._pages.setCurrentWidget(self._refusal)

    def _build(self) -> None:
        t = self._look.t
        office = t("Back office")
        self.setWindowTitle(f"{self._till.shop_name} – {office}")
        self._pages = QStackedWidget()
        self._refusal = Text("", font(Size.TITLE), "muted").wrapped()
        self._refusal.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self._refusal)
        self._buttons: dict[str, Button] = {}
        self._navigation = QVBoxLayout()
        self._navigation.setSpacing(2)
        self._fill_navigation()
        frame = QWidget()
        frame.setProperty("role", "ground")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side())
        row.addWidget(self._pages, 1)
        self.setCentralWidget(frame)

    def _side(self) -> QFrame:
        t, look = self._look.t, self._look
        side = QFrame()
        side.setProperty("role", "column")
        side.setFixedWidth(_NAVIGATION_WIDTH)
        back = Button(
            look, Face(t("To the till"), "cash-register", key=shown_key(look.key_of(Action.OFFICE))), Kind.TASK
        )
        back.arranged(Arrangement.SPREAD, padding=12).clicked.connect(self.till_asked)
        inside = QWidget()
        inside.setProperty("role", "surface")
        inside.setLayout(self._navigation)
        self._navigation.setContentsMargins(10, 0, 10, 8)
        area = scroll_area(inside)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 14, 0, 0)
        column.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(10, 0, 10, 0)
        name = QHBoxLayout()
        name.setContentsMargins(12, 4, 8, 4)
        name.addWidget(ShorteningText(self._till.shop_name, bold(Size.BODY)))
        top.addLayout(name)
        top.addWidget(back)
        column.addLayout(top)
        column.addWidget(area, 1)
        return side

    def _fill_navigation(self) -> None:
        self._buttons = {}
        while (item := self._navigation.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        allowed = self.keys
        for group in Group:
            listed = (entry for entry in self._entries if entry.group is group and not entry.under)
            entries = [entry for entry in listed if entry.key in allowed]
            if entries:
                heading = Text(self._look.t(group.value), semibold(Size.SMALL), "muted")
                heading.setContentsMargins(12, 10, 0, 2)
                self._navigation.addWidget(heading)
            for entry in entries:
                self._navigation.addWidget(self._task(entry))
        self._navigation.addStretch(1)

    def _task(self, entry: PageEntry) -> Button:
        button = Button(self._look, Face(self._look.t(entry.title), entry.icon), Kind.TASK)
        button.arranged(Arrangement.SPREAD, padding=12)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.open_page(entry.key))
        self._buttons[entry.key] = button
        return button

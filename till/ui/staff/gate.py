"""Keeps a window for who may use it: covers it while nobody is signed in, asks for approvals, lets people change places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QWidget
from shiboken6 import isValid

from till.app.bootstrap import Till
from till.staff.cards import is_card
from till.staff.permission import Need
from till.ui.look import Look
from till.ui.staff.awaiting import Awaiting
from till.ui.theme import Palette

if TYPE_CHECKING:
    from till.ui.staff.panel import Panel
    from till.ui.staff.sign_in import SignInPage

LOOK_MS = 1_000
_TICKS_TO_LOOK_AGAIN, _TICKS_TO_TRY_AGAIN = 30, 5
_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel})
_VEIL = 0.5
_TALLEST, _LEAST_ABOVE = 700, 16


class Gate(QObject):
    """One window's. While something lies over the window, keys, taps and scans reach that only; the pages stay as they are.

    `home` gives what has the keyboard's focus where nothing had it before. `heard` tells whether a scan that ended here
    was a staff card.
    """

    heard = Signal(bool)

    def __init__(self, window: QMainWindow, till: Till, look: Look, home: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window, self._till, self._look, self._home = window, till, look, home
        self._content: SignInPage | Panel | None = None
        self._focus: QWidget | None = None
        self._last = ""
        self._ticks = 0
        self._is_shut = False
        self._awaiting = Awaiting(self)
        self._cover = Cover(window, look.palette)
        self._cover.tapped_beside.connect(self._tapped_beside)
        self._tick = QTimer(self, interval=LOOK_MS)
        self._tick.timeout.connect(self._look_at_the_clock)
        self._tick.start()
        window.installEventFilter(self)
        self.show_staff()

    @property
    def content(self) -> SignInPage | Panel | None:
        """What lies over the window now, if anything."""
        return self._content

    def show_staff(self) -> bool:
        """Somebody came or went, or rights have changed; whether somebody else than the last one is at work now."""
        here = self._till.staff.current
        if here is None:
            if self._is_shut and self._content is not None and self._content.is_idle:
                self._is_shut = False
            self._shut()
            return False
        is_other, self._last = here.id != self._last, here.id
        if is_other or self._is_shut:
            self.uncover()
        return is_other

    def change_look(self, look: Look) -> None:
        """Speak and look otherwise; the window has new pages, and what lay over the old ones is closed."""
        self._look = look
        self._cover.show_palette(look.palette)
        self._focus = None
        if self._content is not None:
            self.uncover()
        if self._till.staff.is_locked:
            self._shut()

    def lock(self) -> None:
        """Nobody is at work any more; where one person works alone, nothing happens."""
        self._till.staff.lock()

    def open_panel(self) -> None:
        """Show who is at the till, and who could take over."""
        from till.ui.staff.cashier_panel import CashierPanel

        if self._content is None and not self._till.staff.works_alone:
            panel = CashierPanel(self._look, self._till)
            panel.lock_asked.connect(self.lock)
            panel.own_pin_asked.connect(self._open_own_pin)
            self._show(panel)

    def show_panel(self, panel: Panel) -> None:
        """Lay a panel of a page over the window, unless something lies there already."""
        if self._content is None:
            self._show(panel)
        else:
            panel.deleteLater()

    def ask_approval(self, need: Need, again: Callable[[], object]) -> None:
        """Let somebody who may approve this; `again` is called once when it was."""
        from till.ui.staff.approval import ApprovalPanel

        self.show_panel(ApprovalPanel(self._look, self._till, need, again))

    def on_scan(self, code: str) -> bool:
        """Whether the scan ends here: on what lies over the window, or as somebody's card, which signs them in."""
        self._till.staff.note_activity()
        if self._content is not None:
            self.heard.emit(self._content.on_scan(code))
            return True
        if not is_card(code) or self._till.staff.works_alone:
            return False
        self.heard.emit(True)
        self._awaiting.wait(self._till.staff.sign_in_by_card(code), lambda _user: None, self._card_refused)
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether a key that no control has taken ends here, because something lies over the window."""
        if self._content is None:
            return False
        self._content.keyPressEvent(event)
        return True

    def uncover(self) -> None:
        """Take away what lies over the window; the keyboard is where it was."""
        if self._content is None:
            return
        self._content, self._is_shut = None, False
        self._cover.empty()
        central = self._window.centralWidget()
        if central is not None:
            central.setEnabled(True)
        focus = self._focus if self._focus is not None and isValid(self._focus) else self._home()
        self._focus = None
        if focus is not None:
            focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every touch of the window begins the time until it locks anew."""
        if event.type() in _TOUCHES:
            self._till.staff.note_activity()
        elif watched is self._window and event.type() == QEvent.Type.Resize:
            self._cover.setGeometry(self._window.contentsRect())
        elif watched is self._window and event.type() == QEvent.Type.Show:
            self._watch_touches()
        return False

    def _watch_touches(self) -> None:
        """At the window's door: filtering all controls would cost each of them."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _look_at_the_clock(self) -> None:
        """Ask whether the till has locked by itself; then the desk tells everybody who listens."""
        self._ticks += 1
        if self._is_shut and self._ticks % _TICKS_TO_LOOK_AGAIN == 0:
            self._till.staff.look_again()
        if self._content is not None and self._content.lacks_names and self._ticks % _TICKS_TO_TRY_AGAIN == 0:
            self._is_shut = False
        if self._till.staff.is_locked:
            self._shut()

    def _shut(self) -> None:
        """Show the names in the place of everything, where they are not shown already."""
        from till.ui.staff.sign_in import SignInPage

        if not self._is_shut:
            page = SignInPage(self._look, self._till)
            page.proved.connect(self.show_staff)
            self._lay(page, is_whole=True)

    def _show(self, panel: Panel) -> None:
        panel.left.connect(self.uncover)
        self._lay(panel, is_whole=False)

    def _lay(self, content: SignInPage | Panel, *, is_whole: bool) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()  # an open list is a window of its own, above whatever lies over this one
        central = self._window.centralWidget()
        if self._content is None:
            self._focus = self._window.focusWidget()
        self._content, self._is_shut = content, is_whole
        if central is not None:
            central.setEnabled(False)
        self._cover.setGeometry(self._window.contentsRect())
        self._cover.hold(content, is_whole=is_whole)
        content.setFocus()

    def _open_own_pin(self) -> None:
        from till.ui.staff.own_pin import OwnPinPanel

        self._show(OwnPinPanel(self._look, self._till))

    def _card_refused(self, error: Exception) -> None:
        from till.ui.staff.cashier_panel import CashierPanel

        self.open_panel()
        if isinstance(self._content, CashierPanel):
            self._content.proof.message.show_refusal(error)

    def _tapped_beside(self) -> None:
        if self._content is not None and not self._is_shut:
            self.uncover()


class Cover(QWidget):
    """Lies over a whole window: a veil with one panel in the middle, or a page that hides all; `tapped_beside` the panel."""

    tapped_beside = Signal()

    def __init__(self, window: QMainWindow, palette: Palette) -> None:
        super().__init__(window)
        self._ground = palette.ground
        self._is_whole = False
        self._held: QWidget | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_palette(self, palette: Palette) -> None:
        """Have this theme's ground."""
        self._ground = palette.ground
        self.update()

    def hold(self, content: QWidget, *, is_whole: bool) -> None:
        """Show this in the place of what was shown before."""
        self._take_away()
        self._held, self._is_whole = content, is_whole
        top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(content, 0, 0, Qt.AlignmentFlag(0) if is_whole else top)
        self._place()
        self.show()
        content.show()
        self.raise_()

    def empty(self) -> None:
        """Show nothing, and let the window be used."""
        self._take_away()
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A panel stays where it is when it grows, so that no key moves under a finger."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A veil, or the ground itself."""
        painter = QPainter(self)
        colour = QColor(self._ground)
        if not self._is_whole:
            colour = QColor(0, 0, 0)
            colour.setAlphaF(_VEIL)
        painter.fillRect(self.rect(), colour)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap beside the panel closes it and reaches nothing else."""
        self.tapped_beside.emit()
        event.accept()

    def _place(self) -> None:
        above = 0 if self._is_whole else max(_LEAST_ABOVE, (self.height() - _TALLEST) // 2)
        self._grid.setContentsMargins(0, above, 0, 0)

    def _take_away(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._grid.removeWidget(held)
            held.hide()
            held.deleteLater()

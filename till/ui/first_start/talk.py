"""Holds the first start: its window until there is a shop, or until somebody closes it."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from till.app.first_start import draft_of_shop, load_draft
from till.app.founding import ShopState
from till.clock import Clock, SystemClock
from till.settings import Settings
from till.ui.first_start.asking import Asking
from till.ui.first_start.window import FirstStartWindow
from till.ui.look import Look


def ask_for_shop(settings: Settings, look: Look, state: ShopState, clock: Clock | None = None) -> bool:
    """Ask for what is missing; False when the window was closed before. Raises Refused where another till is running."""
    window = window_for(settings, look, state, clock or SystemClock())
    loop = QEventLoop()
    answers: list[bool] = []

    def end(is_there: bool) -> None:  # noqa: FBT001 - a slot
        answers.append(is_there)
        loop.quit()

    window.finished.connect(lambda: end(True))
    window.given_up.connect(lambda: end(False))
    QApplication.setQuitOnLastWindowClosed(False)
    window.show()
    loop.exec()
    window.hide()
    window.deleteLater()
    QApplication.setQuitOnLastWindowClosed(True)
    return answers[0]


def window_for(settings: Settings, look: Look, state: ShopState, clock: Clock) -> FirstStartWindow:
    """The window with what was typed before, in the language in which it was typed."""
    is_completing = state is ShopState.INCOMPLETE
    draft = draft_of_shop(settings) if is_completing else load_draft(settings)
    asking = Asking(settings, draft, clock, is_completing=is_completing)
    return FirstStartWindow(asking, look.palette, look.target_px)

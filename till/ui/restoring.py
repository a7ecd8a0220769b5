"""Between two tills: the one before is closed, a backup is put in the place of its books, and the till is opened again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFrame, QProgressBar, QVBoxLayout, QWidget

from till.app.restore import Restoration, restore_closed
from till.app.watch import Watch
from till.clock import Clock
from till.settings import Settings
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.style import dress
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Face, primary_button
from till.ui.widgets.text import Text
from till.ui.work import Work

_WIDTH, _HEIGHT, _CARD_WIDTH = 720, 460, 600


@dataclass(frozen=True, slots=True)
class Restored:
    """How it ended; `kept` is where the books of before lie, None where there were none."""

    is_done: bool
    kept: Path | None = None


class RestoringWindow(QWidget):
    """Puts the backup in place as soon as it is shown, and says how that ended; `finished` when the till may be opened.

    It can't be closed while the files change places, which takes seconds; at each instant there are the old books or the new.
    """

    finished = Signal()

    def __init__(self, look: Look, wish: Restoration) -> None:
        super().__init__()
        self._look, self._wish = look, wish
        self.result = Restored(is_done=False)
        self.message = Message(look)
        self.work = Work(self, self.message)
        self.words = Text("", font(Size.TITLE)).wrapped()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        self.open_button = primary_button(look, Face(look.t("Open the till"), "cash-register"))
        self.open_button.arranged(Arrangement.CENTRED).tall(PAY_HEIGHT).clicked.connect(self.finished)
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Till")
        self.resize(_WIDTH, _HEIGHT)
        self._build()
        self.work.ended.connect(self._end)

    def begin(self, settings: Settings, now: dt.datetime) -> None:
        """Do it, beside the window's thread."""
        self.words.setText(
            self._look.t("{name} is put in the place of the books. Don’t switch the PC off.").format(
                name=self._wish.copy.name
            )
        )
        self.open_button.setEnabled(False)
        self.work.begin(partial(_restored, self._wish, settings, now), self._show_done)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window opens the till, once the files are in their places."""
        if self.work.is_busy:
            event.ignore()
            return
        event.accept()
        self.finished.emit()

    def _show_done(self, kept: Path | None) -> None:
        t = self._look.t
        self.result = Restored(is_done=True, kept=kept)
        words = t("The backup is in place.")
        if kept is not None:
            words += " " + t("The books of before are kept as {name}.").format(name=kept.name)
        self.words.setText(words)

    def _end(self) -> None:
        self.bar.hide()
        self.words.setText(self._look.t("The backup was not put in place. The books are as they were."))
        self.open_button.setEnabled(True)
        self.open_button.setFocus()

    def _build(self) -> None:
        dress(self._look.palette)
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 28, 28, 28)
        inside.setSpacing(14)
        inside.addWidget(Text(self._look.t("Restoring a backup"), bold(24)))
        inside.addWidget(self.words)
        inside.addWidget(self.bar)
        inside.addWidget(self.message)
        inside.addSpacing(8)
        inside.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        card.setMinimumWidth(_CARD_WIDTH)


def put_in_place(look: Look, wish: Restoration, settings: Settings, clock: Clock) -> Restored:
    """Hold the window until the backup is in place, or was refused, and somebody has read which."""
    window = RestoringWindow(look, wish)
    loop = QEventLoop()
    window.finished.connect(loop.quit)
    QApplication.setQuitOnLastWindowClosed(False)
    window.show()
    window.begin(settings, clock.now())
    loop.exec()
    window.hide()
    window.deleteLater()
    QApplication.setQuitOnLastWindowClosed(True)
    return window.result


def _restored(wish: Restoration, settings: Settings, now: dt.datetime, _watch: Watch) -> Path | None:
    return restore_closed(wish, settings, now)

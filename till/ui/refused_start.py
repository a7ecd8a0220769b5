"""The till could not be started: a small calm window says why and what to do, tries again, or quits."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.app.status import passes_by_itself
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.ui import icons
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.style import dress
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.text import Text

AGAIN_MS = 5_000
_WIDTH = 720
_HEIGHT = 460
_CARD_WIDTH = 600
_ICON = 40
DEFECT = msg(
    "The program made a mistake while starting: {reason}. It is written to the log, till.log in the data folder. "
    "Nothing was changed in the books."
)


class RefusedStart(QWidget):
    """Says why the till did not start. `again` asks for another try, by a tap or by itself; `quit` gives up.

    What passes without anybody's doing, a database that is busy or out of reach, is tried again every few seconds.
    """

    again = Signal()
    quit = Signal()

    def __init__(self, look: Look, error: Exception) -> None:
        super().__init__()
        self._look = look
        self._timer = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._timer.timeout.connect(self._ask_again)
        self._words = Text("", font(Size.TITLE)).wrapped()
        self._hint = Text("", semibold(Size.BODY), "accent").wrapped()
        t = look.t
        self.again_button = primary_button(look, Face(t("Try again"), "refresh")).arranged(Arrangement.CENTRED)
        self.quit_button = Button(look, Face(t("Quit"), "power")).arranged(Arrangement.CENTRED)
        self.again_button.clicked.connect(self._ask_again)
        self.quit_button.clicked.connect(self.quit)
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Till")
        self.resize(_WIDTH, _HEIGHT)
        self._build()
        self.show_error(error)

    @property
    def text(self) -> str:
        """The sentence as it stands there."""
        return self._words.text()

    @property
    def hint(self) -> str:
        """What the till does about it by itself; empty when nothing."""
        return self._hint.text()

    def show_error(self, error: Exception) -> None:
        """Say why the start did not go on; a try that has ended may be asked for again."""
        self._words.setText(sentence(self._look, error))
        self._words.setAccessibleName(self._words.text())
        tries_by_itself = passes_by_itself(error)
        self._hint.setText(self._look.t("The till tries again by itself every few seconds.") if tries_by_itself else "")
        self._hint.setVisible(tries_by_itself)
        self.again_button.setEnabled(True)
        self.again_button.setFocus()
        if tries_by_itself:
            self._timer.start()

    def show_trying(self) -> None:
        """Say that the start is being tried again just now."""
        self._timer.stop()
        self._hint.setText(self._look.t("Starting …"))
        self._hint.show()
        self.again_button.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter tries again, Escape quits."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._ask_again()
        elif event.key() == Qt.Key.Key_Escape:
            self.quit.emit()
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is quitting."""
        self._timer.stop()
        self.quit.emit()
        event.accept()

    def _ask_again(self) -> None:
        if self.again_button.isEnabled():
            self.show_trying()
            self.again.emit()

    def _build(self) -> None:
        dress(self._look.palette)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card(), 8)
        row.addStretch(1)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_CARD_WIDTH)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("alert-triangle", self._look.palette.warn, _ICON, self.devicePixelRatioF()))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 28, 28, 28)
        inside.setSpacing(12)
        inside.addWidget(mark)
        inside.addWidget(Text(self._look.t("The till can’t start"), bold(24)))
        inside.addWidget(self._words)
        inside.addWidget(self._hint)
        inside.addSpacing(12)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.quit_button.tall(PAY_HEIGHT), 1)
        buttons.addWidget(self.again_button.tall(PAY_HEIGHT), 2)
        inside.addLayout(buttons)
        return card


def sentence(look: Look, error: Exception) -> str:
    """Why the till did not start, in the reader's words; a defect of the program is said as one."""
    if isinstance(error, (Refused, Unavailable)):
        return look.formats.sentence(error)
    return look.t(DEFECT).format(reason=str(error) or type(error).__name__)

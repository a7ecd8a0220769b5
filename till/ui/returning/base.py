"""What the pages on which goods come back share: keys, scans, and the question before something chosen is thrown away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from till.app.bootstrap import Till
from till.app.views import Status
from till.errors import Refused
from till.i18n import msg
from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.strips import Strips
from till.ui.message import Message
from till.ui.returning.finished import FinishedReturn
from till.ui.returning.line_list import LineList
from till.ui.sounds import Sounds
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.strip import Notice, Strip, Way
from till.ui.widgets.tab_order import put_in_order
from till.ui.widgets.text import ShorteningText

_COMMAS = frozenset({",", "."})
FINISH_FIRST = msg("Complete this return or leave it first.")


class BackPage(QWidget):
    """A page of what comes back. `left` when it is over, `receipt_asked` with the Document to be looked at.

    Those that inherit say what is chosen, and what completing, leaving, a step and a digit mean.
    """

    left = Signal()
    receipt_asked = Signal(object)

    def __init__(self, look: Look, till: Till, sounds: Sounds, *, is_narrow: bool = False) -> None:
        """`is_narrow`: the lines have less room than on the page of a receipt."""
        super().__init__()
        self._look, self._till, self._sounds = look, till, sounds
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.message = Message(look, till.cash)
        self.strips = Strips(look)
        self.lines = LineList(look, look.t("Scan or tap what is brought."), is_narrow=is_narrow)
        self.lines.stepped.connect(self.step)
        self.question: Strip | None = None
        self.finished: FinishedReturn | None = None
        self.stack = QStackedWidget()
        self._work = QWidget()
        self._asking = QVBoxLayout()
        self._shield = QWidget(self)
        self._shield.hide()
        self._frame()

    @property
    def is_chosen(self) -> bool:
        """Whether leaving would throw something away."""
        raise NotImplementedError

    def complete(self) -> None:
        """Book what is chosen."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Leave what was begun; raises Refused and Unavailable."""
        raise NotImplementedError

    def step(self, key: int, by: int) -> None:
        """One more or less of a line."""
        raise NotImplementedError

    def press(self, key: str) -> None:
        """A digit or the comma was typed."""

    def act_on(self, key_id: str) -> None:
        """The typed number is corrected: "back" or "clear"."""

    def escape(self) -> bool:
        """Forget what is typed and not yet taken; False: there is nothing, so Escape leaves."""
        return False

    def take_all(self) -> None:
        """Everything comes back."""

    def on_scan(self, code: str) -> None:
        """A code was scanned."""
        raise NotImplementedError

    def search(self, text: str) -> None:
        """Something is typed into the window's search, which leads away from here."""
        if text:
            self.message.refuse(Refused(FINISH_FIRST))

    def take_hit(self) -> None:
        """Enter in the window's search."""

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether nothing would be lost by leaving; else it asks, and does `then` once that is answered by leaving."""
        if self.finished is not None or not self.is_chosen:
            return self.message.attempt(self.abandon)
        self._ask(then)
        return False

    def act(self, action: Action) -> bool:
        """Pay completes; everything else is the window's."""
        if action is not Action.PAY:
            return False
        self._enter()
        return True

    def show_status(self, status: Status) -> None:
        """Show the strips."""
        self.strips.show_status(status)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a line, + and − step it, Ctrl+A takes all, digits are an amount, Enter completes, Escape leaves."""
        key, text = event.key(), event.text()
        if self.finished is not None:
            self._key_after(key)
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.take_all()
        elif text.isdigit() and text.isascii():
            self.press(text)
        elif text in _COMMAS and text:
            self.press(",")
        elif key == Qt.Key.Key_Backspace:
            self.act_on("back")
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.lines.move_choice(-1 if key == Qt.Key.Key_Up else 1)
        elif text in {"+", "-"} and text:
            self.lines.step_chosen(1 if text == "+" else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            event.ignore()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's name and sign
        """Lines, ways and reasons come and go: the order is made when Tab is pressed."""
        put_in_order(self)
        return super().focusNextPrevChild(is_next)

    def show_finished(self, finished: FinishedReturn) -> None:
        """Show what was booked, until the next tap; the second tap of a double tap does not count."""
        self._forget_question()
        self.finished = finished
        finished.dismissed.connect(self.left)
        finished.receipt_asked.connect(self.receipt_asked)
        self.stack.addWidget(finished)
        self.stack.setCurrentWidget(finished)
        self.setFocus()
        self._shield.setGeometry(self.rect())
        self._shield.show()
        self._shield.raise_()
        QTimer.singleShot(QApplication.doubleClickInterval(), self._shield, self._shield.hide)

    def forget_finished(self) -> None:
        """Begin with what is to be chosen."""
        self._forget_question()
        self.message.dismiss()
        self.stack.setCurrentWidget(self._work)
        if self.finished is not None:
            self.stack.removeWidget(self.finished)
            self.finished.deleteLater()
            self.finished = None

    def _key_after(self, key: int) -> None:
        """Once it is booked every key that goes on leads back to the sale."""
        if (
            key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space}
            and self._shield.isHidden()
        ):
            self.left.emit()

    def _enter(self) -> None:
        if self.finished is None:
            self.complete()
        else:
            self._key_after(Qt.Key.Key_Return)

    def _escape(self) -> None:
        if self.question is not None:
            self._forget_question()
        elif not self.escape():
            self.leave()

    def leave(self) -> None:
        """Go back to the sale, with a question where something was chosen."""
        if self.may_leave(self.left.emit):
            self.left.emit()

    def _ask(self, then: Callable[[], object]) -> None:
        self._forget_question()
        t = self._look.t
        ways = (
            Way(t("Leave it"), lambda: self._leave_it(then)),
            Way(t("Go on here"), self._forget_question),
        )
        words = t("Nothing is booked yet. Leave this, and nothing comes back?")
        self.question = Strip(self._look, Notice(words, "help", "warn", ways), is_narrow=True)
        self._asking.addWidget(self.question)

    def _leave_it(self, then: Callable[[], object]) -> None:
        # The strip whose button this is may only be deleted once its signal is over.
        QTimer.singleShot(0, self, self._forget_question)
        if self.message.attempt(self.abandon):
            then()

    def _forget_question(self) -> None:
        if self.question is not None:
            self.question.hide()
            self.question.deleteLater()
            self.question = None

    def _answer_uncertain(self, job_id: int, was_printed: bool) -> None:  # noqa: FBT001 - a signal's slot
        self.message.insist(lambda: self._till.status.answer_uncertain(job_id, printed=was_printed))

    def _retry_printing(self) -> None:
        self.message.attempt(self._till.status.retry_printing)

    def _frame(self) -> None:
        self.strips.answered.connect(self._answer_uncertain)
        self.strips.retry_asked.connect(self._retry_printing)
        self.stack.addWidget(self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.stack, 1)
        column.addWidget(self.strips)

    def lines_card(self, head: QHBoxLayout, foot: QBoxLayout) -> QFrame:
        """The card with the lines: a head, the lines, the question, and below what leads back."""
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.lines, 1)
        column.addLayout(self._asking)
        column.addLayout(foot)
        return card

    def back_button(self) -> Button:
        """The button that leads back to the sale."""
        back = Button(self._look, Face(self._look.t("Back to the sale"), "arrow-left"))
        back.clicked.connect(self.leave)
        return back


class Heading(QWidget):
    """An icon, what the page is, and below it in small what it is about."""

    def __init__(self, look: Look, icon: str, colour: str) -> None:
        super().__init__()
        mark = QLabel()
        mark.setPixmap(icons.pixmap(icon, colour or look.palette.accent, 28, self.devicePixelRatioF()))
        self.title = ShorteningText("", bold(Size.TITLE))
        self.about = ShorteningText("", font(Size.SMALL), "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(mark)
        row.addLayout(words, 1)

    def show_words(self, title: str, about: str) -> None:
        """Say what the page is and what it is about."""
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))

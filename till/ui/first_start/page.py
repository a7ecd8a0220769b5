"""A page of the first start: its question, why it is asked, and the fields of the answer."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.first_start import Step
from till.ui.first_start.asking import Asking
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.form import Form, LineField
from till.ui.widgets.text import Text
from till.ui.work import Work

MARGIN = 28
CARD_WIDTH = 760


class StepPage(QWidget):
    """What all steps share: `body` takes the fields, `form` checks them, `skipped_words` say what counts without them.

    `answered` when Enter was pressed in the last field.
    """

    step: Step
    answered = Signal()

    def __init__(self, look: Look, asking: Asking, title: str, why: str) -> None:
        super().__init__()
        self._look, self._asking = look, asking
        self.title = title
        self.message = Message(look)
        self.work = Work(self, self.message)
        self.form = Form()
        self.skipped_words = ""
        self.setAccessibleName(title)
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(MARGIN, 22, MARGIN, MARGIN)
        inside.setSpacing(10)
        inside.addWidget(Text(title, bold(Size.FIELD)))
        inside.addWidget(Text(why, font(Size.BODY), "muted").wrapped())
        inside.addSpacing(6)
        inside.addWidget(self.message)
        inside.addLayout(self.body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def begin(self) -> None:
        """The page is shown: the first field is the one to type into."""
        if self.form.fields:
            self.form.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def lead_through(self) -> None:
        """Let Enter go from each line to the next, and from the last one on."""
        lines = [field.line for field in self.form.fields if isinstance(field, LineField)]
        for line, following in pairwise(lines):
            line.returnPressed.connect(following.setFocus)
        if lines:
            lines[-1].returnPressed.connect(self.answered)

    def is_right(self) -> bool:
        """Whether one may go on with what stands here; what is wrong says so below its field."""
        return self.form.is_right()

    def tear_down(self) -> None:
        """The page is thrown away: what is under way shall end."""
        self.work.cancel()

    def beside(self, *widgets: tuple[QWidget, int]) -> None:
        """Place some fields beside each other, with their shares of the width, aligned at the top."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for widget, share in widgets:
            row.addWidget(widget, share, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)

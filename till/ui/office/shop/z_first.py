"""The way on where a Z has to come first: to the closing, or a later day from which the change counts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout

from till.app.shop import ZFirst
from till.ui.look import Look
from till.ui.message import Message
from till.ui.widgets.button import Button, Face


class ZFirstStrip(QFrame):
    """Two buttons that stand there only after a refusal for want of a Z; `later` None: there is no other day to choose."""

    def __init__(self, look: Look, to_closing: Callable[[], object], later: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setProperty("tone", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self.closing_button = Button(look, Face(look.t("Close the till"), "cash-register"))
        self.closing_button.clicked.connect(lambda _: to_closing())
        row.addWidget(self.closing_button)
        self.later_button = Button(look, Face(look.t("Let it count from tomorrow"), "calendar"))
        if later is not None:
            self.later_button.clicked.connect(lambda _: later())
            row.addWidget(self.later_button)
        row.addStretch(1)
        self.hide()

    def attempt(self, message: Message, action: Callable[[], object]) -> bool:
        """Do it; where a Z has to come first the buttons appear below the sentence."""
        refused: list[ZFirst] = []

        def watched() -> object:
            try:
                return action()
            except ZFirst as error:
                refused.append(error)
                raise

        is_done = message.attempt(watched)
        self.setVisible(bool(refused))
        return is_done

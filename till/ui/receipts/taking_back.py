"""The ways from a receipt to what comes back of it: a return, or its cancellation; else the reason why not (S1, S2)."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.errors import Refused, Unavailable
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import Text

_Why = Refused | Unavailable | None


class TakingBackButtons(QWidget):
    """`asked` with the id of the receipt and whether it is to be cancelled as a whole."""

    asked = Signal(object, bool)

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        t = look.t
        self._look, self._till = look, till
        self._shown: uuid.UUID | None = None
        self.back = Button(look, Face(t("Take back"), "receipt-refund")).tall(look.target_px)
        self.cancel = Button(look, Face(t("Cancel receipt"), "x"), Kind.DANGER).tall(look.target_px)
        self.why_not = Text("", font(Size.SMALL), "muted").wrapped()
        self.back.clicked.connect(lambda: self._ask(is_cancellation=False))
        self.cancel.clicked.connect(lambda: self._ask(is_cancellation=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.back, self.cancel, self.why_not):
            column.addWidget(widget)
        self.show_receipt(None)

    def show_receipt(self, document_id: uuid.UUID | None) -> None:
        """Offer what can be done with this receipt; None: none is shown."""
        self._shown = document_id
        back, cancel = (None, None) if document_id is None else self._refusals(document_id)
        self.back.setEnabled(document_id is not None and back is None)
        self.cancel.setEnabled(document_id is not None and cancel is None)
        words = [self._look.formats.sentence(one) for one in (back, cancel) if one is not None]
        self.why_not.setText("\n".join(dict.fromkeys(words)))
        self.why_not.setVisible(bool(words))

    def _refusals(self, document_id: uuid.UUID) -> tuple[_Why, _Why]:
        """Why it can't come back in part, and why not as a whole; None: it can."""
        try:
            found = self._till.returns.look(document_id)
            if found.refusal is None:
                self._till.free_returns.check_may_begin()
        except (Refused, Unavailable) as error:
            return error, error
        return found.refusal, found.refusal or found.cancel_refusal

    def _ask(self, *, is_cancellation: bool) -> None:
        if self._shown is not None:
            self.asked.emit(self._shown, is_cancellation)

"""Step 5: begin empty, or with a handful of sample goods to try the till with."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from till.app.first_start import Step
from till.ui.first_start.asking import Asking
from till.ui.first_start.page import StepPage
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face
from till.ui.widgets.text import Text


class GoodsPage(StepPage):
    """Two answers, one of them chosen."""

    step = Step.GOODS

    def __init__(self, look: Look, asking: Asking) -> None:
        t = look.t
        why = t("Your own articles come later: from a table, or one by one in the office.")
        super().__init__(look, asking, t("Articles"), why)
        self.skipped_words = t("Then the till begins without articles.")
        self._group = QButtonGroup(self)
        self.empty = Button(look, Face(t("Begin empty"), "package"))
        self.samples = Button(look, Face(t("With sample goods"), "tag"))
        self.body.addWidget(self._choice(self.empty, t("For a shop that starts to sell in earnest.")))
        words = t(
            "Some 20 articles, each named “Sample: …”, to try the till with. Switch them off when your own are there."
        )
        self.body.addWidget(self._choice(self.samples, words))
        chosen = self.samples if asking.draft.with_samples else self.empty
        chosen.setChecked(True)
        self.samples.toggled.connect(lambda is_on: asking.note(with_samples=is_on))

    def begin(self) -> None:
        """The answer that is chosen has the focus."""
        (self.samples if self.samples.isChecked() else self.empty).setFocus()

    def _choice(self, button: Button, words: str) -> QWidget:
        button.setCheckable(True)
        button.arranged(Arrangement.SPREAD).in_type(bold(Size.TITLE)).tall(64)
        self._group.addButton(button)
        choice = QWidget()
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        column.addWidget(button)
        column.addWidget(Text(words, font(Size.BODY - 1), "muted").wrapped())
        return choice

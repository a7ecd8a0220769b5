"""Where an import begins: the place to drop a file, what is asked for besides, and the way out as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from till.app.article_tables import ArticleTables
from till.catalog.table_columns import COLUMNS
from till.catalog.table_import import Asked
from till.quantity import pieces
from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import CheckField, TextField
from till.ui.widgets.text import Text

_ICON = 40


class StartCard(QWidget):
    """`file_asked` when a file shall be chosen; `export_asked` with the name of the file to write."""

    file_asked = Signal()
    export_asked = Signal(str)

    def __init__(self, look: Look, desk: ArticleTables) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self.count = 0
        t = look.t
        self.makes_categories = CheckField(look, t("Make categories that there are not yet"))
        self.makes_categories.set_value(True)
        self.category = TextField(look, t("Category for new articles without one"))
        self.category.show_hint(t("none: such rows are refused"))
        self._exported = Text("", font(Size.BODY - 1), "muted").wrapped()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._import_card(), 1)
        column.addWidget(self._export_card())

    def begin(self) -> None:
        """Say how many articles there are now."""
        self.count = self._desk.count()
        words = self._look.t.plural(
            "{count} article, also inactive ones, with all columns that an import reads.",
            "{count} articles, also inactive ones, with all columns that an import reads.",
            self.count,
        )
        self._exported.setText(words.format(count=self._look.formats.quantity(pieces(self.count))))

    def asked(self) -> Asked:
        """What the person wants besides the file."""
        return Asked(makes_categories=self.makes_categories.value(), category=self.category.value())

    def _import_card(self) -> QFrame:
        t, look = self._look.t, self._look
        mark = QLabel()
        mark.setPixmap(icons.pixmap("file-import", look.palette.accent, _ICON, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = Button(look, Face(t("Choose a table"), "folder"), Kind.PRIMARY)
        choose.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        choose.clicked.connect(self.file_asked)
        titles = ", ".join(column.title for column in COLUMNS)
        known = t(
            "Known columns: {titles}. At least “Artikelnummer” is needed; columns that are missing stay as they are."
        )
        card, column = _card()
        column.addStretch(1)
        column.addWidget(mark)
        column.addWidget(_centred(Text(t("Drop a table here"), bold(Size.TITLE))))
        column.addWidget(
            _centred(Text(t("XLSX or CSV. It is checked first; nothing is changed by that."), font(Size.BODY), "muted"))
        )
        column.addWidget(choose, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._wishes())
        column.addWidget(_centred(Text(known.format(titles=titles), font(Size.SMALL), "muted")))
        column.addStretch(1)
        return card

    def _wishes(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addStretch(1)
        row.addWidget(self.makes_categories, 3, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.category, 3)
        row.addStretch(1)
        return row

    def _export_card(self) -> QFrame:
        t, look = self._look.t, self._look
        card, column = _card()
        row = QHBoxLayout()
        row.setSpacing(10)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(Text(t("All articles as a table"), bold(Size.TITLE)))
        told.addWidget(self._exported)
        row.addLayout(told, 1)
        articles = t("Articles")
        for ending in ("xlsx", "csv"):
            name = f"{articles}.{ending}"
            button = Button(
                look, Face(ending.upper(), "file-export", name=t("Export as {form}").format(form=ending.upper()))
            )
            button.clicked.connect(lambda _checked=False, name=name: self.export_asked.emit(name))
            row.addWidget(button)
        column.addLayout(row)
        return card


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(10)
    return card, column


def _centred(text: Text) -> Text:
    text.wrapped().setAlignment(Qt.AlignmentFlag.AlignCenter)
    return text

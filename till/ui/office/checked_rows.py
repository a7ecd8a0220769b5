"""The rows of a checked table by what would become of them, read on as they are scrolled; imports give them words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.formats import shortened
from till.quantity import pieces
from till.tables.verdict import Verdict
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text

PAGE = 200
_MOST_NAMED = 8


class CheckedRow(Protocol):
    """Any row of a preview."""

    @property
    def row(self) -> int:
        """Its number in the table."""
        ...


Row = TypeVar("Row", bound=CheckedRow)


@dataclass(frozen=True, slots=True)
class RowWords(Generic[Row]):
    """How rows are read and told.

    `names`: what each verdict is called, in the order of the chips. `read` gives the next rows of one verdict behind a row,
    `told` is the sentence about a row; rows of `saved` verdicts can be saved as a table.
    """

    names: Mapping[Verdict, str]
    columns: list[Column[Row]]
    read: Callable[[Verdict, int, int], list[Row]]
    told: Callable[[Row], str]
    saved: frozenset[Verdict] = frozenset({Verdict.REFUSED})


class CheckedRows(QWidget, Generic[Row]):
    """A chip with its count for each verdict, remarks, and the rows of the one that is chosen.

    `refused_asked` when the rows shown shall be saved.
    """

    refused_asked = Signal()

    def __init__(self, look: Look, message: Message, words: RowWords[Row]) -> None:
        super().__init__()
        self._look, self._message, self._row_words = look, message, words
        self.verdict = Verdict.NEW
        self._is_whole = True
        self._chips: dict[Verdict, Button] = {}
        self._file = Text("", semibold(Size.BODY))
        self._detail = Text("", font(Size.BODY - 1)).wrapped()
        self._remarks = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.table: Table[Row] = Table(look, words.columns, empty=look.t("No row of this sort."), filters=False)
        self.table.search.hide()
        self.table.more_wanted.connect(self._read_on)
        self.table.chosen.connect(lambda row: self._tell(words.told(row)))
        self.refused_button = Button(look, Face(look.t("Save as a table"), "file-export"))
        self.refused_button.in_type(semibold(Size.BODY - 1)).clicked.connect(self.refused_asked)
        self._build()

    @property
    def remarks(self) -> str:
        """What is said about the table as a whole."""
        return self._remarks.text()

    @property
    def chips(self) -> dict[Verdict, Button]:
        """The chip of each verdict with its count."""
        return dict(self._chips)

    def show_counts(self, name: str, counts: Mapping[Verdict, int], remarks: list[str]) -> None:
        """Show what a check has found; refused rows first, as they have to be mended."""
        self._file.setText(name)
        self._remarks.setText("\n".join(remarks))
        self._remarks.setVisible(bool(remarks))
        names = self._row_words.names
        for verdict, chip in self._chips.items():
            count = self._look.formats.quantity(pieces(counts[verdict]))
            chip.set_face(Face(f"{count} {self._look.t(names[verdict])}"))
            chip.setEnabled(counts[verdict] > 0)
        self.show_verdict(next((one for one in names if counts[one]), Verdict.NEW))

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the rows of one verdict."""
        self.verdict = verdict
        for one, chip in self._chips.items():
            chip.setChecked(one is verdict)
        self._is_whole = False
        self._tell("")
        self.refused_button.setVisible(verdict in self._row_words.saved)
        self.table.set_rows(())
        self._read_on()

    def _tell(self, sentence: str) -> None:
        """All of what a narrow table cuts off of the chosen row."""
        self._detail.setText(sentence)
        self._detail.setVisible(bool(sentence))

    def _read_on(self) -> None:
        if self._is_whole:
            return
        rows = self.table.model.rows
        after = max((row.row for row in rows), default=0)
        self._message.attempt(lambda: self._row_words.read(self.verdict, after, PAGE), self._add)

    def _add(self, rows: list[Row]) -> None:
        self._is_whole = len(rows) < PAGE
        self.table.add_rows(rows)

    def _build(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for verdict in self._row_words.names:
            chip = Button(self._look, Face("–"), Kind.CHIP)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, verdict=verdict: self.show_verdict(verdict))
            self._chips[verdict] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        self.table.bar.insertWidget(0, self._file, 1)
        self.table.bar.insertWidget(2, self.refused_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(chips)
        column.addWidget(self._remarks)
        column.addWidget(self.table, 1)
        column.addWidget(self._detail)
        self._detail.hide()


def named(names: tuple[str, ...]) -> str:
    """The first of many names."""
    shown = ", ".join(shortened(name, 30) for name in names[:_MOST_NAMED])
    return f"{shown}, …" if len(names) > _MOST_NAMED else shown

"""The field that finds receipts: what is typed, how it was understood, and chips that narrow it (T9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.meaning import Meaning, Part
from till.app.receipt_search import MOST_COUNTED, Found, Search
from till.documents import wanted
from till.documents.search import Head
from till.formats import shortened
from till.quantity import pieces
from till.ui import icons
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button
from till.ui.widgets.flow import Flow
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.text import Text
from till.ui.work import Work

PAUSE_MS = 200
_LONGEST_CHIP = 30


@dataclass(frozen=True, slots=True)
class Page:
    """How many chips with days there is room for, and how many receipts are asked for at once.

    On a `is_tight` one the chips with days make room for those that say how the text was understood.
    """

    days: int
    receipts: int
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    parts: tuple[Part, ...]
    asked: Search
    found: Found


class ReceiptFinder(QWidget):
    """`found` with the first page of a search; `more_found` with a later one. Nothing is searched on the window's thread."""

    found = Signal(object)
    more_found = Signal(object)

    def __init__(self, look: Look, till: Till, work: Work, page: Page) -> None:
        super().__init__()
        self._look, self._till, self._work, self._limit = look, till, work, page.receipts
        self._is_tight = page.is_tight
        self._parts: tuple[Part, ...] = ()
        self._chosen: dict[int, Meaning] = {}
        self._extra: tuple[wanted.Criterion, ...] = ()
        self.asked = Search()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look_for_typed)
        self.field = FinderField(look)
        self.field.line.textEdited.connect(lambda _: self._pause.start())
        self.field.line.returnPressed.connect(self.look_now)
        self.count = Text("", font(Size.SMALL), "muted").wrapped()
        self._meanings = Flow()
        self._days: list[Button] = []
        self.all_chip = self._chip(look.t("All"), look.t("Show what was not sold too: cash, drawer, Z, aborted"))
        self._build(page.days)

    @property
    def typed(self) -> str:
        """What is typed."""
        return self.field.line.text().strip()

    @property
    def said(self) -> tuple[str, ...]:
        """The chips that say how it was understood; those that are chosen."""
        return tuple(chip.face.text for chip in self._meaning_chips() if chip.isChecked())

    def begin(self) -> None:
        """Forget what was searched for, and show the latest."""
        self.forget()
        self._search_again()

    def forget(self) -> None:
        """Forget what was searched for."""
        self._pause.stop()
        self.field.line.clear()
        self._check_day(None)
        self.all_chip.setChecked(False)
        self._show_parts(())

    def put(self, text: str) -> None:
        """Type something for the person, as the pad's keys do."""
        self.field.line.insert(text)
        self._pause.start()

    def look_now(self) -> None:
        """Search for what is typed without waiting for more."""
        self._pause.stop()
        self._look_for_typed()

    def on_scan(self, code: str) -> None:
        """Search for what was scanned."""
        self._pause.stop()
        self._check_day(None)
        self.field.line.setText(shortened(code.strip(), 80))
        desk = self._till.receipt_search
        self._begin(lambda: desk.understand_scan(code))

    def narrow(self, criteria: tuple[wanted.Criterion, ...]) -> None:
        """Search with these criteria besides what is typed."""
        self._extra = criteria
        self._search_again()

    def look_again(self) -> None:
        """Find once more by what was typed and chosen."""
        self._search_again()

    def add_filters(self, *fields: QWidget) -> None:
        """Put these behind the chips."""
        for field in fields:
            self._filters.insertWidget(self._filters.count() - 1, field)

    def find_more(self, after: Head) -> None:
        """Ask for the page behind this receipt."""
        desk, asked, limit = self._till.receipt_search, self.asked, self._limit
        self._work.begin(lambda _watch: desk.find(asked, after, limit), self.more_found.emit)

    def _look_for_typed(self) -> None:
        desk, typed = self._till.receipt_search, self.typed
        self._begin(lambda: desk.understand(typed))

    def _begin(self, understand: Callable[[], tuple[Part, ...]]) -> None:
        desk, limit = self._till.receipt_search, self._limit
        narrowed, sales_only = self._narrowed(), not self.all_chip.isChecked()

        def answer(_watch: object) -> _Answer:
            parts = understand()
            asked = Search((*(part.meanings[0].criterion for part in parts), *narrowed), sales_only=sales_only)
            return _Answer(parts, asked, desk.find(asked, limit=limit))

        self._work.begin(answer, self._show_answer)

    def _show_answer(self, answer: _Answer) -> None:
        self._show_parts(answer.parts)
        self.show_found(answer.asked, answer.found)

    def _search_again(self) -> None:
        """Find by the parts as they are understood now."""
        desk, limit = self._till.receipt_search, self._limit
        criteria = (*(self._chosen[place].criterion for place in range(len(self._parts))), *self._narrowed())
        asked = Search(criteria, sales_only=not self.all_chip.isChecked())
        self._work.begin(lambda _watch: desk.find(asked, limit=limit), lambda found: self.show_found(asked, found))

    def show_found(self, asked: Search, found: Found) -> None:
        """Show how much was found by a search."""
        self.asked = asked
        self.count.setText(self._counted(found))
        self.found.emit(found)

    def _counted(self, found: Found) -> str:
        t = self._look.t
        if found.is_more:
            count = t("{count} or more receipts").format(count=self._look.formats.quantity(pieces(MOST_COUNTED)))
        else:
            count = t.plural("{count} receipt", "{count} receipts", found.count).format(count=found.count)
        if found.days is None:
            return count
        return t("{count}, from the last {days} days").format(count=count, days=found.days)

    def _narrowed(self) -> tuple[wanted.Criterion, ...]:
        """What the chips ask for; the days are asked for anew, as a till may stand open over midnight."""
        days = self._till.receipt_search.usual_days()
        return (*(days[place].criterion for place, chip in enumerate(self._days) if chip.isChecked()), *self._extra)

    def _check_day(self, wanted_chip: Button | None) -> None:
        for chip in self._days:
            chip.setChecked(chip is wanted_chip and chip.isChecked())

    def _tap_day(self, chip: Button) -> None:
        self._check_day(chip)
        self._search_again()

    def _choose(self, place: int, meaning: Meaning) -> None:
        self._chosen[place] = meaning
        self._show_chips()
        self._search_again()

    def _show_parts(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts
        self._chosen = {place: part.meanings[0] for place, part in enumerate(parts)}
        self._show_chips()

    def _show_chips(self) -> None:
        while (item := self._meanings.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, part in enumerate(self._parts):
            for meaning in part.meanings:
                self._meanings.addWidget(self._meaning_chip(place, meaning))
        self._meaning_box.setVisible(bool(self._parts))
        self._meaning_box.updateGeometry()
        is_narrowed = self.all_chip.isChecked() or any(chip.isChecked() for chip in self._days)
        self._filter_box.setVisible(is_narrowed or not (self._is_tight and self._parts))

    def _meaning_chip(self, place: int, meaning: Meaning) -> Button:
        words = self._look.formats.sentence(meaning)
        chip = self._chip(shortened(words, _LONGEST_CHIP), words)
        chip.setChecked(self._chosen[place] is meaning)
        chip.clicked.connect(lambda: self._choose(place, meaning))
        return chip

    def _meaning_chips(self) -> list[Button]:
        items = (self._meanings.itemAt(place) for place in range(self._meanings.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, Button)]

    def _chip(self, text: str, spoken: str) -> Button:
        chip = Button(self._look, Face(text, name=spoken), Kind.CHIP)
        chip.arranged(Arrangement.CENTRED, padding=12).in_type(semibold(Size.BODY - 1))
        chip.setCheckable(True)
        return chip

    def _build(self, days: int) -> None:
        self._filters = filters = QHBoxLayout()
        filters.setSpacing(6)
        for meaning in self._till.receipt_search.usual_days()[:days]:
            words = self._look.formats.sentence(meaning)
            chip = self._chip(words, words)
            chip.clicked.connect(lambda _checked=False, chip=chip: self._tap_day(chip))
            self._days.append(chip)
            filters.addWidget(chip)
        self.all_chip.clicked.connect(self._search_again)
        filters.addWidget(self.all_chip)
        filters.addStretch(1)
        self._filter_box = QWidget()
        self._filter_box.setLayout(filters)
        filters.setContentsMargins(0, 0, 0, 0)
        self._meaning_box = QWidget()
        self._meaning_box.setLayout(self._meanings)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._meaning_box.setSizePolicy(policy)
        self._meaning_box.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self._meaning_box)
        column.addWidget(self._filter_box)
        column.addWidget(self.count)


class FinderField(QFrame):
    """The line that is typed into, with its mark and a cross that empties it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self.setFixedHeight(max(56, look.target_px))
        self.line = TellingLine()
        self.line.setFont(font(Size.BODY))
        self.line.setMaxLength(80)
        self.line.setAccessibleName(look.t("Find a receipt"))
        self.line.setPlaceholderText(look.t("Number, day, amount, article …"))
        self.line.focused.connect(lambda has: set_active(self, is_active=has))
        self.clear = icon_button(look, "x", look.t("Clear"))
        self.clear.hide()
        self.clear.clicked.connect(self._empty)
        self.line.textChanged.connect(lambda text: self.clear.setVisible(bool(text)))
        mark = QLabel()
        mark.setPixmap(icons.pixmap("search", look.palette.muted, 20, self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 2, 0)
        row.setSpacing(8)
        row.addWidget(mark)
        row.addWidget(self.line, 1)
        row.addWidget(self.clear)
        self.setFocusProxy(self.line)

    def _empty(self) -> None:
        self.line.clear()
        self.line.textEdited.emit("")

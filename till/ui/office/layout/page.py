"""Keys and categories: the tabs on the left, on the right the grid as the counter has it, or what a category is (T1)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.layout import CategoryEntry, LayoutDesk, Move
from till.app.views import FIRST_TAB, Tile, TilePage
from till.catalog.article import Category
from till.catalog.pictures import MOST_BYTES, NO_PICTURE
from till.errors import Refused, Unavailable
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.layout.category_form import CategoryForm
from till.ui.office.layout.category_list import CategoryList
from till.ui.office.layout.edit_grid import EditGrid
from till.ui.office.page import OfficePage
from till.ui.pictures import Pictures
from till.ui.sale.tile_grid import Pager
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.table import TableSearch
from till.ui.widgets.text import Text

_LIST_WIDTH = 236
_TILES, _SETTINGS = 0, 1


class LayoutPage(OfficePage):
    """Each change counts at once at the counter; only a category's settings wait for Save."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t("Keys and categories"))
        self._desk: LayoutDesk = till.layout
        self._entries: dict[str, CategoryEntry] = {}
        self.pictures = Pictures(till.sale.pictures)
        self.tabs = CategoryList(look)
        self.grid = EditGrid(look, self.pictures)
        self.form = CategoryForm(look, self.pictures)
        self.search = TableSearch(look)
        self.views = QTabBar()
        self._stack = QStackedWidget()
        self.hint = Text("", font(Size.SMALL), "muted").wrapped()
        self.add = self.head_button(Face(look.t("New category"), "plus"), self._begin_new, Kind.PRIMARY)
        self._build()
        self._connect()

    def begin(self) -> None:
        """Show tabs and tiles as they are now; what is typed in a category's settings stays."""
        if self.message.attempt(self._desk.categories, self._take_entries):
            self._show_tab()

    def may_leave(self) -> bool:
        """Whether the settings of a category are saved."""
        if self.form.form.is_changed:
            self.views.setCurrentIndex(_SETTINGS)
            self.message.tell(
                self._look.t("This category is not saved yet. Save it, or choose another tab."), Tone.WARN
            )
            return False
        return True

    def set_picture_from(self, path: Path) -> None:
        """Give the category that is shown the picture in this file; made small beside the window's thread."""
        desk, category_id = self._desk, self.form.category_id
        self.work.begin(
            lambda _watch: desk.set_category_picture(category_id, _content(path)), lambda _: self._pictured()
        )

    def _take_entries(self, entries: tuple[CategoryEntry, ...]) -> None:
        self._entries = {entry.category.id: entry for entry in entries}
        self.tabs.show_entries(entries)
        self.grid.take_shape_of_counter()

    def _choose(self, tab: str) -> None:
        """Another tab; what was typed about the one before and not saved is given up only by this."""
        self.form.show_entry(self._entries.get(tab))
        self.search.line.clear()
        self.grid.pick(None)
        self._show_tab()

    def _show_tab(self) -> None:
        tab = self.tabs.tab
        is_first = tab == FIRST_TAB
        if not self.form.form.is_changed:
            self.form.show_entry(self._entries.get(tab))
        self.views.setTabVisible(_SETTINGS, not is_first)
        if is_first:
            self.views.setCurrentIndex(_TILES)
        self.search.setVisible(is_first)
        self.grid.shows_free = is_first
        self._show_tiles()
        self._show_picked(self.grid.picked)

    def _show_tiles(self) -> None:
        if self.search.line.text().strip() and self.tabs.tab == FIRST_TAB:
            self._find(self.search.line.text())
        else:
            self.grid.show_pages(self._read, self.grid.page)

    def _read(self, first: int, count: int) -> TilePage | None:
        tab = self.tabs.tab
        try:
            page = self._desk.page(tab, first, count)
        except (Refused, Unavailable) as error:
            self.message.show_refusal(error)
            return None
        if tab != FIRST_TAB:
            return page
        # Always room behind the last tile, up to the end of a page.
        return TilePage(page.tiles, (page.places // count + 1) * count)

    def _find(self, typed: str) -> None:
        if not typed.strip():
            self.grid.show_pages(self._read)
            self._show_picked(None)
            return
        sale = self._till.sale
        self.message.attempt(lambda: sale.search(typed), self.grid.show_hits)
        self.hint.setText(self._look.t("Tap what shall lie on the first page."))

    def _take(self, tile: Tile) -> None:
        """A search hit: onto the first page."""
        if self.search.line.text().strip() and self.tabs.tab == FIRST_TAB:
            said = self._look.t("“{name}” lies on the first page now.").format(name=tile.name)
            if self.message.attempt(lambda: self._desk.put(tile)):
                self.search.line.clear()
                self._show_tab()
                self.message.tell(said)

    def _put(self) -> None:
        tile = self.grid.picked
        if tile is not None:
            said = self._look.t("“{name}” lies on the first page now.").format(name=tile.name)
            self.message.attempt(lambda: self._desk.put(tile), lambda _: self.message.tell(said))

    def _remove(self) -> None:
        tile = self.grid.picked
        if tile is not None and self.tabs.tab == FIRST_TAB and self.message.attempt(lambda: self._desk.remove(tile)):
            self.grid.pick(None)
            self.grid.reload()

    def _move(self, tile: Tile, from_place: int, to_place: int) -> None:
        wanted = Move(self.tabs.tab, tile, from_place, to_place)
        if self.message.attempt(lambda: self._desk.move(wanted)):
            self.grid.follow(tile, to_place)
        else:
            self.grid.reload()

    def _move_tab(self, category_id: str, place: int) -> None:
        if self.message.attempt(lambda: self._desk.move_category(category_id, place)):
            self.begin()

    def _begin_new(self) -> None:
        self.tabs.mark("new")
        self.search.hide()
        self.form.show_entry(None)
        self.views.setTabVisible(_SETTINGS, True)
        self.views.setCurrentIndex(_SETTINGS)
        self.form.name.setFocus()

    def _store(self, category: Category) -> None:
        if category.id:
            is_stored = self.message.attempt(lambda: self._desk.change_category(category))
            stored_id = category.id
        else:
            made: list[Category] = []
            add = self._desk.add_category
            is_stored = self.message.attempt(lambda: add(category.name, category.colour), made.append)
            stored_id = made[0].id if made else ""
        if is_stored:
            self.message.attempt(self._desk.categories, self._take_entries)
            self.tabs.mark(stored_id)
            self.form.show_entry(self._entries.get(stored_id))
            self._show_tab()
            self.message.tell(self._look.t("Saved. The counter shows it at once."))

    def _ask_picture(self) -> None:
        t = self._look.t
        kinds = t("Pictures ({patterns})").format(patterns="*.png *.jpg *.jpeg *.webp *.gif *.bmp")
        name, _kind = QFileDialog.getOpenFileName(self, t("Choose picture"), "", kinds)
        if name:
            self.set_picture_from(Path(name))

    def _remove_picture(self) -> None:
        desk, category_id = self._desk, self.form.category_id
        self.work.begin(lambda _watch: desk.set_category_picture(category_id, None), lambda _: self._pictured())

    def _pictured(self) -> None:
        self.message.attempt(self._desk.categories, self._take_entries)
        entry = self._entries.get(self.form.category_id)
        if entry is not None:
            self.form.show_picture(entry)

    def _show_picked(self, tile: Tile | None) -> None:
        t, is_first = self._look.t, self.tabs.tab == FIRST_TAB
        for button in (self.earlier, self.later):
            button.setEnabled(tile is not None)
        self.put.setVisible(not is_first)
        self.put.setEnabled(tile is not None)
        self.remove.setVisible(is_first)
        self.remove.setEnabled(tile is not None)
        if tile is not None:
            words = t("“{name}”: drag it, tap a free place, or use the buttons.").format(name=tile.name)
        elif is_first and not self.grid.shown_tiles:
            words = t("Nothing lies here yet: the counter shows everything in order. Search for what you sell most.")
        else:
            words = t("Tap a tile to move it, or drag it.")
        self.hint.setText(words)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._choose)
        self.tabs.moved.connect(self._move_tab)
        self.views.currentChanged.connect(self._stack.setCurrentIndex)
        self.search.line.textChanged.connect(self._find)
        self.search.line.returnPressed.connect(self._take_first)
        self.grid.taken.connect(self._take)
        self.grid.chosen_tile.connect(self._show_picked)
        self.grid.moved.connect(self._move)
        self.grid.removal_asked.connect(self._remove)
        self.form.stored.connect(self._store)
        self.form.picture_asked.connect(self._ask_picture)
        self.form.picture_removed.connect(self._remove_picture)

    def _take_first(self) -> None:
        hit = self.grid.chosen
        if hit is not None:
            self._take(hit)

    def _build(self) -> None:
        t, look = self._look.t, self._look
        self.earlier = Button(look, Face(icon="arrow-left", name=t("One place forward")))
        self.later = Button(look, Face(icon="arrow-right", name=t("One place back")))
        self.earlier.clicked.connect(lambda: self.grid.move_picked(-1))
        self.later.clicked.connect(lambda: self.grid.move_picked(1))
        self.put = Button(look, Face(t("To the first page"), "plus"))
        self.remove = Button(look, Face(t("Remove here"), "trash"))
        self.put.clicked.connect(self._put)
        self.remove.clicked.connect(self._remove)
        self.search.line.setPlaceholderText(t("Put an article on it …"))
        self.views.addTab(t("Tiles"))
        self.views.addTab(t("Settings"))
        self.views.setExpanding(False)
        self.views.setDrawBase(False)
        self.views.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack.addWidget(self._build_tiles())
        self._stack.addWidget(self.form)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(self._build_head())
        right.addWidget(self._stack, 1)
        self.tabs.setFixedWidth(_LIST_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.tabs)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.search)
        return head

    def _build_tiles(self) -> QWidget:
        tiles = QWidget()
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for widget in (self.earlier, self.later, self.put, self.remove):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(Pager(self._look, self.grid))
        column = QVBoxLayout(tiles)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.hint)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)
        return tiles


def _content(path: Path) -> bytes:
    """The file's content; one that is far too large to be a picture is not read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return b"\0" * (MOST_BYTES + 1)
        return path.read_bytes()
    except OSError as error:
        raise Refused(NO_PICTURE) from error

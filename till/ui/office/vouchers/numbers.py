"""All numbers of a voucher type: found, filtered, and each opened to see and change what it is worth (V40)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QStackedWidget, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.vouchers import NumbersPage, VoucherDesk
from till.staff.permission import Permission
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Message, Tone
from till.ui.office.vouchers.deed_form import FACES, Deed
from till.ui.office.vouchers.number_words import OLD, STATES, state_of
from till.ui.office.vouchers.sheet import VoucherSheet
from till.ui.office.vouchers.tab import TypeTab
from till.ui.theme import Size
from till.ui.widgets.form import ChoiceField
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.table import Column, Table
from till.ui.widgets.text import Text
from till.ui.work import Work
from till.vouchers.listing import NumberLine, Order, Place, Wanted
from till.vouchers.model import Voucher, VoucherState, VoucherType
from till.vouchers.standing import CLOSED

SETTLED_MS = 250
_ICON_WIDTH = 40
_NUMBER_WIDTH = 140
_CELL_PADDING = 26
_WIDE_DAY = dt.date(2028, 12, 28)
NUMBER, TEXT, SOLD, PAID, FACE, REDEEMED, LEFT, UNTIL, STATE, MENU = range(10)
_ROOMY = {SOLD: 560, FACE: 720, REDEEMED: 640, UNTIL: 480, PAID: 860, TEXT: 1000}
"""From which width of the tab a column is shown, until somebody chooses."""
_ORDERS = {
    NUMBER: (Order.NUMBER_UP, Order.NUMBER_DOWN),
    SOLD: (Order.NEWEST, Order.OLDEST),
}
"""What a tap on a title sorts by, and what the next one: only what stays fast with a million vouchers."""
State = VoucherState | bool | None
"""The chosen filter: a state, all (None), or old vouchers only (True)."""


class NumbersTab(TypeTab):
    """The list asks the desk page by page, on a worker's thread; one voucher's sheet is shown in its place."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__(look, till, message)
        self._desk: VoucherDesk = till.vouchers
        self._wanted: Wanted | None = None
        self._after: Place | None = None
        t = look.t
        self.work = Work(self, message)
        self.progress = ProgressStrip(look, self.work, self._progress_words)
        self.table: Table[NumberLine] = Table(look, self._columns(), empty="", filters=False)
        self.state: ChoiceField[State] = ChoiceField(look, t("State"), self._filters())
        self.count = Text("", font(Size.SMALL), "muted")
        self.sheet = VoucherSheet(look, till, self.work)
        self._menu: QMenu | None = None
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._build()
        self._connect()

    @property
    def is_changed(self) -> bool:
        """Whether something typed for a voucher would be lost."""
        return self.sheet.is_changed

    @property
    def shows_sheet(self) -> bool:
        """Whether one voucher is shown in the place of the list."""
        return self._shown.currentWidget() is self.sheet

    def show_type(self, kind: VoucherType, *, is_new: bool = False) -> None:
        """List the numbers of a type; another type's voucher is left for it."""
        is_other = self._wanted is None or self._wanted.type_id != kind.id
        before = self._wanted or Wanted(kind.id)
        self._wanted = None if is_new else replace(before, type_id=kind.id)
        if is_other:
            self.show_list()
        self._look_up()

    def save(self) -> bool:
        """Do what the open form asks for."""
        return self.sheet.form.submit()

    def discard(self) -> None:
        """Give up the open form."""
        self.sheet.form.leave()

    def on_scan(self, code: str) -> bool:
        """A scanned voucher is shown, of whatever type; where a new number is asked for, it is that."""
        if not self.sheet.form.take_code(code):
            self.message.attempt(lambda: self._desk.scanned(code), self._scanned)
        return True

    def tear_down(self) -> None:
        """End what is under way."""
        self.work.cancel()

    def show_voucher(self, voucher_id: uuid.UUID, deed: Deed | None = None) -> None:
        """Show one voucher, and the form of what is to be done to it."""
        self._shown.setCurrentWidget(self.sheet)
        self.sheet.open_voucher(voucher_id, deed)
        if deed is None:
            self.sheet.back_button.setFocus()

    def show_list(self) -> None:
        """Show the list again, where it was."""
        self.sheet.form.hide()
        self._shown.setCurrentIndex(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from a voucher back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.shows_sheet:
            self._leave_sheet()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow tab shows number, rest and state; more comes with more room, until somebody chooses."""
        super().resizeEvent(event)
        before, width = event.oldSize().width(), event.size().width()
        for place, roomy in _ROOMY.items():
            if (before < roomy) != (width < roomy) or before < 0:
                self.table.view.setColumnHidden(place, width < roomy)
        if (before < _ROOMY[TEXT]) != (width < _ROOMY[TEXT]) or before < 0:
            self._give_the_rest_to_texts(is_roomy=width >= _ROOMY[TEXT])

    def _give_the_rest_to_texts(self, *, is_roomy: bool) -> None:
        """Where texts are shown, numbers are as wide as they need."""
        mode = QHeaderView.ResizeMode.Interactive if is_roomy else QHeaderView.ResizeMode.Stretch
        self.table.view.horizontalHeader().setSectionResizeMode(NUMBER, mode)
        self.table.view.setColumnWidth(NUMBER, _NUMBER_WIDTH)

    def _scanned(self, found: tuple[Voucher, ...]) -> None:
        """One is shown; of several (V13) the one of this type, else the newest."""
        here = [one for one in found if self._wanted is not None and one.type_id == self._wanted.type_id]
        self.show_voucher((here or list(found))[-1].id)

    # The list

    def _look_up(self) -> None:
        self._pause.stop()
        self._after = None
        wanted, desk = self._wanted, self._desk
        if wanted is None:
            self._show_page(NumbersPage((), None))
            return
        descending = wanted.order in (Order.NEWEST, Order.NUMBER_DOWN)
        self.table.show_order(NUMBER if wanted.order in _ORDERS[NUMBER] else SOLD, is_descending=descending)
        self.work.begin(lambda watch: desk.page(wanted, None, watch), self._show_page)

    def _more(self) -> None:
        wanted, after, desk = self._wanted, self._after, self._desk
        if wanted is None or after is None or self.work.is_busy:
            return
        self.work.begin(lambda watch: desk.page(wanted, after, watch), self._add_page)

    def _show_page(self, page: NumbersPage) -> None:
        self._after = page.after
        self.table.say_when_empty(self._empty_words())
        self.table.set_rows(page.lines)
        self.table.view.scrollToTop()
        self._count()

    def _add_page(self, page: NumbersPage) -> None:
        self._after = page.after
        self.table.add_rows(page.lines)
        self._count()

    def _count(self) -> None:
        t, shown = self._look.t, len(self.table.model.rows)
        self.count.setVisible(shown > 0)
        words = t.plural("{count} voucher", "{count} vouchers", shown).format(count=shown)
        self.count.setText(
            words if self._after is None else t("The first {words}; more come as you scroll.").format(words=words)
        )

    def _tapped(self, index: QModelIndex) -> None:
        """A tap anywhere on a row opens it; only its last column has a menu."""
        if index.column() != MENU:
            self.show_voucher(self.table.model.shown[index.row()].voucher.id)

    def _typed(self, text: str) -> None:
        if self._wanted is not None:
            self._wanted = replace(self._wanted, text=text)
            self._pause.start()

    def _filter(self) -> None:
        if self._wanted is None:
            return
        chosen = self.state.read()
        state = chosen if isinstance(chosen, VoucherState) else None
        self._wanted = replace(self._wanted, state=state, only_old=chosen is True)
        self._look_up()

    def _sort(self, column: int) -> None:
        if self._wanted is None or column not in _ORDERS:
            self._mark_order()
            return
        first, second = _ORDERS[column]
        self._wanted = replace(self._wanted, order=second if self._wanted.order is first else first)
        self._look_up()

    def _mark_order(self) -> None:
        if self._wanted is not None:
            place = NUMBER if self._wanted.order in _ORDERS[NUMBER] else SOLD
            self.table.show_order(place, is_descending=self._wanted.order in (Order.NEWEST, Order.NUMBER_DOWN))

    def _empty_words(self) -> str:
        t, wanted = self._look.t, self._wanted
        is_narrowed = wanted is not None and (wanted.text.strip() or wanted.state is not None or wanted.only_old)
        if is_narrowed:
            return t("No voucher of this type fits. Type less, or choose another state.")
        return t("No voucher of this type was sold yet.")

    def _progress_words(self, looked_at: int) -> str:
        return self._look.t("{count} vouchers looked through …").format(count=looked_at)

    # One voucher

    def _ask_menu(self, line: NumberLine, where: QPoint) -> None:
        """What can be done with a row."""
        t = self._look.t
        menu = QMenu(self)
        self._add(menu, t("Show"), partial(self.show_voucher, line.voucher.id))
        if line.state not in CLOSED:
            blocking = Deed.UNBLOCK if line.state is VoucherState.BLOCKED else Deed.BLOCK
            for deed in (Deed.REDUCE, Deed.RAISE, blocking, Deed.REISSUE):
                self._add(menu, t(FACES[deed].name), partial(self.show_voucher, line.voucher.id, deed))
            if self._till.staff.may(Permission.VOUCHER_FILES):
                self._add(menu, t("Add to the labels"), partial(self._note_label, line.voucher))
        menu.popup(where)
        self._menu = menu

    def _note_label(self, voucher: Voucher) -> None:
        """Its label is printed on the page for labels, together with others that are noted (V54)."""
        count = self._till.voucher_labels.note(voucher)
        words = self._look.t.plural(
            "{number} is noted for a label. “Labels” prints it.",
            "{number} is noted; that makes {count} labels. “Labels” prints them.",
            count,
        )
        self.message.tell(words.format(number=voucher.number, count=count), Tone.CALM)

    def _add(self, menu: QMenu, words: str, act: Callable[[], object]) -> None:
        action = QAction(words, menu)
        action.triggered.connect(lambda _checked: act())
        menu.addAction(action)

    def _leave_sheet(self) -> None:
        shown = self.sheet.shown
        self.show_list()
        if shown is not None:
            self.table.select(lambda line: line.voucher.id == shown.voucher.id)
        self.table.view.setFocus()

    def _changed(self, voucher_id: uuid.UUID) -> None:
        """The row is shown as it is now; a new number is a new row."""
        line = self._desk.line(voucher_id)
        if line.state is VoucherState.REPLACED:
            self._look_up()
        else:
            self.table.model.replace_row(lambda row: row.voucher.id == voucher_id, line)
        self.moved.emit()

    def _filters(self) -> list[tuple[str, State]]:
        t = self._look.t
        states: list[tuple[str, State]] = [(t(words), state) for state, (words, _tone) in STATES.items()]
        return [(t("All states"), None), *states, (t(OLD), True)]

    def _columns(self) -> list[Column[NumberLine]]:
        t, formats = self._look.t, self._look.formats
        day = QFontMetrics(font(Size.BODY - 1)).horizontalAdvance(formats.date(_WIDE_DAY)) + _CELL_PADDING
        return [
            Column(t("Number"), lambda n: n.voucher.number, is_strong=True, takes_rest=True, width_px=_NUMBER_WIDTH),
            Column(t("Text"), lambda n: n.voucher.text, takes_rest=True, is_shown=False),
            Column(t("Sold"), lambda n: formats.date(n.voucher.issued_at), width_px=day),
            Column(
                t("Bought for"), lambda n: formats.amount(n.voucher.sale), is_figure=True, is_shown=False, width_px=120
            ),
            Column(t("Worth"), lambda n: formats.amount(n.voucher.face), is_figure=True, width_px=80),
            Column(t("Redeemed"), lambda n: formats.amount(n.redeemed), is_figure=True, width_px=92),
            Column(t("Left"), lambda n: formats.amount(n.remaining), is_figure=True, is_strong=True, width_px=82),
            Column(t("Valid until"), lambda n: formats.date(n.voucher.valid_until), width_px=day),
            Column(t("State"), partial(state_of, self._look), tone=lambda n: STATES[n.state][1], width_px=118),
            Column("", lambda _n: t("What can be done with it"), icon="dots", width_px=_ICON_WIDTH),
        ]

    def _connect(self) -> None:
        self._pause.timeout.connect(self._look_up)
        self.table.typed.connect(self._typed)
        self.table.view.clicked.connect(self._tapped)
        self.table.opened.connect(lambda line: self.show_voucher(line.voucher.id))
        self.table.menu_asked.connect(self._ask_menu)
        self.table.sort_asked.connect(self._sort)
        self.table.more_wanted.connect(self._more)
        self.state.changed.connect(self._filter)
        self.sheet.left.connect(self._leave_sheet)
        self.sheet.changed.connect(self._changed)

    def _build(self) -> None:
        t = self._look.t
        self.table.setProperty("role", "")
        self.table.leave_sorting()
        self.table.view.horizontalHeader().setMinimumSectionSize(_ICON_WIDTH)
        self.table.view.setColumnWidth(MENU, _ICON_WIDTH)
        self.table.search.line.setPlaceholderText(t("Number, text …"))
        self.state.label.hide()
        self.state.setMinimumWidth(170)
        self.table.bar.insertWidget(0, self.state)
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addWidget(self.table, 1)
        column.addWidget(self.progress)
        self.count.setContentsMargins(14, 0, 14, 0)
        column.addWidget(self.count)
        self._shown = QStackedWidget()
        self._shown.addWidget(listing)
        self._shown.addWidget(self.sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._shown)

"""What cash is brought or taken for, and how much: the left half of the page for cash in and out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from till.i18n import Translator, msg
from till.shifts.movement import MovementKind
from till.ui.entry import Entry
from till.ui.look import Look
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Face
from till.ui.widgets.choices import Choices
from till.ui.widgets.keypad import KeyPad, PadKey

_MARGIN = 16
_WAYS = (
    ("in", msg("Put in"), "transfer-in"),
    ("out", msg("Take out"), "transfer-out"),
    ("drop", msg("To the bank"), "building-bank"),
)
_KINDS = {
    "in": (MovementKind.CHANGE_IN, MovementKind.PRIVATE_IN, MovementKind.TIPS_IN, MovementKind.OTHER_IN),
    "out": (MovementKind.OTHER_OUT, MovementKind.PRIVATE_OUT, MovementKind.TIPS_OUT, MovementKind.WAGES_OUT),
    "drop": (MovementKind.BANK_DROP,),
}


class MovementForm(QFrame):
    """`kind_chosen` with a MovementKind; `edited` when the amount changes. `beside` is shown below the amount."""

    kind_chosen = Signal(object)
    edited = Signal()

    def __init__(self, look: Look, beside: QWidget) -> None:
        super().__init__()
        self._look = look
        self.kind = MovementKind.OTHER_OUT
        self.entry = Entry(has_decimal_key=look.has_decimal_key)
        self.setProperty("role", "card")
        self.ways = Choices(look, [(key, Face(look.t(word), icon)) for key, word, icon in _WAYS])
        self.ways.chosen.connect(self._choose_way)
        self.kinds = {way: self._built_kinds(look.t, kinds) for way, kinds in _KINDS.items() if len(kinds) > 1}
        self.amount = AmountField(look, look.t("Amount"))
        self.amount.set_active(True)
        self._build(beside)
        self.choose(self.kind)
        self.set_entry(self.entry)

    @property
    def least_width(self) -> int:
        """The width in pixels in which every word of every kind has room."""
        return max(choices.minimumSizeHint().width() for choices in (self.ways, *self.kinds.values())) + 2 * _MARGIN

    def choose(self, kind: MovementKind) -> None:
        """Show this kind as chosen."""
        self.kind = kind
        way = next(way for way, kinds in _KINDS.items() if kind in kinds)
        self.ways.show_chosen(way)
        for name, choices in self.kinds.items():
            choices.setVisible(name == way)
            choices.show_chosen(kind)

    def set_entry(self, entry: Entry) -> None:
        """Show what is typed."""
        self.entry = entry
        self.amount.show_figure(entry.shown_money(self._look.formats), is_typed=bool(entry))
        self.edited.emit()

    def press(self, key: str) -> None:
        """One more key."""
        self.set_entry(self.entry.pressed(key))

    def act_on(self, key_id: str) -> None:
        """The last key, or all of them, back."""
        self.set_entry(self.entry.shortened() if key_id == "back" else self.entry.cleared())

    def _choose_way(self, way: str) -> None:
        self._choose_kind(_KINDS[way][0])

    def _choose_kind(self, kind: MovementKind) -> None:
        self.choose(kind)
        self.kind_chosen.emit(kind)

    def _built_kinds(self, t: Translator, kinds: tuple[MovementKind, ...]) -> Choices:
        choices = Choices(self._look, [(kind, Face(t(kind.called))) for kind in kinds], columns=2)
        choices.chosen.connect(self._choose_kind)
        return choices

    def _build(self, beside: QWidget) -> None:
        t = self._look.t
        back = PadKey("back", Face(icon="backspace", name=t("Delete the last key")))
        self.pad = KeyPad(self._look, (back, PadKey("clear", Face("C", name=t("Clear")))))
        self.pad.typed.connect(self.press)
        self.pad.acted.connect(self.act_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(10)
        column.addWidget(self.ways)
        for choices in self.kinds.values():
            column.addWidget(choices)
        column.addWidget(self.amount)
        column.addWidget(beside)
        column.addStretch(1)
        column.addWidget(self.pad)

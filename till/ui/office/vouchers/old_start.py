"""Where an import of old vouchers begins: a place to drop or paste a table, and what counts for all of its rows (V53)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from till.ui import icons
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.office.parts import beside
from till.ui.office.vouchers.fields import DayField
from till.ui.office.vouchers.kind_choice import KindField
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import ChoiceField, Form
from till.ui.widgets.text import Text
from till.vouchers.model import VoucherType
from till.vouchers.old_table import Defaults

_ICON = 40


class OldStart(QFrame):
    """`file_asked` when a file shall be chosen, `paste_asked` for the clipboard, `example_asked` for a table to fill in."""

    file_asked = Signal()
    paste_asked = Signal()
    example_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        t = look.t
        self._look = look
        paid: list[tuple[str, bool]] = [(t("paid"), False), (t("a gift"), True)]
        self.kind = KindField(look)
        self.is_gift = ChoiceField[bool](look, t("They were"), paid)
        self.valid_until = DayField(look, t("Valid until"))
        self.valid_until.show_hint(t("as the type says"))
        self.form = Form(self.kind, self.is_gift, self.valid_until)
        self.choose_button = self._button(Face(t("Choose a table"), "folder"), Kind.PRIMARY)
        self.choose_button.clicked.connect(self.file_asked)
        self.paste_button = self._button(Face(t("Paste"), "copy", key=_shown(QKeySequence.StandardKey.Paste)))
        self.paste_button.clicked.connect(self.paste_asked)
        self.example_button = self._button(Face(t("Save an example"), "download"))
        self.example_button.clicked.connect(self.example_asked)
        self._build()

    def offer(self, kinds: Sequence[VoucherType]) -> None:
        """Offer these types; the one that was chosen stays."""
        self.kind.offer_kinds(kinds)

    def defaults(self) -> Defaults | None:
        """What counts for rows that say nothing themselves; None, and said beside the field, where that can't be read."""
        if not self.form.is_right():
            return None
        return Defaults(self.kind.value(), self.is_gift.value(), self.valid_until.value())

    def _button(self, face: Face, kind: Kind = Kind.PLAIN) -> Button:
        button = Button(self._look, face, kind)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button

    def _build(self) -> None:
        t, look = self._look.t, self._look
        mark = QLabel()
        mark.setPixmap(icons.pixmap("file-import", look.palette.accent, _ICON, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self.choose_button)
        row.addWidget(self.paste_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(mark)
        column.addWidget(_centred(Text(t("Drop a table of old vouchers here"), bold(Size.TITLE))))
        words = t("XLSX or CSV, also the one of JTL-Vouchers. It is checked first; nothing is booked by that.")
        column.addWidget(_centred(Text(words, font(Size.BODY - 1), "muted")))
        column.addLayout(row)
        column.addWidget(self.example_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(Text(t("For rows that say nothing else:"), font(Size.BODY - 1), "muted").wrapped())
        column.addWidget(self.kind)
        column.addLayout(beside(self.is_gift, self.valid_until))


def _shown(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _centred(text: Text) -> Text:
    text.wrapped().setAlignment(Qt.AlignmentFlag.AlignCenter)
    return text

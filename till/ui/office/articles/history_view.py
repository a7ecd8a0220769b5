"""Who changed an article when, and what it was before and after: read from the audit trail."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from till.app.articles import ColumnChange, HistoryEntry
from till.i18n import msg
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.text import Text

MOST_SHOWN = 50
_COLUMNS = {
    "Artikelnummer": msg("Article number"),
    "Bezeichnung": msg("Name"),
    "Bontext": msg("Name on the receipt"),
    "Warengruppe": msg("Category"),
    "Preis": msg("Price (with VAT)"),
    "Steuerschlüssel": msg("VAT rate"),
    "Art": msg("Kind"),
    "Einheit": msg("Unit"),
    "EAN": msg("Codes (EAN)"),
    "PLU": msg("PLU number"),
    "Pfandartikel": msg("Deposit"),
    "Aktiv": msg("For sale"),
    "Rabattfähig": msg("May be reduced"),
    "Waage": msg("Sold by weight or measure"),
    "Platz": msg("Place in the grid"),
    "Mindestalter": msg("Minimum age"),
    "Notiz": msg("Note (not printed)"),
    "Staffelpreise": msg("Prices by quantity"),
    "Geplante Preise": msg("Planned prices"),
    "Bild": msg("Picture"),
}
"""The trail is written in the words of the article table, whatever the screen speaks."""


class HistoryView(QWidget):
    """The changes, the latest on top."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_entries(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show these and no others."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for entry in entries[:MOST_SHOWN]:
            self._column.addWidget(self._entry(entry))
        if not entries:
            words = self._look.t("Nothing was changed here yet. What an import changes stands in the audit trail.")
            self._column.addWidget(Text(words, font(Size.BODY - 1), "muted").wrapped())
        self._column.addStretch(1)

    def _entry(self, entry: HistoryEntry) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "row")
        column = QVBoxLayout(frame)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(2)
        head = f"{self._look.formats.value(entry.at)} · {entry.user_name}"
        column.addWidget(Text(head, semibold(Size.SMALL), "muted"))
        if entry.is_new:
            column.addWidget(Text(self._look.t("Made"), semibold(Size.BODY - 1)))
        for change in entry.changes:
            if not entry.is_new or change.after:
                column.addWidget(Text(self._words(change, entry), font(Size.BODY - 1)).wrapped())
        return frame

    def _words(self, change: ColumnChange, entry: HistoryEntry) -> str:
        title = self._look.t(_COLUMNS.get(change.column, change.column))
        if entry.is_new:
            return f"{title}: {change.after}"
        return f"{title}: {change.before or '–'} → {change.after or '–'}"

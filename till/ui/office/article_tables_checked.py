"""What a checked table of articles would do: how many rows of each verdict, and the rows themselves."""

from __future__ import annotations

from till.app.article_tables import ArticleTables, Preview
from till.catalog.table_import import RowVerdict
from till.i18n import msg
from till.tables.verdict import Verdict
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.checked_rows import CheckedRows, RowWords, named
from till.ui.widgets.table import Column

NAMES: dict[Verdict, str] = {
    Verdict.REFUSED: msg("refused"),
    Verdict.NEW: msg("new"),
    Verdict.CHANGED: msg("changed"),
    Verdict.UNCHANGED: msg("unchanged"),
}
"""In the order of the chips: what has to be mended first."""
_TONES = {Verdict.REFUSED: "danger", Verdict.NEW: "calm", Verdict.CHANGED: "warn", Verdict.UNCHANGED: "quiet"}


class CheckedTable(CheckedRows[RowVerdict]):
    """The verdicts of the table that the desk has checked."""

    def __init__(self, look: Look, desk: ArticleTables, message: Message) -> None:
        self._look = look
        self.preview: Preview | None = None
        super().__init__(look, message, RowWords(NAMES, self._columns(), desk.rows, self._words))

    def show_preview(self, preview: Preview) -> None:
        """Show what a check has found."""
        self.preview = preview
        self.show_counts(preview.file, preview.counts, self._said(preview))

    def _said(self, preview: Preview) -> list[str]:
        t = self._look.t
        said = []
        if preview.unknown_columns:
            words = t("These columns nobody knows, they are left out: {titles}.")
            said.append(words.format(titles=named(preview.unknown_columns)))
        if preview.new_categories:
            words = t.plural(
                "{count} new category is made: {names}.",
                "{count} new categories are made: {names}.",
                len(preview.new_categories),
            )
            said.append(words.format(count=len(preview.new_categories), names=named(preview.new_categories)))
        if not preview.is_acceptable:
            said.append(
                t("Nothing can be taken over while rows are refused. Mend them in the file and check it again.")
            )
        return said

    def _columns(self) -> list[Column[RowVerdict]]:
        t = self._look.t
        return [
            Column(t("Row"), lambda r: str(r.row), order=lambda r: r.row, is_figure=True, width_px=72),
            Column(t("Number"), lambda r: r.number, is_strong=True, width_px=110),
            Column(t("Name"), lambda r: r.name, width_px=190),
            Column(
                t("Verdict"),
                lambda r: t(NAMES[r.verdict]),
                tone=lambda r: _TONES[r.verdict],
                width_px=130,
                is_shown=False,
            ),
            Column(t("Column"), self._column_of, width_px=130, is_shown=False),
            Column(t("What would happen"), self._words, width_px=300, takes_rest=True),
        ]

    def _column_of(self, row: RowVerdict) -> str:
        return row.problem.column if row.problem is not None else ", ".join(change.column for change in row.changes)

    def _words(self, row: RowVerdict) -> str:
        """Why a row is refused, or what it changes."""
        if row.problem is not None:
            sentence = self._look.formats.sentence(row.problem)
            return f"{row.problem.column}: {sentence}" if row.problem.column else sentence
        if row.changes:
            return "; ".join(f"{one.column}: {one.before or '–'} → {one.after or '–'}" for one in row.changes)
        return self._look.t("is made") if row.verdict is Verdict.NEW else self._look.t("stays as it is")

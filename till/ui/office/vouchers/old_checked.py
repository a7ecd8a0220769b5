"""What a checked table of old vouchers would do, row by row."""

from __future__ import annotations

from till.app.voucher_files import OldPreview, VoucherFiles
from till.i18n import msg
from till.quantity import pieces
from till.tables.verdict import Verdict
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.checked_rows import CheckedRows, RowWords, named
from till.ui.widgets.table import Column
from till.vouchers.old_staging import OldRow, StagedTerms

NAMES: dict[Verdict, str] = {
    Verdict.REFUSED: msg("refused"),
    Verdict.NEW: msg("ready"),
    Verdict.UNCHANGED: msg("left out"),
}
"""In the order of the chips: what has to be mended first."""


class CheckedOld(CheckedRows[OldRow]):
    """The verdicts of the table that the desk has checked."""

    def __init__(self, look: Look, desk: VoucherFiles, message: Message) -> None:
        self._look = look
        self.preview: OldPreview | None = None
        saved = frozenset({Verdict.REFUSED, Verdict.UNCHANGED})
        super().__init__(look, message, RowWords(NAMES, self._columns(), desk.rows, self._words, saved))

    def show_preview(self, preview: OldPreview) -> None:
        """Show what a check has found."""
        self.preview = preview
        self.show_counts(preview.file, preview.counts, self._said(preview))

    def _said(self, preview: OldPreview) -> list[str]:
        t, money, sums = self._look.t, self._look.formats.money, preview.sums
        said = []
        if sums.count:
            words = t.plural(
                "{count} voucher comes in: {paid} paid, {gift} as gifts.",
                "{count} vouchers come in: {paid} paid, {gift} as gifts.",
                sums.count,
            )
            count = self._look.formats.quantity(pieces(sums.count))
            said.append(words.format(count=count, paid=money(sums.paid), gift=money(sums.gift)))
        if sums.expired:
            words = t.plural(
                "{count} of them has expired already.", "{count} of them have expired already.", sums.expired
            )
            said[0] += " " + words.format(count=self._look.formats.quantity(pieces(sums.expired)))
        if preview.counts[Verdict.REFUSED] and sums.count:
            said.append(t("Refused rows stay out; the others can be brought in without them."))
        if preview.unknown_columns:
            words = t("These columns nobody knows, they are left out: {titles}.")
            said.append(words.format(titles=named(preview.unknown_columns)))
        return said

    def _columns(self) -> list[Column[OldRow]]:
        t, look = self._look.t, self._look
        return [
            Column(t("Row"), lambda r: str(r.row), order=lambda r: r.row, is_figure=True, width_px=72),
            Column(t("Number"), lambda r: r.number, is_strong=True, width_px=130),
            Column(
                t("Value"),
                lambda r: "" if r.terms is None else look.formats.money(r.terms.face),
                order=lambda r: None if r.terms is None else r.terms.face.cents,
                is_figure=True,
                width_px=96,
            ),
            Column(t("What would happen"), self._words, width_px=300, takes_rest=True),
        ]

    def _words(self, row: OldRow) -> str:
        """Why a row is kept out, or what comes of it."""
        if row.problem is not None:
            sentence = self._look.formats.sentence(row.problem)
            return f"{row.problem.column}: {sentence}" if row.problem.column else sentence
        return "" if row.terms is None else self._terms(row.terms)

    def _terms(self, terms: StagedTerms) -> str:
        t, date = self._look.t, self._look.formats.date
        words = t("{type}, gift, valid until {date}") if not terms.sale else t("{type}, paid, valid until {date}")
        return words.format(type=terms.type_name, date=date(terms.valid_until))

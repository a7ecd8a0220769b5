"""The desk for vouchers in files: runs of numbers, old vouchers one by one and by the table (V51 to V53)."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.table_check import NO_CHECK, WAIT_S, Reasons, check_unchanged, write_reasons
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.catalog.barcodes import voucher_barcode
from till.errors import Refused, Unavailable
from till.formats import Formats, shortened
from till.i18n import Translator, msg
from till.staff.permission import Permission
from till.tables.reading import PORTION, Table, open_pasted, open_table, portions
from till.tables.verdict import Verdict
from till.tables.writing import Value, write_table
from till.vouchers.generator import NumberRun
from till.vouchers.model import Voucher, VoucherType
from till.vouchers.old import Arrival, OldVoucher, brought_in
from till.vouchers.old_import import OldImport, OldSums
from till.vouchers.old_staging import OldRow, OldStaging
from till.vouchers.old_table import COLUMNS, WRITTEN, Defaults, OldTerms, example
from till.vouchers.opening import ATTACHED, bring_in, bring_in_attached, bring_in_copied, ready
from till.vouchers.rules import voucher_rules
from till.vouchers.sealed import Covered
from till.vouchers.types import types_still_sold_first, voucher_types

_log = logging.getLogger(__name__)
NUMBER_TITLES = (msg("Number"), msg("Barcode"))
PASTED = msg("pasted table")
_NOTHING_GOOD = msg("No row of the table can be brought in.")
_NOTHING_PASTED = msg("Nothing is pasted. Copy the rows in the table program, with their titles.")
_TOO_MUCH_PASTED = msg("That is too much to paste. Save it as XLSX or CSV and open the file.")
_MOST_PASTED = 20_000_000


@dataclass(frozen=True, slots=True)
class OldPreview:
    """What bringing a table in would do. `unknown_columns` are its titles that nobody knows: they are left out."""

    file: str
    counts: Mapping[Verdict, int]
    sums: OldSums
    unknown_columns: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class _Checked:
    """A table that was checked: where it lies, or what was pasted, and what of it is ready."""

    source: Path | str
    staging: OldStaging
    preview: OldPreview
    entry_id: uuid.UUID


@dataclass(slots=True)
class VoucherFiles:
    """At most one checked table at a time; checking another one, or closing, forgets it.

    Its calls are long ones, for a worker's thread; one at a time.
    """

    _workplace: Workplace
    _checked: _Checked | None = field(default=None, init=False)

    def kinds(self) -> list[VoucherType]:
        """All voucher types, those that are sold no more at the end: their old vouchers may be brought in too."""
        with self._workplace.database.read() as session:
            return types_still_sold_first(session)

    @needs(Permission.VOUCHER_FILES)
    def write_numbers(self, path: Path, run: NumberRun, kind: VoucherType | None, watch: Watch | None = None) -> int:
        """Write numbers and their barcodes as an XLSX, or CSV by the name's ending; says how many. Nothing is booked (V51).

        The barcodes are as the till prints them for this type; without one they are the bare numbers. Raises Unavailable
        when it can't be written, Refused when cancelled: a file that was there is as it was then.
        """
        t = Translator(self._workplace.settings.language)
        return write_table(path, [t(title) for title in NUMBER_TITLES], _numbers(run, kind, watch or Watch()))

    @needs(Permission.VOUCHER_FILES)
    def add_old(self, old: OldVoucher) -> Voucher:
        """Bring in one old voucher; it is active at once, and there is no receipt (V52)."""
        self._workplace.check_real()
        context = self._workplace.context(needs_shift=False)

        def work(session: Session) -> Voucher:
            voucher = brought_in(old, self._arrival(session, uuid.uuid4()), uuid.uuid4())
            bring_in(session, context, voucher)
            return voucher

        return self._workplace.run(work)

    @needs(Permission.VOUCHER_FILES)
    def write_example(self, path: Path) -> int:
        """Write a table that shows how one is filled in, as CSV or, by the name's ending, XLSX."""
        rows = example(self.kinds(), self._workplace.today())
        return write_table(path, [column.title for column in WRITTEN], rows)

    @needs(Permission.VOUCHER_FILES)
    def check(self, path: Path, defaults: Defaults, watch: Watch | None = None) -> OldPreview:
        """Read a table and say what it would do, without doing it; `rows` then tells it row by row.

        Raises Refused for a table that can't be read at all, or when cancelled; Unavailable for disk or database.
        """
        self.close()
        return self._check(path, shortened(path.name, 80), defaults, watch or Watch())

    @needs(Permission.VOUCHER_FILES)
    def check_pasted(self, pasted: str, defaults: Defaults, watch: Watch | None = None) -> OldPreview:
        """As `check`, for a table that comes from the clipboard."""
        self.close()
        if not pasted.strip():
            raise Refused(_NOTHING_PASTED)
        if len(pasted) > _MOST_PASTED:
            raise Refused(_TOO_MUCH_PASTED)
        return self._check(pasted, Translator(self._workplace.settings.language)(PASTED), defaults, watch or Watch())

    def rows(self, verdict: Verdict, after_row: int = 0, limit: int = 100) -> list[OldRow]:
        """The next rows with this verdict behind row `after_row`, in the table's order."""
        return self._table().staging.rows(verdict, after_row, limit)

    @needs(Permission.VOUCHER_FILES)
    def apply(self) -> OldPreview:
        """Bring in all good rows of the checked table in one unit of work, or nothing; sales go on beside it (V53).

        Raises Refused when a number was taken, or the file changed, since the check; a stick that was pulled out changes
        nothing. The same table checked again then has no good row any more.
        """
        checked = self._table()
        self._workplace.check_real()
        if not checked.preview.sums.count:
            raise Refused(_NOTHING_GOOD)
        with contextlib.suppress(Unavailable):
            _check_unchanged(checked)
        self._bring_in(checked)
        _log.info("old vouchers brought in: %s", checked.preview.sums.count)
        self.close()
        return checked.preview

    @needs(Permission.VOUCHER_FILES)
    def export_left_out(self, path: Path, verdict: Verdict, formats: Formats, watch: Watch | None = None) -> int:
        """Write the rows that are refused, or left out, as they stand in the table, with row, column and reason before them.

        Raises Refused when the file was changed since the check, Unavailable when it is gone or the new one can't be written.
        """
        checked = self._table()
        _check_unchanged(checked)
        return write_reasons(path, _opened(checked.source), self._reasons(verdict), formats, watch or Watch())

    def close(self) -> None:
        """Forget the checked table."""
        checked, self._checked = self._checked, None
        if checked is not None:
            checked.staging.close()

    def _check(self, source: Path | str, name: str, defaults: Defaults, watch: Watch) -> OldPreview:
        settings = self._workplace.settings
        place = settings.data_dir / f"import-vouchers-{settings.till_id}.db"
        staging = OldStaging(place, self._workplace.database.key)
        try:
            checked = self._staged(source, name, defaults, (staging, watch))
        except BaseException:
            staging.close()
            raise
        self._checked = checked
        return checked.preview

    def _staged(self, source: Path | str, name: str, defaults: Defaults, on: tuple[OldStaging, Watch]) -> _Checked:
        database, (staging, watch) = self._workplace.database, on
        table = _opened(source)
        entry_id = uuid.uuid4()
        with database.read() as session:
            terms = OldTerms(voucher_types(session), self._workplace.rates(), self._workplace.today(), defaults)
            run = OldImport(staging, table.header, terms, self._arrival(session, entry_id))
            run.begin(session)
        done = 0
        for some in portions(table.rows):
            with database.read() as session:
                run.stage(session, some)
            done += len(some)
            watch.told(done)
        sums = run.finish()
        preview = OldPreview(name, staging.counts(), sums, table.header.unknown, table.digest)
        checked = _Checked(source, staging, preview, entry_id)
        _check_unchanged(checked)
        return checked

    def _bring_in(self, checked: _Checked) -> None:
        database, sums = self._workplace.database, checked.preview.sums
        context = self._workplace.context(needs_shift=False)
        covered = Covered(checked.preview.file, sums.count, sums.paid, sums.gift, sums.digest)
        opening = ready(context, checked.staging, covered, checked.entry_id)
        if database.is_sqlite:
            with database.write_beside(checked.staging.path, ATTACHED, WAIT_S) as session:
                bring_in_attached(session, context, opening)
            return
        database.run(lambda session: bring_in_copied(session, context, opening, checked.staging), WAIT_S)

    def _arrival(self, session: Session, entry_id: uuid.UUID) -> Arrival:
        workplace = self._workplace
        return Arrival(
            entry_id,
            workplace.settings.till_id,
            workplace.clock.now(),
            workplace.today(),
            workplace.shop.zone,
            voucher_rules(session).terms,
            workplace.vat_rates,
        )

    def _reasons(self, verdict: Verdict) -> Reasons:
        last = 0
        while some := self.rows(verdict, last, PORTION):
            yield from ((row.row, row.problem) for row in some if row.problem is not None)
            last = some[-1].row

    def _table(self) -> _Checked:
        if self._checked is None:
            raise Refused(NO_CHECK)
        return self._checked


def _opened(source: Path | str) -> Table:
    return open_pasted(source, COLUMNS) if isinstance(source, str) else open_table(source, COLUMNS)


def _check_unchanged(checked: _Checked) -> None:
    """What was pasted can't change."""
    if isinstance(checked.source, Path):
        check_unchanged(checked.source, checked.preview.digest)


def _numbers(run: NumberRun, kind: VoucherType | None, watch: Watch) -> Iterator[list[Value]]:
    for done, number in enumerate(run):
        if done % PORTION == 0:
            watch.told(done)
        yield [number, number if kind is None else voucher_barcode(kind.plu, number)]

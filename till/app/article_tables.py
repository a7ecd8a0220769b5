"""The desk for tables of articles: writes all of them to one, and takes one from outside in, first as a preview."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.table_check import NO_CHECK, WAIT_S, Reasons, check_unchanged, write_reasons
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.audit import trail
from till.catalog import lookup
from till.catalog.prices import bring_into_force
from till.catalog.staging import Staging
from till.catalog.table_apply import ATTACHED, apply_attached, apply_portions
from till.catalog.table_columns import COLUMNS, WRITTEN, written
from till.catalog.table_import import Asked, RowVerdict, TableImport, listed, verdict_rows
from till.errors import Refused, Unavailable
from till.formats import Formats, shortened
from till.i18n import msg
from till.staff.permission import Permission
from till.tables.reading import PORTION, open_table, portions
from till.tables.verdict import Verdict
from till.tables.writing import Value, write_table

_log = logging.getLogger(__name__)
_NOTED_CHANGES = 200
_HAS_REFUSED = msg("{count} rows of the table can’t be taken over. Correct them in the file and check it again.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a table in would do. `unknown_columns` are its titles that nobody knows: they are left out."""

    file: str
    counts: Mapping[Verdict, int]
    read_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    new_categories: tuple[str, ...]
    digest: str

    @property
    def is_acceptable(self) -> bool:
        """Whether it can be taken over: no row is refused."""
        return self.counts[Verdict.REFUSED] == 0

    @property
    def changes_something(self) -> bool:
        """Whether taking it over does anything at all."""
        return self.counts[Verdict.NEW] + self.counts[Verdict.CHANGED] > 0


@dataclass(slots=True)
class ArticleTables:
    """At most one checked table at a time; checking another one, or closing, forgets it.

    Its calls are long ones, for a worker's thread; one at a time.
    """

    _workplace: Workplace
    _staging: Staging | None = field(default=None, init=False)
    _preview: Preview | None = field(default=None, init=False)
    _source: Path = field(default=Path(), init=False)

    def count(self) -> int:
        """How many articles there are, inactive ones too: what `export` writes."""
        with self._workplace.database.read() as session:
            return lookup.count(session)

    @needs(Permission.CATALOGUE)
    def export(self, path: Path, watch: Watch | None = None) -> int:
        """Write all articles, inactive ones too, to a CSV or, by the name's ending, XLSX; says how many.

        Reading it back changes nothing. Raises Unavailable when it can't be written, Refused when cancelled: a file that
        was there is as it was then.
        """
        self._bring_prices_into_force()
        return write_table(path, [column.title for column in WRITTEN], self._written(watch or Watch()))

    @needs(Permission.CATALOGUE)
    def check(self, path: Path, asked: Asked | None = None, watch: Watch | None = None) -> Preview:
        """Read a table and say what it would do, without doing it; `rows` then tells it row by row.

        Raises Refused for a table that can't be read at all, or when cancelled; Unavailable for disk or database.
        """
        self.close()
        self._bring_prices_into_force()
        self._source = path
        self._staging = Staging(self._staging_file(), self._workplace.database.key)
        try:
            self._preview = self._check(self._staging, path, asked or Asked(), watch or Watch())
        except BaseException:
            self.close()
            raise
        return self._preview

    def rows(self, verdict: Verdict, after_row: int = 0, limit: int = 100) -> list[RowVerdict]:
        """The next rows with this verdict behind row `after_row`, in the table's order."""
        staging, _ = self._checked()
        return verdict_rows(staging, verdict, after_row, limit)

    @needs(Permission.CATALOGUE)
    def apply(self) -> Preview:
        """Take the checked table over, all of it in one unit of work or nothing; sales go on beside it.

        Raises Refused when rows are refused, or articles or the file were changed since the check; a stick that was pulled
        out changes nothing. The same table checked again then has unchanged rows only.
        """
        staging, preview = self._checked()
        if not preview.is_acceptable:
            raise Refused(_HAS_REFUSED, count=preview.counts[Verdict.REFUSED])
        with contextlib.suppress(Unavailable):
            check_unchanged(self._source, preview.digest)
        if preview.changes_something:
            self._take_over(staging, preview)
            _log.info("articles imported: %s", _summary(preview))
        self.close()
        return preview

    @needs(Permission.CATALOGUE)
    def export_refused(self, path: Path, formats: Formats, watch: Watch | None = None) -> int:
        """Write the refused rows as they stand in the table, with row, column and reason before them; says how many.

        Raises Refused when the file was changed since the check, Unavailable when it is gone or the new one can't be written.
        """
        _, preview = self._checked()
        check_unchanged(self._source, preview.digest)
        return write_reasons(path, open_table(self._source, COLUMNS), self._reasons(), formats, watch or Watch())

    def close(self) -> None:
        """Forget the checked table."""
        staging, self._staging, self._preview = self._staging, None, None
        if staging is not None:
            staging.close()

    def _bring_prices_into_force(self) -> None:
        """Planned prices whose time has come are what a table shows, and what an imported price takes the place of."""
        now = self._workplace.clock.now()
        while self._workplace.database.run(lambda session: bring_into_force(session, now), WAIT_S):
            pass

    def _check(self, staging: Staging, path: Path, asked: Asked, watch: Watch) -> Preview:
        database = self._workplace.database
        table = open_table(path, COLUMNS)
        run = TableImport(staging, table.header, self._workplace.rates(), asked)
        with database.read() as session:
            run.begin(session)
        done = 0
        for some in portions(table.rows):
            with database.read() as session:
                run.stage(session, some)
            done += len(some)
            watch.told(done)
        with database.read() as session:
            run.finish(session)
        check_unchanged(self._source, table.digest)
        return Preview(
            file=shortened(path.name, 80),
            counts=staging.counts(),
            read_columns=tuple(table.header.titles.values()),
            unknown_columns=table.header.unknown,
            new_categories=tuple(category.name for category in run.new_categories),
            digest=table.digest,
        )

    def _take_over(self, staging: Staging, preview: Preview) -> None:
        database = self._workplace.database
        context = self._workplace.context(needs_shift=False)
        before, after = _noted(staging, preview)

        def note(session: Session) -> None:
            trail.note(session, context, trail.Action.ARTICLES_IMPORTED, preview.file, before=before, after=after)

        if database.is_sqlite:
            with database.write_beside(staging.path, ATTACHED, WAIT_S) as session:
                apply_attached(session)
                note(session)
            return

        def work(session: Session) -> None:
            apply_portions(session, staging)
            note(session)  # last: it takes the till's lock, which a sale needs too

        database.run(work, WAIT_S)

    def _written(self, watch: Watch) -> Iterator[list[Value]]:
        database = self._workplace.database
        with database.read() as session:
            categories = {category.id: category.name for category in lookup.categories(session)}
        number, done = "", 0
        while True:
            with database.read() as session:
                some = lookup.articles_after(session, number, PORTION)
                numbers = lookup.numbers_of(session, {a.deposit_id for a in some if a.deposit_id is not None})
            if not some:
                return
            yield from (written(listed(article, categories, numbers)) for article in some)
            number, done = some[-1].number, done + len(some)
            watch.told(done)

    def _reasons(self) -> Reasons:
        last = 0
        while some := self.rows(Verdict.REFUSED, last, PORTION):
            yield from ((row.row, row.problem) for row in some if row.problem is not None)
            last = some[-1].row

    def _checked(self) -> tuple[Staging, Preview]:
        if self._staging is None or self._preview is None:
            raise Refused(NO_CHECK)
        return self._staging, self._preview

    def _staging_file(self) -> Path:
        settings = self._workplace.settings
        return settings.data_dir / f"import-{settings.till_id}.db"


def _summary(preview: Preview) -> str:
    counts = ", ".join(f"{preview.counts[verdict]} {verdict.value}" for verdict in Verdict)
    return f"{counts}; sha256 {preview.digest}"


def _noted(staging: Staging, preview: Preview) -> tuple[str, str]:
    """Before and after for the audit trail: the first changes in full, the others by their count (GoBD Rz. 107)."""
    changed = verdict_rows(staging, Verdict.CHANGED, 0, _NOTED_CHANGES)
    before = [f"{row.number}: " + "; ".join(f"{c.column} {c.before}" for c in row.changes) for row in changed]
    after = [f"{row.number}: " + "; ".join(f"{c.column} {c.after}" for c in row.changes) for row in changed]
    more = preview.counts[Verdict.CHANGED] - len(changed)
    rest = [f"and {more} more"] if more else []
    return "\n".join([*before, *rest]), "\n".join([_summary(preview), *after, *rest])

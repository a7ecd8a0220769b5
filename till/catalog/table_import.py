"""Goes through a table of articles, portion by portion: compares each row with the books and says what it would do."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog import lookup
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.plu import PluKind
from till.catalog.staging import Batch, Staging, stored
from till.catalog.table_columns import Change, Listed, RowReader, Terms, changes
from till.catalog.table_known import Known
from till.db.staging import ids_in_order
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.tables.header import Header
from till.tables.reading import portions
from till.tables.row import Row
from till.tables.verdict import Problem, Verdict

NEW_COLOUR = "#E4E6EA"
MAX_NEW_CATEGORIES = 300
_CODE, _PLU = "code", "plu"
_CHANGED, _UNCHANGED = Verdict.CHANGED.value, Verdict.UNCHANGED.value

NUMBER_TWICE = msg("The article number stands in row {row} already.")
CODE_IN_TABLE = msg("The code {code} stands in row {row} already.")
PLU_IN_TABLE = msg("The PLU number {plu} stands in row {row} already.")
CODE_TAKEN = msg("The code {code} belongs to article {number}, which the table leaves as it is.")
PLU_TAKEN = msg("The PLU number {plu} is already in use.")
NO_CATEGORY = msg("A new article needs a category.")
UNKNOWN_CATEGORY = msg("There is no category “{name}”.")
TOO_MANY_CATEGORIES = msg("“{name}” would be one of more than {most} new categories. Is this the right column?")
UNKNOWN_DEPOSIT = msg("There is no article {number} for the deposit.")
NOT_A_DEPOSIT = msg("Article {number} is no deposit.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants: unknown categories are made, or their rows refused; `category` is for new rows without one."""

    makes_categories: bool = True
    category: str = ""


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is said about one row: `changes` of a changed one, `problem` of a refused one."""

    row: int
    verdict: Verdict
    number: str
    name: str
    changes: tuple[Change, ...] = ()
    problem: Problem | None = None


class TableImport:
    """One run through a table. Sessions are read only; all that it finds goes into the staging file."""

    _books: Known

    def __init__(self, staging: Staging, header: Header, rates_bp: Mapping[VatKey, int], asked: Asked) -> None:
        self.new_categories: list[Category] = []
        self._staging = staging
        self._asked = asked
        self._reader = RowReader(header, Terms(rates_bp, self._category, ids_in_order()))
        self._titles = header.titles
        self._numbers: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._plus: dict[str, int] = {}
        self._category_ids: dict[str, str] = {}
        self._category_names: dict[str, str] = {}
        self._last_position = 0

    def begin(self, session: Session) -> None:
        """Learn the categories, and which numbers and codes there are."""
        self._books = Known(session)
        for category in lookup.categories(session):
            self._category_ids.setdefault(category.name.strip().casefold(), category.id)
            self._category_names[category.id] = category.name
            self._last_position = max(self._last_position, category.position)

    def stage(self, session: Session, rows: Sequence[Row]) -> None:
        """Read, compare and store one portion of at most PORTION rows."""
        batch = Batch()
        numbered = [one for one in (self._numbered(row, batch) for row in rows) if one is not None]
        known = self._known(session, [number for _, number in numbered])
        made: list[tuple[int, Listed | None, Listed]] = []
        for row, number in numbered:
            before = known.get(number)
            after, problem = self._reader.read(row, number, before)
            if after is None:
                _refuse(batch, row.number, number, problem)
            else:
                made.append((row.number, before, after))
        self._compare(session, made, batch)
        self._staging.add(batch)

    def finish(self, session: Session) -> None:
        """Say what only the whole table shows: codes and PLU numbers that others keep, deposits that there are not."""
        self._staging.index()
        self._staging.add_categories(self.new_categories)
        self._check_claims(session)
        self._find_deposits(session)

    def _numbered(self, row: Row, batch: Batch) -> tuple[Row, str] | None:
        try:
            number = self._reader.number_of(row)
        except Refused as refusal:
            _refuse(batch, row.number, "", Problem.of(self._titles["number"], refusal))
            return None
        first = self._numbers.setdefault(number, row.number)
        if first != row.number:
            _refuse(batch, row.number, number, Problem(self._titles["number"], NUMBER_TWICE, {"row": first}))
            return None
        return row, number

    def _known(self, session: Session, numbers: Sequence[str]) -> dict[str, Listed]:
        """The articles of the books that have these numbers."""
        found = self._books.articles(session, numbers)
        deposits = lookup.numbers_of(session, {a.deposit_id for a in found.values() if a.deposit_id is not None})
        return {number: listed(article, self._category_names, deposits) for number, article in found.items()}

    def _category(self, named: str) -> tuple[str, str]:
        """Id and name of the category that a row names; it may have to be made."""
        name = named or self._asked.category
        if not name:
            raise Refused(NO_CATEGORY)
        category_id = self._category_ids.get(name.casefold())
        if category_id is None:
            category_id = self._make_category(name)
        return category_id, self._category_names[category_id]

    def _make_category(self, name: str) -> str:
        if not self._asked.makes_categories:
            raise Refused(UNKNOWN_CATEGORY, name=shortened(name))
        if len(self.new_categories) >= MAX_NEW_CATEGORIES:
            raise Refused(TOO_MANY_CATEGORIES, name=shortened(name), most=MAX_NEW_CATEGORIES)
        self._last_position += 1
        made = Category(uuid.uuid4().hex, name, self._last_position, NEW_COLOUR)
        self.new_categories.append(made)
        self._category_ids[name.casefold()] = made.id
        self._category_names[made.id] = name
        return made.id

    def _compare(self, session: Session, made: Sequence[tuple[int, Listed | None, Listed]], batch: Batch) -> None:
        """Give each row its verdict."""
        codes = self._books.code_owners(session, (code for _, _, after in made for code in after.article.codes))
        plus = self._books.plus(session, (after.article.plu for _, _, after in made if after.article.plu))
        for row, before, after in made:
            different = changes(before, after) if before is not None else []
            article = after.article
            problem = self._in_table(row, article)
            if problem is not None:
                _refuse(batch, row, article.number, problem)
                continue
            for code in article.codes:
                owner = codes.get(code)
                if owner is not None and owner != article.id:
                    batch.claims.append((row, _CODE, code, owner.hex))
            plu = plus.get(article.plu)
            if plu is not None and (plu.kind is not PluKind.ARTICLE or plu.ref != str(article.id)):
                batch.claims.append((row, _PLU, plu.plu, plu.ref if plu.kind is PluKind.ARTICLE else ""))
            _take(batch, row, before, after, different)

    def _in_table(self, row: int, article: Article) -> Problem | None:
        """What another row of the table has claimed already."""
        for code in article.codes:
            first = self._codes.setdefault(code, row)
            if first != row:
                return Problem(self._titles.get("codes", ""), CODE_IN_TABLE, {"code": code, "row": first})
        if article.plu:
            first = self._plus.setdefault(article.plu, row)
            if first != row:
                return Problem(self._titles.get("plu", ""), PLU_IN_TABLE, {"plu": article.plu, "row": first})
        return None

    def _check_claims(self, session: Session) -> None:
        """A code or PLU number is free if the article that has it is in the table and gives it up."""
        kept = self._staging.query(
            "SELECT c.row, c.what, c.value, c.owner FROM claim c"
            " WHERE NOT EXISTS (SELECT 1 FROM staged_article s WHERE s.id = replace(c.owner, '-', ''))"
        )
        for some in portions(list(kept)):
            ids = {uuid.UUID(owner) for _, what, _, owner in some if what == _CODE}
            numbers = lookup.numbers_of(session, ids)
            for row, what, value, owner in some:
                if what == _CODE:
                    told = {"code": value, "number": numbers.get(uuid.UUID(owner), "?")}
                    problem = Problem(self._titles.get("codes", ""), CODE_TAKEN, told)
                else:
                    problem = Problem(self._titles.get("plu", ""), PLU_TAKEN, {"plu": value})
                self._staging.refuse(row, problem.as_json())

    def _find_deposits(self, session: Session) -> None:
        """Tie articles to their deposits by number, whether these are in the table or in the books."""
        wanted = self._staging.query(
            "SELECT a.row, a.id, a.deposit, d.id, d.kind FROM staged_article a"
            " LEFT JOIN staged_article d ON d.number = a.deposit WHERE a.deposit <> '' ORDER BY a.row"
        )
        for some in portions(list(wanted)):
            others = lookup.articles_numbered(session, {number for _, _, number, found, _ in some if found is None})
            deposits = {}
            for row, own, number, staged_id, staged_kind in some:
                other = others.get(number)
                found = other.id.hex if other is not None else staged_id
                kind = other.kind.value if other is not None else staged_kind
                if found is None:
                    self._refuse_deposit(row, UNKNOWN_DEPOSIT, number)
                elif kind != ArticleKind.DEPOSIT.value or found == own:
                    self._refuse_deposit(row, NOT_A_DEPOSIT, number)
                else:
                    deposits[row] = found
            self._staging.set_deposits(deposits)

    def _refuse_deposit(self, row: int, msgid: str, number: str) -> None:
        problem = Problem(self._titles.get("deposit", ""), msgid, {"number": shortened(number)})
        self._staging.refuse(row, problem.as_json())


def verdict_rows(staging: Staging, verdict: Verdict, after_row: int, limit: int) -> list[RowVerdict]:
    """The next rows behind `after_row` that have this verdict, for a list that is read on as it is scrolled."""
    found = []
    for row, number, name, detail in staging.verdicts(verdict, after_row, limit):
        problem = Problem.from_json(detail) if verdict is Verdict.REFUSED else None
        told = tuple(Change(*one) for one in json.loads(detail)) if verdict is Verdict.CHANGED else ()
        found.append(RowVerdict(row, verdict, number, name, told, problem))
    return found


def listed(article: Article, categories: Mapping[str, str], numbers: Mapping[uuid.UUID, str]) -> Listed:
    """An article with the names that a table has for its category and its deposit."""
    deposit = "" if article.deposit_id is None else numbers.get(article.deposit_id, "")
    return Listed(article, categories.get(article.category_id, ""), deposit)


def _refuse(batch: Batch, row: int, number: str, problem: Problem | None) -> None:
    detail = "" if problem is None else problem.as_json()
    batch.verdicts.append((row, Verdict.REFUSED.value, shortened(number), "", detail))


def _take(batch: Batch, row: int, before: Listed | None, after: Listed, different: Sequence[Change]) -> None:
    article = after.article
    if before is not None and not different:
        batch.verdicts.append((row, _UNCHANGED, article.number, article.name, ""))
        return
    if before is not None:
        detail = json.dumps([(c.column, c.before, c.after) for c in different], ensure_ascii=False)
        batch.verdicts.append((row, _CHANGED, article.number, article.name, detail))
    columns = stored(article)
    row_id = str(columns[0])
    batch.articles.append((row, int(before is None), after.deposit, *columns))
    if before is not None:
        batch.before.append(stored(before.article))
    batch.codes += [(code, row_id, place) for place, code in enumerate(article.codes)]
    if article.plu:
        batch.plus.append((article.plu, PluKind.ARTICLE.value, str(article.id)))

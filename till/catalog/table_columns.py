"""The table of articles: which columns it has, what stands in them, and how a row becomes an article and back."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind
from till.catalog.assortment import MAX_CODE, MAX_NAME, MAX_NUMBER
from till.catalog.barcodes import normalised_gtin
from till.catalog.plu import checked
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.tables import cells
from till.tables.header import Column, Header
from till.tables.row import Row
from till.tables.verdict import Problem
from till.tables.writing import Value

COLUMNS = (
    Column(
        "number",
        "Artikelnummer",
        ("Artikelnr", "Art-Nr", "Nummer", "Nr", "article number", "item no", "sku"),
        is_required=True,
    ),
    Column("name", "Bezeichnung", ("Name", "Artikel", "Artikelname", "Artikelbezeichnung", "description", "article")),
    Column("receipt_name", "Bontext", ("Kassenbontext", "Kurztext", "Kurzbezeichnung", "receipt text", "short name")),
    Column("category", "Warengruppe", ("Kategorie", "Gruppe", "group", "department")),
    Column(
        "price", "Preis", ("Verkaufspreis", "VK", "VK-Preis", "VK brutto", "Bruttopreis", "gross price", "retail price")
    ),
    Column("vat_key", "Steuerschlüssel", ("USt-Schlüssel", "MwSt-Schlüssel", "tax key", "VAT code")),
    Column("vat_rate", "Steuersatz", ("MwSt", "USt", "MwSt-Satz", "USt-Satz", "Mehrwertsteuer", "VAT", "tax rate")),
    Column("kind", "Art", ("Artikelart", "Typ", "type")),
    Column("unit", "Einheit", ("ME", "Mengeneinheit", "unit of measure")),
    Column("codes", "EAN", ("EANs", "GTIN", "Barcode", "Barcodes", "Strichcode", "EAN-Code", "UPC", "code")),
    Column("plu", "PLU", ("Kassennummer", "PLU-Nummer")),
    Column("deposit", "Pfandartikel", ("Pfand", "deposit article")),
    Column("is_active", "Aktiv", ("active",)),
    Column("takes_discount", "Rabattfähig", ("Rabatt erlaubt", "discountable")),
    Column("is_weighed", "Waage", ("Gewogen", "Wiegeartikel", "weighed")),
    Column("position", "Platz", ("Reihenfolge", "Tastenplatz")),
    Column("age_limit", "Mindestalter", ("Altersfreigabe", "Alter", "minimum age")),
    Column("note", "Notiz", ("Bemerkung", "Anmerkung", "note", "remark")),
)
"""`vat_rate` is only read: shops' tables have 19 and 7 there, the till keeps keys."""

WRITTEN = tuple(column for column in COLUMNS if column.key != "vat_rate")
MAX_UNIT = 60
MAX_LABEL = 255
MAX_POSITION = 999_999_999
MAX_AGE = 99
_HUNDREDTH_OF_ALL = re.compile(r"0[.,]\d{1,3}", re.ASCII)
_DIGITS_LISTED = re.compile(r"[\d\s,;/]+", re.ASCII)
_PART = re.compile(r"(?:[^\\|]|\\.)+")
_ESCAPED = re.compile(r"\\(.)")
_KINDS = {
    ArticleKind.GOODS: ("Ware", "Artikel", "goods", "article"),
    ArticleKind.SERVICE: ("Dienstleistung", "Leistung", "service"),
    ArticleKind.DEPOSIT: ("Pfand", "deposit"),
}
_KIND_OF = {word.casefold(): kind for kind, words in _KINDS.items() for word in words}
_EACH_ITS_OWN = frozenset({"name", "receipt_name", "codes", "plu", "position"})
_MOST_REMEMBERED = 2000
_EMPTIED: dict[str, object] = {
    "receipt_name": "",
    "price": None,
    "codes": (),
    "plu": "",
    "deposit": "",
    "position": None,
    "age_limit": None,
    "note": "",
}
"""What an empty cell means where an article can do without; elsewhere it leaves what is there."""

_NEGATIVE = msg("A price can’t be negative.")
_NO_KEY = msg("“{cell}” is no VAT key with a rate that is valid today. Those are: {keys}.")
_NO_RATE = msg("There is no VAT key with the rate {rate} % today.")
_RATE_OF_NOTHING = msg("0 % may mean tax-free or not taxable. Use the column “Steuerschlüssel” with 5 or 6.")
_NO_KIND = msg("“{cell}” is no kind of article. Write Ware, Dienstleistung or Pfand.")
_CODE_TWICE = msg("The code {code} stands twice in this row.")
_NEW_NEEDS = msg("A new article needs this.")
_NO_NUMBER = msg("The row has no article number.")


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as a table names it: category by its name, deposit by its number."""

    article: Article
    category: str
    deposit: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes in an article: the column's title, before and after, as the table writes them."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a row is read with: `rates_bp` are the rates that are valid today, by key, in basis points.

    `category` gives id and name of the category that a row names, or raises Refused; `new_id` the id of a new article.
    """

    rates_bp: Mapping[VatKey, int]
    category: Callable[[str], tuple[str, str]]
    new_id: Callable[[], uuid.UUID] = uuid.uuid4


class RowReader:
    """Reads the rows below one header. The keys for reversals of older sales (11 and above) are for no article."""

    def __init__(self, header: Header, terms: Terms) -> None:
        rates = terms.rates_bp
        self._terms = terms
        self._rates = {key: rates[key] for key in sorted(rates) if key <= VatKey.UNDETERMINED}
        self._keys_of_rates: dict[str, VatKey] = {}
        own: dict[str, Callable[[str], Any]] = {"vat_key": self._key, "vat_rate": self._key_of_rate}
        parsers = {key: _remembering(parse, key) for key, parse in (_PARSERS | own).items()}
        self.fields = tuple(
            (place, key, header.titles[key], parsers[key]) for key, place in header.places.items() if key != "number"
        )
        self._category_title = header.titles.get("category", "")
        self._number = header.places["number"]

    def number_of(self, row: Row) -> str:
        """The article number of a row. Raises Refused where there is none, or no good one."""
        cell = row.cells[self._number] if self._number < len(row.cells) else ""
        number = cells.code(cell, MAX_NUMBER)
        if not number:
            raise Refused(_NO_NUMBER)
        return number

    def read(self, row: Row, number: str, known: Listed | None) -> tuple[Listed | None, Problem | None]:
        """The article that the row describes, starting from the `known` one, or the first problem."""
        values: dict[str, Any] = {}
        there = row.cells
        width = len(there)
        for place, key, title, parse in self.fields:
            cell = there[place].strip() if place < width else ""
            if cell:
                try:
                    values[key] = parse(cell)
                except Refused as refusal:
                    return None, Problem.of(title, refusal)
            elif key in _EMPTIED:
                values[key] = _EMPTIED[key]
        return self._made(number, values, known)

    def _made(self, number: str, values: dict[str, Any], known: Listed | None) -> tuple[Listed | None, Problem | None]:
        key = values.pop("vat_rate", None)
        if key is not None:
            values.setdefault("vat_key", key)
        for needed in ("name", "vat_key") if known is None else ():
            if needed not in values:
                return None, Problem(_TITLES[needed], _NEW_NEEDS, {})
        category = values.pop("category", known.category if known else "")
        if known is None or category != known.category:
            try:
                values["category_id"], category = self._terms.category(category)
            except Refused as refusal:
                return None, Problem.of(self._category_title, refusal)
        if known is not None:
            return _changed(known, values, category), None
        deposit = values.pop("deposit", "")
        values.setdefault("price", None)
        return Listed(Article(id=self._terms.new_id(), number=number, **values), category, deposit), None

    def _key(self, cell: str) -> VatKey:
        found = next((key for key in self._rates if str(key.value) == cell.removesuffix(".0")), None)
        if found is None:
            if "%" in cell:
                return self._key_of_rate(cell)
            keys = ", ".join(str(key.value) for key in self._rates)
            raise Refused(_NO_KEY, cell=cells.text(cell, MAX_NAME), keys=keys)
        return found

    def _key_of_rate(self, cell: str) -> VatKey:
        """The key of a rate as tables have it: 19, 19 %, 0.19."""
        known = self._keys_of_rates.get(cell)
        if known is None:
            known = self._keys_of_rates[cell] = self._found_key(cell)
        return known

    def _found_key(self, cell: str) -> VatKey:
        rate = cells.percent(cell) * (100 if _HUNDREDTH_OF_ALL.fullmatch(cell) else 1)
        if rate == 0:
            raise Refused(_RATE_OF_NOTHING)
        for key, known in self._rates.items():
            if known == rate:
                return key
        raise Refused(_NO_RATE, rate=cell.removesuffix("%").strip())


def _remembering(parse: Callable[[str], Any], key: str) -> Callable[[str], Any]:
    """The same for a column in which most cells stand again and again; what is refused is read anew each time."""
    return parse if key in _EACH_ITS_OWN else functools.lru_cache(_MOST_REMEMBERED)(parse)


def _changed(known: Listed, values: dict[str, Any], category: str) -> Listed:
    """The known article with these values; it itself where they are the same, which most rows of a table are."""
    article = known.article
    deposit = values.pop("deposit", known.deposit)
    if deposit != known.deposit:
        values["deposit_id"] = None  # found again by its number, once the whole table is known
    different = {key: value for key, value in values.items() if getattr(article, key) != value}
    if not different and category == known.category and deposit == known.deposit:
        return known
    return Listed(replace(article, **different), category, deposit)


def written(listed: Listed) -> list[Value]:
    """The cells of an article, in the order of WRITTEN."""
    article = listed.article
    return [
        article.number,
        article.name,
        article.receipt_name,
        listed.category,
        article.price,
        article.vat_key.value,
        _KINDS[article.kind][0],
        article.unit,
        joined_codes(article.codes),
        article.plu,
        listed.deposit,
        article.is_active,
        article.takes_discount,
        article.is_weighed,
        article.position,
        article.age_limit,
        article.note,
    ]


def changes(before: Listed, after: Listed) -> list[Change]:
    """What is different, column by column; nothing where both are the same."""
    if _same(before, after):
        return []
    both = zip(WRITTEN, written(before), written(after), strict=True)
    return [Change(column.title, _told(old), _told(new)) for column, old, new in both if _told(old) != _told(new)]


def told(listed: Listed) -> dict[str, str]:
    """The cells of an article as text, by the titles of their columns."""
    return {column.title: _told(value) for column, value in zip(WRITTEN, written(listed), strict=True)}


def joined_codes(codes: Sequence[str]) -> str:
    """The codes in one cell, with | between them; `split_codes` gives back the very same."""
    joined = "|".join(code.replace("\\", "\\\\").replace("|", "\\|") for code in codes)
    is_unclear = len(codes) == 1 and _DIGITS_LISTED.fullmatch(joined) is not None and not joined.isdigit()
    return f"{joined}|" if is_unclear else joined


def split_codes(cell: str) -> tuple[str, ...]:
    """The codes in a cell: with | between them, or digits with blanks, commas, semicolons or slashes between."""
    if cell.isdecimal() and cell.isascii() and len(cell) <= MAX_CODE:
        return (normalised_gtin(cell),)
    if _DIGITS_LISTED.fullmatch(cell):
        parts = re.split(r"[\s,;/]+", cell)
    else:
        parts = [_ESCAPED.sub(r"\1", part) for part in _PART.findall(cell)]
    found = [normalised_gtin(cells.code(part, MAX_CODE)) for part in parts if part.strip()]
    for place, code in enumerate(found):
        if code in found[:place]:
            raise Refused(_CODE_TWICE, code=code)
    return tuple(found)


def _same(before: Listed, after: Listed) -> bool:
    """Ends of texts that nobody sees don't count: a table loses them."""
    if before is after:
        return True
    return before.article == after.article and before.category == after.category and before.deposit == after.deposit


def _told(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case Money():
            return str(value).replace(".", ",")
        case _:
            return str(value).strip()


def _price(cell: str) -> Money:
    price = cells.money(cell)
    if price < ZERO:
        raise Refused(_NEGATIVE)
    return price


def _kind(cell: str) -> ArticleKind:
    found = _KIND_OF.get(cell.casefold())
    if found is None:
        raise Refused(_NO_KIND, cell=cells.text(cell, MAX_NAME))
    return found


_TITLES = {column.key: column.title for column in COLUMNS}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "name": lambda cell: cells.text(cell, MAX_NAME),
    "receipt_name": lambda cell: cells.text(cell, MAX_LABEL),
    "category": lambda cell: cells.text(cell, MAX_LABEL),
    "price": _price,
    "kind": _kind,
    "unit": lambda cell: cells.text(cell, MAX_UNIT),
    "codes": split_codes,
    "plu": checked,
    "deposit": lambda cell: cells.code(cell, MAX_NUMBER),
    "is_active": cells.truth,
    "takes_discount": cells.truth,
    "is_weighed": cells.truth,
    "position": lambda cell: cells.whole(cell, -MAX_POSITION, MAX_POSITION),
    "age_limit": lambda cell: cells.whole(cell, 0, MAX_AGE),
    "note": lambda cell: cells.text(cell, MAX_LABEL),
}

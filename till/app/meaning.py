"""What a word in the search for receipts may mean: a number, a day, an amount, an article, a voucher, a cashier, a till."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from till.app.scanning import MAX_NUMBER
from till.app.typed_days import Days, days_at, is_short_day
from till.catalog import lookup
from till.catalog.barcodes import CodeKind, ScannedCode, normalised_gtin, parse
from till.catalog.plu import PluKind, owners_of
from till.documents import search, wanted
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import MAX_CENTS, Money
from till.staff.users import people
from till.tables.number import typed as typed_number
from till.vouchers.standing import find_vouchers

MOST_ARTICLES = 100
_MOST_TYPED = 200
_MOST_WORDS = 12
_LEAST_NAME = 2
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_AMOUNT = re.compile(r"[-−+]?\d{1,3}(?:\.?\d{3})*,\d{1,2}|[-−+]?\d{1,8}\.\d{2}", re.ASCII)
_WITH_SIGN = re.compile(r"([-−+]?[\d.,]{1,14}) *(?:€|eur|euro)", re.ASCII | re.IGNORECASE)
_SPACED_SIGN = re.compile(r"(?<=\d)\s+(?=(?:€|eur|euro)(?:\s|$))", re.ASCII | re.IGNORECASE)
_LABELS = (CodeKind.PRICE, CodeKind.WEIGHT)

NUMBER = msg("Receipt {number}")
AMOUNT = msg("Amount {amount}")
DAY = msg("{day}")
DAYS = msg("{first} to {last}")
ARTICLE = msg("Article {number} {name}")
ARTICLES = msg("{count} articles with “{words}”")
OLD_ARTICLE = msg("Article number {number}")
VOUCHER = msg("Voucher {number}")
CASHIER = msg("Cashier {name}")
TILL = msg("Till {till}")
IN_TEXT = msg("“{words}” on the receipt")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A criterion and the sentence that says it: `msgid` with its `values`."""

    criterion: wanted.Criterion
    msgid: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what was typed and what it may mean, the likeliest first; never without a meaning."""

    typed: str
    meanings: tuple[Meaning, ...]


class Meanings:
    """Reads typed texts and scanned codes, looking up what there is. `ended` makes a criterion of local days."""

    def __init__(self, session: Session, today: dt.date, ended: Callable[[Days], wanted.Ended]) -> None:
        self._session = session
        self._today = today
        self._ended = ended

    def of_text(self, typed: str) -> tuple[Part, ...]:
        """The parts of a text, all of which a receipt must meet; words that stand together are one."""
        printable = "".join(letter if letter.isprintable() else " " for letter in typed[:_MOST_TYPED])
        words = _SPACED_SIGN.sub("", printable).split()[:_MOST_WORDS]
        parts: list[Part] = []
        loose: list[str] = []
        while words:
            taken = self._taken(words)
            if taken is None:
                loose.append(words.pop(0))
                continue
            parts += [*self._of_words(loose), taken[0]]
            loose, words = [], words[taken[1] :]
        return (*parts, *self._of_words(loose))

    def of_scan(self, code: str) -> tuple[Part, ...]:
        """What a scanned code means; a receipt's own barcode says its till too. Refused for no code at all."""
        scanned = parse(code)
        match scanned.kind:
            case CodeKind.RECEIPT if int(scanned.number) <= MAX_NUMBER:
                number = int(scanned.number)
                meaning = Meaning(wanted.Numbered(number), NUMBER, {"number": number})
                at_till = Meaning(wanted.AtTill(scanned.till_id), TILL, {"till": scanned.till_id})
                return (Part(code, (meaning,)), Part(code, (at_till,)))
            case CodeKind.VOUCHER:
                found = self._voucher(scanned.number, scanned.type_plu)
            case _:
                found = self._article(scanned) or self._voucher(scanned.text)
        return (Part(code, found or (_in_text((scanned.text,)),)),)

    def _taken(self, words: Sequence[str]) -> tuple[Part, int] | None:
        """The first words as days, an amount or a number, and how many they are; None for a word of another sort."""
        days = days_at(words, self._today)
        if days is not None:
            text = " ".join(words[: days[1]])
            others = (*self._amount(text),) if is_short_day(text) else ()
            others += tuple(self._of_name(text)) if text.isalpha() else ()
            return Part(text, (self._days(days[0]), *self._existing(others))), days[1]
        word = words[0]
        if amount := self._amount(word):
            return Part(word, tuple(amount)), 1
        if _NUMBER.fullmatch(word):
            return Part(word, self._of_digits(word)), 1
        return None

    def _days(self, days: Days) -> Meaning:
        if days.first == days.last:
            return Meaning(self._ended(days), DAY, {"day": days.first})
        return Meaning(self._ended(days), DAYS, {"first": days.first, "last": days.last})

    def _amount(self, word: str) -> tuple[Meaning, ...]:
        signed = _WITH_SIGN.fullmatch(word)
        if signed is None and _AMOUNT.fullmatch(word) is None:
            return ()
        number = typed_number(signed[1] if signed else word)
        cents = None if number is None else number * 100
        if cents is None or cents != int(cents) or abs(cents) > MAX_CENTS:
            return ()
        return (_amount_of(Money(int(cents))),)

    def _of_digits(self, digits: str) -> tuple[Meaning, ...]:
        """A receipt's number first, then whatever else has it; last an amount in whole euros."""
        number = int(digits)
        may_be = [Meaning(wanted.Numbered(number), NUMBER, {"number": number})] if 0 < number <= MAX_NUMBER else []
        may_be += [*self._article(parse(digits)), *self._voucher(digits), _old_article(digits)]
        may_be += [_amount_of(Money(number * 100))] if number * 100 <= MAX_CENTS else []
        found = self._existing(may_be)
        return _each_once(found) or (may_be[0],)

    def _of_words(self, words: Sequence[str]) -> tuple[Part, ...]:
        if not words:
            return ()
        text = " ".join(words)
        scanned = parse(text) if text.isprintable() else None
        found = [*self._article(scanned), *self._voucher(text)] if scanned is not None else []
        found += [*self._of_name(text), *self._existing([_old_article(text)])]
        return (Part(text, (*_each_once(found), _in_text(words))),)

    def _of_name(self, text: str) -> Iterator[Meaning]:
        """Cashiers, tills and articles that are called so."""
        called = text.casefold()
        for person in people(self._session, with_former=True):
            name = person.user.name
            if len(called) >= _LEAST_NAME and any(
                part.startswith(called) for part in (name.casefold(), *name.casefold().split())
            ):
                yield Meaning(wanted.BookedBy(person.user.id), CASHIER, {"name": name})
        for till in search.tills(self._session):
            if till and till.casefold() == called:
                yield Meaning(wanted.AtTill(till), TILL, {"till": till})
        yield from self._articles(text)

    def _articles(self, text: str) -> Iterator[Meaning]:
        """The articles of the shop that have the words; too many of them are better found by the receipts' text.

        So are those that were never sold under the number that they have now.
        """
        yield from self._existing(tuple(self._articles_called(text)))

    def _articles_called(self, text: str) -> Iterator[Meaning]:
        found = lookup.search(self._session, text, MOST_ARTICLES + 1, with_inactive=True)
        if len(found) == 1:
            yield _article_of(found[0].number, found[0].name)
        elif 1 < len(found) <= MOST_ARTICLES:
            numbers = tuple(article.number for article in found)
            values: dict[str, object] = {"count": len(found), "words": shortened(text)}
            yield Meaning(wanted.WithArticles(numbers), ARTICLES, values)

    def _article(self, scanned: ScannedCode) -> tuple[Meaning, ...]:
        """The article that a code or number names, one that is no longer sold too."""
        numbers = {scanned.text, scanned.text.upper()}
        if scanned.kind in _LABELS:
            numbers |= {scanned.number, scanned.number.lstrip("0")}
        owners = set(lookup.code_owners(self._session, {scanned.text, normalised_gtin(scanned.text)}).values())
        owners |= {_id_of(plu.ref) for plu in owners_of(self._session, numbers) if plu.kind is PluKind.ARTICLE}
        numbers |= set(lookup.numbers_of(self._session, owners).values())
        articles = lookup.articles_numbered(self._session, numbers)
        return tuple(_article_of(article.number, article.name) for article in articles.values())

    def _voucher(self, number: str, type_plu: str | None = None) -> tuple[Meaning, ...]:
        try:
            found = find_vouchers(self._session, number, type_plu)
        except Refused:
            return ()
        ids = tuple(voucher.id for voucher in found)
        return (Meaning(wanted.WithVouchers(ids), VOUCHER, {"number": found[0].number}),)

    def _existing(self, meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
        """Those by which at least one document is found."""
        return tuple(one for one in meanings if search.counted(self._session, [one.criterion], 1))


def _id_of(ref: str) -> uuid.UUID:
    return uuid.UUID(ref)


def _article_of(number: str, name: str) -> Meaning:
    return Meaning(wanted.WithArticles((number,)), ARTICLE, {"number": number, "name": shortened(name)})


def _old_article(number: str) -> Meaning:
    """A number that no article has any more may stand on receipts."""
    return Meaning(wanted.WithArticles((number,)), OLD_ARTICLE, {"number": shortened(number)})


def _amount_of(amount: Money) -> Meaning:
    return Meaning(wanted.Worth(amount), AMOUNT, {"amount": amount})


def _in_text(words: Sequence[str]) -> Meaning:
    return Meaning(wanted.Saying(tuple(words)), IN_TEXT, {"words": shortened(" ".join(words))})


def _each_once(meanings: Sequence[Meaning]) -> tuple[Meaning, ...]:
    first: dict[wanted.Criterion, Meaning] = {}
    for one in meanings:
        first.setdefault(one.criterion, one)
    return tuple(first.values())

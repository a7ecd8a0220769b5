"""Search as you type: the articles whose words begin with, or have in them, what was typed (80-quality P4)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import ColumnElement, Select, and_, column, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from till.catalog.models import ArticleCodeRow, ArticleRow, PluRow
from till.catalog.plu import PluKind
from till.catalog.search_index import PIECE, TABLE
from till.catalog.search_text import normalised

MOST_TYPED = 200
MOST_WORDS = 20
_MOST_RANKED = 100
_LAST_LETTER = "\U0010ffff"
_INDEX = table(TABLE, column("rowid"), column(TABLE))
_Hits = dict[uuid.UUID, str]
_Wanted = Select[uuid.UUID, str]


class Rank(IntEnum):
    """How well an article fits, the best first."""

    NUMBER = 0  # the typed digits are one of its numbers
    BEGINS = 1  # its name begins so
    WORDS = 2  # each typed word begins one of its words
    INSIDE = 3  # it stands inside of one


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: as it stands, and its words in small letters without accents.

    Of a text that was pasted by mistake only the beginning counts.
    """

    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Typed:
        """Any text, of any length, with any signs in it."""
        # No NUL, and no half of a pair of UTF-16: no database takes them.
        beginning = text[:MOST_TYPED].replace("\0", " ").encode(errors="replace").decode()
        words = normalised(beginning).split()[:MOST_WORDS]
        return cls(beginning.strip(), tuple(dict.fromkeys(words)))

    def rank(self, search_text: str) -> Rank:
        """How well an article with this text fits."""
        first = f" {self.words[0]}"
        if len(self.words) == 1 and first[1].isdigit() and f"{first} " in f"{search_text} ":
            return Rank.NUMBER
        if search_text.startswith(first):
            return Rank.BEGINS
        return Rank.WORDS if all(f" {word}" in search_text for word in self.words) else Rank.INSIDE


def found(session: Session, typed: str, limit: int, *, with_inactive: bool = False) -> list[uuid.UUID]:
    """The ids of at most `limit` articles that have all typed words, the best first; none for no words.

    A word begins one of the article's words: of its name, receipt name, number, PLU number or codes. One of three letters
    or more may also stand inside, as "tee" does in "Kräutertee"; digits never, or every GTIN would match. Nothing but
    single letters finds what begins with the first of them.
    """
    asked = Typed.of(typed)
    if not asked.words:
        return []
    ranked: dict[uuid.UUID, tuple[Rank, str]] = {}
    for complete_to, hits in _Seek(session, asked, limit, with_inactive=with_inactive).steps():
        ranked |= {id_: (asked.rank(words), words) for id_, words in hits.items()}
        if sum(rank <= complete_to for rank, _ in ranked.values()) >= limit:
            break
    return sorted(ranked, key=ranked.__getitem__)[:limit]


class _Seek:
    """Asks the database step by step, so that letters that half the shop begins with take no longer than others."""

    def __init__(self, session: Session, asked: Typed, limit: int, *, with_inactive: bool) -> None:
        self._session, self._asked = session, asked
        self._most = max(limit, _MOST_RANKED)
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._wanted: _Wanted = select(ArticleRow.id, ArticleRow.search_text)
        if not with_inactive:
            # Not "= true", or SQLite would walk over an index of all active ones instead of the few that begin so.
            self._wanted = self._wanted.where(ArticleRow.is_active.is_not(False))

    def steps(self) -> Iterator[tuple[Rank, _Hits]]:
        """Hits, each time with the rank up to which all are there by now, as far as anybody would look for them."""
        has_pieces = any(_pieces(word, inside=False) for word in self._asked.words)
        if has_pieces and self._is_sqlite:
            yield Rank.NUMBER, self._run(self._wanted.where(ArticleRow.search_row.is_(None), self._has(inside=True)))
        if len(self._asked.words) == 1 and any(sign.isdigit() for sign in self._asked.text):
            yield Rank.NUMBER, self._run(self._wanted.where(self._is_named()))
        if len(self._asked.words) == 1 or not has_pieces:
            yield Rank.BEGINS, self._run(self._beginning())
        if has_pieces:
            yield Rank.WORDS, self._indexed(inside=False)
            yield Rank.INSIDE, self._indexed(inside=True)

    def _is_named(self) -> ColumnElement[bool]:
        """What has the typed text as its number, PLU number or code."""
        typed = self._asked.text
        plus = select(PluRow.ref).where(PluRow.kind == PluKind.ARTICLE, PluRow.plu == typed.upper())
        ids = [uuid.UUID(ref) for ref in self._session.scalars(plus)]
        ids += self._session.scalars(select(ArticleCodeRow.article_id).where(ArticleCodeRow.code == typed))
        return or_(ArticleRow.number == typed, ArticleRow.id.in_(ids))

    def _beginning(self) -> _Wanted:
        """Names, or numbers, that begin with the first word, in their order."""
        word, *others = self._asked.words
        wanted = self._wanted.where(*(_contains(other, inside=False) for other in others))
        if word[0].isdigit():
            return wanted.where(_begins(ArticleRow.number, word)).order_by(ArticleRow.number)
        return wanted.where(_begins(ArticleRow.search_text, f" {word}")).order_by(ArticleRow.search_text)

    def _indexed(self, *, inside: bool) -> _Hits:
        wanted = self._wanted.where(self._has(inside=inside))
        if self._is_sqlite:
            pieces = [piece for word in self._asked.words for piece in _pieces(word, inside=inside)]
            wanted = wanted.join_from(_INDEX, ArticleRow, ArticleRow.search_row == _INDEX.c.rowid)
            wanted = wanted.where(_INDEX.c[TABLE].op("MATCH")(" AND ".join(f'"{piece}"' for piece in pieces)))
        return self._run(wanted)

    def _has(self, *, inside: bool) -> ColumnElement[bool]:
        return and_(*(_contains(word, inside=inside) for word in self._asked.words))

    def _run(self, wanted: _Wanted) -> _Hits:
        return {row.id: row.search_text for row in self._session.execute(wanted.limit(self._most))}


def _may_be_inside(word: str) -> bool:
    return len(word) >= PIECE and not word[0].isdigit()


def _contains(word: str, *, inside: bool) -> ColumnElement[bool]:
    """Words have letters and digits only, so none of them is a wildcard."""
    return ArticleRow.search_text.like(f"%{word}%" if inside and _may_be_inside(word) else f"% {word}%")


def _pieces(word: str, *, inside: bool) -> list[str]:
    """What the index knows a word by; a single letter has no piece."""
    whole = word if inside and _may_be_inside(word) else f" {word}"
    return [whole[start : start + PIECE] for start in range(len(whole) - PIECE + 1)]


def _begins(text: InstrumentedAttribute[str], beginning: str) -> ColumnElement[bool]:
    """As a range, which an index answers."""
    return and_(text >= beginning, text < f"{beginning}{_LAST_LETTER}")

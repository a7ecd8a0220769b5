"""What is to be said about a row of a table: what would become of it, which cell is wrong and why."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from till.errors import Refused
from till.money import Money


class Verdict(StrEnum):
    """What an import would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: the title of the column, "" for the row as a whole, and the sentence with its values as texts."""

    column: str
    msgid: str
    values: dict[str, object]

    @classmethod
    def of(cls, column: str, refusal: Refused) -> Problem:
        """What a refusal says about a column."""
        return cls(column, refusal.msgid, refusal.values)

    def as_json(self) -> str:
        """For keeping it beside its row; days and amounts stay what they are, other values become texts."""
        values = {key: _kept(value) for key, value in self.values.items()}
        return json.dumps([self.column, self.msgid, values], ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: str) -> Problem:
        """What `as_json` kept."""
        column, msgid, values = json.loads(kept)
        return cls(column, msgid, {key: _given_back(value) for key, value in values.items()})


def _kept(value: object) -> str | list[object]:
    match value:
        case Money():
            return ["money", value.cents]
        case dt.date():
            return ["day", value.isoformat()]
        case _:
            return str(value)


def _given_back(kept: str | list[Any]) -> object:
    if isinstance(kept, str):
        return kept
    kind, value = kept
    return Money(value) if kind == "money" else dt.date.fromisoformat(value)

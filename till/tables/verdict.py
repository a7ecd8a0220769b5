"""What is to be said about a row of a table: what would become of it, which cell is wrong and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from till.errors import Refused


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
        """For keeping it beside its row; values become texts."""
        return json.dumps([self.column, self.msgid, {k: str(v) for k, v in self.values.items()}], ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: str) -> Problem:
        """What `as_json` kept."""
        column, msgid, values = json.loads(kept)
        return cls(column, msgid, values)

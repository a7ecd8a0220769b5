"""What a check of the books found wrong, and the checks' common form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a msgid with its values, as in Refused."""

    msgid: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format_map({key: str(value) for key, value in self.values.items()})


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check; `find` reads the database and yields what is wrong, telling how far it is."""

    name: str
    title: str
    find: Callable[[Session, Progress], Iterator[Finding]]

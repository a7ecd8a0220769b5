"""All vouchers in portions by id, for what looks at every one of them and must neither hold them nor hold up anybody."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from till.vouchers.models import VoucherRow

_LOWEST, _HIGHEST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)


def portions(session: Session, size: int) -> Iterator[tuple[int, ColumnElement[bool]]]:
    """Each portion as a condition on VoucherRow, with how many vouchers were in those before; one at least.

    Each has both its ends: SQLite takes that for few rows, and looks for their postings one by one.
    """
    first, done = VoucherRow.id >= _LOWEST, 0
    while True:
        ids = select(VoucherRow.id).where(first).order_by(VoucherRow.id)
        last = session.execute(ids.offset(size - 1).limit(1)).scalar_one_or_none()
        yield done, and_(first, VoucherRow.id <= (last or _HIGHEST))
        if last is None:
            return
        first, done = VoucherRow.id > last, done + size

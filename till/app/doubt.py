"""What is not known after the environment failed: whether the books have taken it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from till.errors import Refused


@contextmanager
def doubted_if_it_fails(doubt: Callable[[], None]) -> Iterator[None]:
    """Call `doubt` where anything but a refusal comes out; a refusal says that nothing was booked."""
    try:
        yield
    except Refused:
        raise
    except Exception:
        doubt()
        raise

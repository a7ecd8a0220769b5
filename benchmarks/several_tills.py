"""P10: eight tills on one PostgreSQL: how much they book together beside bare psycopg, and how long one waits at a usual pace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from time import sleep
from typing import Any

from benchmarks.counter_process import Burst, CounterProcess, Place
from benchmarks.measure import Result, Sample, ratio
from benchmarks.postgres import has_server, running_server
from benchmarks.shop import new_shop, temporary_folder

TILLS = 8
ARTICLES = 100
ROUNDS = 3
BURST_S = 5.0
PACED_S = 20.0
PER_SECOND = 5.0
SHARE = 0.35
P99_MS = 50.0
WARM_UP_S = 2.0
RECORDED = 2

Counters = Sequence[CounterProcess]


def measure() -> list[Result]:
    """All counters at once, Till's and bare psycopg's in turns; afterwards the books are counted by plain SQL."""
    if not has_server():
        return [Result("P10", f"{TILLS} tills on one PostgreSQL", "PostgreSQL is missing")]
    with temporary_folder() as folder, running_server() as url, ExitStack() as stack:
        new_shop(folder / "first", ARTICLES, url)
        places = [Place(url, f"KASSE-{number}", folder / f"{number}") for number in range(1, TILLS + 1)]
        tills = [stack.enter_context(closing(CounterProcess(place))) for place in places]
        sales = [_answers([till], "record")[0] for till in tills]
        bare = [
            stack.enter_context(closing(CounterProcess(replace(place, till_id=f"BARE-{place.till_id}"), sales[0])))
            for place in places
        ]
        told = dict.fromkeys((place.till_id for place in places), RECORDED)
        results = [_flat_out(tills, bare, told, len(sales[0])), _at_pace(tills, bare, told)]
        return [*results, _counted(url, told)]


def _flat_out(tills: Counters, bare: Counters, told: dict[str, int], statements: int) -> Result:
    booked = dict.fromkeys(("till", "bare"), 0)
    for burst in [Burst(WARM_UP_S), *[Burst(BURST_S)] * ROUNDS]:
        by_tills, by_bare = _sold(tills, burst, told), _sold(bare, burst)
        if burst.seconds == BURST_S:
            booked["till"] += len(by_tills.ns)
            booked["bare"] += len(by_bare.ns)
    per_s = {who: count / ROUNDS / BURST_S for who, count in booked.items()}
    share = per_s["till"] / per_s["bare"]
    return Result(
        "P10",
        f"{TILLS} tills on one PostgreSQL, as fast as they can",
        f"{per_s['till']:.0f} sales a second",
        f"{per_s['bare']:.0f} a second (psycopg, the same statements)",
        share,
        f"≥ {SHARE:g} × bare",
        share >= SHARE,
        f"the booking of P1, {statements} statements; {ROUNDS} × {BURST_S:g} s, tills and bare psycopg in turns, "
        f"{TILLS} processes each and the server on {os.cpu_count()} cores; the ratio is of sales, more is better",
    )


def _at_pace(tills: Counters, bare: Counters, told: dict[str, int]) -> Result:
    burst = Burst(PACED_S, PER_SECOND)
    shown, twin = _sold(tills, burst, told), _sold(bare, burst)
    wanted = round(TILLS * PER_SECOND * PACED_S)
    return Result(
        "P10",
        f"… Complete at {TILLS} × {PER_SECOND:g} sales a second",
        shown.text(),
        twin.text(),
        ratio(shown, twin),
        f"p99 ≤ {P99_MS:g} ms",
        shown.ms(99) <= P99_MS,
        f"{len(shown.ns)} of {wanted} sales in {PACED_S:g} s through the desk, with autosave and signatures beside; "
        "bare psycopg does the booking alone",
    )


def _counted(url: str, told: dict[str, int]) -> Result:
    """What plain SQL finds of the sales that the counters were told are booked."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found: dict[str, int] = dict(connection.execute(_SALES).fetchall())
        open_sum, open_entries = connection.execute(_BALANCE).fetchone() or (None, None)
        drawers: dict[str, int] = dict(connection.execute(_DRAWERS).fetchall())
    is_right = all(found.get(till_id) == count for till_id, count in told.items()) and (open_sum, open_entries) == (
        0,
        0,
    )
    is_right = is_right and all(drawers[till_id] == 0 for till_id in told)
    return Result(
        "P10",
        "… the books afterwards",
        f"{sum(found.get(till_id, 0) for till_id in told):,} sales, every entry and drawer right"
        if is_right
        else "WRONG",
        f"{sum(told.values()):,} sales told",
        target="all there, balanced",
        met=is_right,
        note="counted by plain SQL: sales per till without a gap in its numbers, sums of all entries, drawers against payments",
    )


def _answers(counters: Counters, what: object) -> list[Any]:
    """Ask all at once, a little after each other, and wait for all."""
    for counter in counters:
        counter.ask(what)
        if isinstance(what, Burst) and what.per_second:
            sleep(1 / what.per_second / len(counters))
    return [counter.answer() for counter in counters]


def _sold(counters: Counters, burst: Burst, told: dict[str, int] | None = None) -> Sample:
    """Let all sell; keep in `told`, in the order of the counters, how many sales each was told are booked."""
    times = _answers(counters, burst)
    if told is not None:
        for till_id, own in zip(told, times, strict=True):
            told[till_id] += len(own)
    return Sample([ns for own in times for ns in own])


_SALES = """
SELECT till_id, count(*) FILTER (WHERE kind = 'sale') FROM document
GROUP BY till_id HAVING max(number) = count(*) AND min(number) = 1
"""
_BALANCE = """
SELECT coalesce(sum(amount), 0), (SELECT count(*) FROM (
    SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(amount) <> 0) AS uneven)
FROM ledger_posting
"""
_DRAWERS = """
SELECT d.till_id, sum(p.amount) - (
    SELECT sum(l.amount) FROM ledger_posting l WHERE l.account = 'cash' AND l.subject = d.till_id)
FROM document_payment p JOIN document d ON d.id = p.document_id WHERE p.zahlart_typ = 'Bar' GROUP BY d.till_id
"""

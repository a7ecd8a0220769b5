"""Measuring: the times of one thing round by round, and the line of the table that they make."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter_ns

NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `met` is None where there is only a figure and no target; `note` says how it was taken."""

    id: str
    what: str
    till: str
    bare: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""


@dataclass(slots=True)
class Sample:
    """Times of one thing, in nanoseconds, round by round."""

    ns: list[int] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        """Run `work` once and keep its time."""
        began = perf_counter_ns()
        work()
        self.ns.append(perf_counter_ns() - began)

    def ms(self, percent: float) -> float:
        """The percentile (nearest rank) in milliseconds."""
        ordered = sorted(self.ns)
        rank = max(1, math.ceil(len(ordered) * percent / 100))
        return ordered[rank - 1] / NS_PER_MS

    def text(self) -> str:
        """The median and the 99th percentile, as the table shows them."""
        return f"p50 {self.ms(50):.2f} ms, p99 {self.ms(99):.2f} ms"


def ratio(till: Sample, bare: Sample) -> float:
    """How many times as long Till takes, by the medians."""
    return till.ms(50) / bare.ms(50)


def resident_bytes() -> int:
    """The memory of this process that lies in the computer's own (RSS), in bytes; Linux."""
    return _told_by_system("VmRSS:")


def peak_growth(work: Callable[[], object]) -> int:
    """How many bytes of memory more than before `work` took at its highest; Linux."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as told:  # noqa: PTH123 - not a file of the disk
        told.write("5")  # the peak is that of now
    before = resident_bytes()
    work()
    return _told_by_system("VmHWM:") - before


def _told_by_system(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - not a file of the disk
        line = next(line for line in status if line.startswith(name))
    return int(line.split()[1]) * 1024

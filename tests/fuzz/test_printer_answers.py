"""Whatever a printer's line carries, in whatever pieces: no receipt counts as printed before the printer executed it."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.devices.drivers import escpos_printer
from till.devices.drivers.escpos_answers import AnswerSorter
from till.devices.drivers.escpos_printer import EscposPrinter, PrinterLimits
from till.devices.model import PrinterStatus, PrintOutcome
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.escpos_reader import EscposReader
from till.errors import DeviceError

fuzz = settings.get_profile("fuzz")
LIMITS = PrinterLimits(status_s=1.0, confirm_s=5.0, ask_every_s=0.25, quiet_s=0.02)
JOB_LINES = 6
Step = tuple[int, bytes, int, float]
"""For one read: commands that are executed, noise on the line, bytes at once, seconds that answers take."""

# What shares the line with confirmations but is none: whole automatic statuses, answers to DLE EOT, names, flow control.
PUSHED = st.builds(
    lambda first, rest: bytes([0x10 | first & 0x6C, *(byte & 0x6F for byte in rest)]),
    st.integers(0, 255),
    st.lists(st.integers(0, 255), min_size=3, max_size=3),
)
REALTIME = st.integers(0, 255).map(lambda byte: bytes([0x12 | byte & 0x6C]))
BLOCK = st.builds(
    lambda head, text: bytes([head]) + text + b"\x00",
    st.sampled_from((0x37, 0x3B, 0x5F)),
    st.binary(max_size=20).map(lambda some: bytes(byte | 0x20 for byte in some)),
)
NOISE = st.lists(PUSHED | REALTIME | BLOCK | st.sampled_from((b"\x11", b"\x13")), max_size=2).map(b"".join)


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class SlowPrinter:
    """Executes so many commands per read as it is told, and answers at its own time; it outlives its connections.

    Real-time questions are answered at once, barriers once everything before them is executed; the answers of a
    barrier take their time on the way and then reach whoever is connected.
    """

    def __init__(self, steps: list[Step], clock: Clock) -> None:
        self.executed = bytearray()
        self.answers = bytearray()
        self._on_the_way: deque[float] = deque()
        self._steps = deque(steps)
        self._reader = EscposReader()
        self._buffer: deque[bytes] = deque()
        self._clock = clock
        self._piece = 64

    def take(self, payload: bytes) -> None:
        for command in self._reader.feed(payload):
            if command.startswith(b"\x10\x04"):
                self.answers.append(0x12)
            else:
                self._buffer.append(command)

    def answer(self, limit: int, timeout_s: float) -> bytes:
        speed, noise, self._piece, latency_s = self._steps.popleft() if self._steps else (0, b"", 64, 0.0)
        self._work(speed, latency_s)
        self.answers += noise
        self._wait(timeout_s)
        taken = bytes(self.answers[: min(limit, self._piece)])
        del self.answers[: len(taken)]
        return taken

    def _wait(self, timeout_s: float) -> None:
        arrives = self._on_the_way[0] if self._on_the_way else self._clock.now + timeout_s
        self._clock.now = self._clock.now if self.answers else min(arrives, self._clock.now + timeout_s)
        while self._on_the_way and self._on_the_way[0] <= self._clock.now:
            self._on_the_way.popleft()
            self.answers.append(0x00)
        self._clock.now += 0.0001

    def _work(self, speed: int, latency_s: float) -> None:
        while self._buffer and (speed > 0 or self._buffer[0] == b"\x1dr\x01"):
            command = self._buffer.popleft()
            self.executed += command
            if command == b"\x1dr\x01":
                before = self._on_the_way[-1] if self._on_the_way else 0.0
                self._on_the_way.append(max(before, self._clock.now) + latency_s)
            else:
                speed -= 1


class Line:
    """A connection to the slow printer."""

    can_read = True

    def __init__(self, printer: SlowPrinter) -> None:
        self._printer = printer

    def open(self) -> None:
        """It is there."""

    def write(self, payload: bytes) -> None:
        self._printer.take(payload)

    def read(self, limit: int, timeout_s: float) -> bytes:
        return self._printer.answer(limit, timeout_s)

    def close(self) -> None:
        """The printer goes on without it."""


@contextlib.contextmanager
def _time(clock: Clock) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escpos_printer, "time", clock)
        yield


def _gives_up_after(tries: int) -> Callable[[PrinterStatus], bool]:
    left = iter(range(tries))
    return lambda _status: next(left, None) is not None


LATENCIES = st.sampled_from((0.0, 0.0, 0.001, 0.1, 0.4))
STEPS = st.lists(st.tuples(st.integers(0, 4), NOISE, st.sampled_from((1, 2, 3, 64)), LATENCIES), max_size=120)
VISITS = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=3)


@fuzz
@given(STEPS, VISITS)
@example(
    [(1, b"", 64, 0.1)] * 3 + [(0, b"", 64, 0.1)] * 3 + [(6, b"", 1, 0.1)] * 2 + [(0, b"", 64, 0.1)] * 60, [[0], [3]]
)
def test_what_counts_as_printed_was_executed(steps: list[Step], visits: list[list[int]]) -> None:
    """`visits`: for each connection its jobs, each with how often the till waits on before it gives up."""
    clock = Clock()
    printer = SlowPrinter(steps, clock)
    driver = EscposPrinter(lambda: Line(printer), DEFAULT_PROFILE, LIMITS)
    with _time(clock):
        for visit, jobs in enumerate(visits):
            driver.open()
            for number, patience in enumerate(jobs):
                line = f"job {visit}/{number} ".encode()
                try:
                    result = driver.print_bytes((line + b"\n") * JOB_LINES, _gives_up_after(patience))
                except DeviceError:
                    continue
                if result.outcome is PrintOutcome.PRINTED:
                    assert printer.executed.count(line) == JOB_LINES
            driver.close()


@fuzz
@given(st.lists(st.binary(max_size=40), max_size=60), st.integers(0, 3))
def test_no_bytes_at_all_break_the_driver(pieces: list[bytes], patience: int) -> None:
    clock = Clock()
    printer = SlowPrinter([(0, piece, 64, 0.0) for piece in pieces], clock)
    driver = EscposPrinter(lambda: Line(printer), DEFAULT_PROFILE, LIMITS)
    with _time(clock):
        driver.open()
        for call in (driver.query_status, lambda: driver.print_bytes(b"x\n", _gives_up_after(patience))):
            with contextlib.suppress(DeviceError):
                call()


@fuzz
@given(NOISE, st.lists(st.integers(1, 3), max_size=30))
def test_noise_is_no_confirmation_however_it_is_cut(noise: bytes, cuts: list[int]) -> None:
    sorter, rest = AnswerSorter(), noise
    kinds = []
    for cut in [*cuts, len(noise)]:
        kinds += [answer.kind.name for answer in sorter.feed(rest[:cut])]
        rest = rest[cut:]
    assert "EXECUTED" not in kinds

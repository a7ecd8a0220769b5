"""Feels the pulse of Qt's loop: how long the window could not have answered a key, and what it did meanwhile."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns, thread_time_ns
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

from benchmarks.measure import NS_PER_MS, Sample

BEAT_MS = 2
LATE_MS = 40
_LOOK_S = 0.005
_ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Gaps:
    """The times between two turns of the loop: whole, and what the thread itself computed in them."""

    whole: Sample = field(default_factory=Sample)
    computed: Sample = field(default_factory=Sample)


class Heartbeat(QObject):
    """A timer in the window's thread. Each of its gaps is the time in which that thread did anything else.

    A second thread looks on: where the beat stays out for longer than LATE_MS it notes what is being done.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = perf_counter_ns()
        self._gaps: Gaps | None = None
        self._computed = thread_time_ns()
        self._thread_id = threading.get_ident()
        self._ended = threading.Event()
        self._seen = Counter[str]()
        self._watch = threading.Thread(target=self._look_on, name="heartbeat-watch", daemon=True)
        self._watch.start()

    @property
    def culprits(self) -> list[tuple[str, int]]:
        """Where the thread was found while it was late, the most frequent first, with the number of looks."""
        return self._seen.most_common()

    def begin(self, gaps: Gaps) -> None:
        """From now on keep the gaps in `gaps`."""
        self._gaps = gaps
        self._last, self._computed = perf_counter_ns(), thread_time_ns()
        self._timer.start()

    def pause(self) -> None:
        """Keep nothing for now."""
        self._beat()
        self._timer.stop()
        self._gaps = None

    def end(self) -> None:
        """Stop, and end the thread that looks on."""
        self._timer.stop()
        self._ended.set()
        self._watch.join()

    def _beat(self) -> None:
        now, computed = perf_counter_ns(), thread_time_ns()
        if self._gaps is not None:
            self._gaps.whole.ns.append(now - self._last)
            self._gaps.computed.ns.append(computed - self._computed)
        self._last, self._computed = now, computed

    def _look_on(self) -> None:
        while not self._ended.wait(_LOOK_S):
            is_late = perf_counter_ns() - self._last > LATE_MS * NS_PER_MS
            if is_late and self._gaps is not None:
                frame = sys._current_frames().get(self._thread_id)  # noqa: SLF001 - the library's name for it
                self._seen[_where(frame)] += 1


def _where(frame: FrameType | None) -> str:
    """The innermost places in Till's code, and what they were calling."""
    stack = traceback.extract_stack(frame)
    own = [one for one in stack if Path(one.filename).is_relative_to(_ROOT / "till")]
    places = [f"{Path(one.filename).relative_to(_ROOT)}:{one.lineno} {one.name}" for one in own[-4:]]
    if not own or stack[-1] is not own[-1]:
        places.append(f"{Path(stack[-1].filename).name}:{stack[-1].lineno} {stack[-1].name}")
    return " → ".join(places)

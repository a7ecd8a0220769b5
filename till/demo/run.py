"""Opens the demo shop on simulated devices: a printer on a free port, and a TSE whose faults can be switched."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from till.app.backup import Progress, no_progress
from till.app.bootstrap import Ports, Till, open_till
from till.clock import Clock, SystemClock
from till.demo.build import build
from till.devices.simulated.printer import SimulatedPrinter
from till.fiscal.faulty import FaultyRecorder
from till.fiscal.soft_tse import SoftTse
from till.settings import TSE


@dataclass(frozen=True, slots=True)
class Demo:
    """An open demo till with what is simulated around it. Close it as a whole; `own` ends the till, then its devices."""

    till: Till
    printer: SimulatedPrinter
    tse: FaultyRecorder
    own: contextlib.ExitStack

    def close(self) -> None:
        """End the till and its devices; a till that was closed already is no harm."""
        self.own.close()


def open_demo(data_dir: Path, progress: Progress = no_progress) -> tuple[Till, SimulatedPrinter]:
    """The demo's till, ready to sell, and its printer; the shop is built first where there is none (see `build`)."""
    demo = start_demo(data_dir, SystemClock(), progress)
    return demo.till, demo.printer


def start_demo(data_dir: Path, clock: Clock, progress: Progress = no_progress) -> Demo:
    """As `open_demo`, by any clock, with the switchable TSE. Nothing is left running when it is refused."""
    settings = build(data_dir, clock, progress)
    with contextlib.ExitStack() as own:
        printer = own.enter_context(SimulatedPrinter())
        tse = FaultyRecorder(own.enter_context(contextlib.closing(SoftTse(data_dir / TSE, clock))))
        simulated = replace(settings, printer=printer.uri, printer_profile=printer.profile.name)
        till = open_till(simulated, Ports(clock=clock, recorder=tse))
        own.callback(till.close)
        return Demo(till, printer, tse, own.pop_all())

"""What goes wrong around the counters: printers, the TSE, the disk, the power; drawn at random and put right again."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import Fault as PrinterFault
from till.fiscal.faulty import Behaviour
from till.fiscal.faulty import Fault as TseFault
from till.simulation.cashier import Act
from till.simulation.chance import drawn, happens
from till.simulation.counter import Counter
from till.simulation.faults import KILLS, Strike

_BAD_MANNERS = (
    Misbehaviour(),
    Misbehaviour(mute=True),
    Misbehaviour(drop_after=700),
    Misbehaviour(late_s=0.3),
    Misbehaviour(slow_s=0.02),
)
_SLOW_S = (0.0, 0.0, 0.0, 0.05, 0.3, 2.5)
_DISK = (Strike.BUSY, Strike.FULL, Strike.DEADLOCK, Strike.LOST_ANSWER)


def draw(rng: Random, counter: Counter) -> Act:
    """What goes wrong now, or right again."""
    happen = drawn(rng, _MISHAPS)
    return Act(happen.__name__.replace("_", " "), lambda: happen(rng, counter))


def mend_printer(counter: Counter) -> None:
    """Paper in, cover shut, power on, and good manners."""
    counter.printer.misbehave(Misbehaviour())
    for fault in counter.printer.faults:
        counter.printer.set_fault(fault, on=False)
    if not counter.has_power:
        counter.printer.power_on()
        counter.has_power = True


def printer_fails(rng: Random, counter: Counter) -> str:
    """No paper, an open cover, no power, bad manners."""
    if happens(rng, 0.2) and counter.has_power:
        counter.printer.power_off()
        counter.has_power = False
        return "power off"
    if happens(rng, 0.4):
        manners = rng.choice(_BAD_MANNERS)
        counter.printer.misbehave(manners)
        return str(manners)
    fault = rng.choice(list(PrinterFault))
    counter.printer.set_fault(fault)
    return fault.value


def printer_recovers(_rng: Random, counter: Counter) -> str:
    """All is well with the printer."""
    mend_printer(counter)
    return "well"


def tse_fails(rng: Random, counter: Counter) -> str:
    """The TSE fails, is slow, or loses its answers."""
    behaviour = Behaviour(rng.choice(list(TseFault)), rng.choice(_SLOW_S))
    counter.break_tse(behaviour)
    return f"{behaviour.fault.value} {behaviour.slow_s}"


def tse_recovers(_rng: Random, counter: Counter) -> str:
    """The TSE signs again."""
    counter.break_tse(Behaviour())
    return "well"


def disk_strikes(rng: Random, counter: Counter) -> str:
    """The next write fails, at the counter or behind it."""
    strike, at_counter = rng.choice(_DISK), happens(rng, 0.8)
    counter.disk.arm(strike, at_counter=at_counter)
    return f"{strike.value} {'at the counter' if at_counter else 'behind it'}"


def till_is_killed(rng: Random, counter: Counter) -> str:
    """The till's process ends: between two touches, or in the middle of the counter's next write."""
    if happens(rng, 0.5):
        strike = rng.choice(KILLS)
        counter.disk.arm(strike, at_counter=True)
        return f"{strike.value}"
    if happens(rng, 0.5):
        counter.settle()
        return f"at rest, {counter.kill()}"
    return f"at work, {counter.rise_again()}"


def till_is_restarted(_rng: Random, counter: Counter) -> str:
    """The program is closed and opened."""
    return counter.leave_and_return()


_MISHAPS: dict[Callable[[Random, Counter], str], int] = {
    printer_fails: 12,
    printer_recovers: 16,
    tse_fails: 8,
    tse_recovers: 12,
    disk_strikes: 12,
    till_is_killed: 12,
    till_is_restarted: 4,
}

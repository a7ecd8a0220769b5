"""A till that is killed while its printer has the bytes: the receipt is asked about, never printed again."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from till.devices.simulated.connection import Misbehaviour
from till.printing.job import JobState

if TYPE_CHECKING:
    from tests.printing.conftest import Counter

TILL = """
import sys, threading
from till.clock import SystemClock
from till.db.engine import Database
from till.devices.endpoints import transport_factory
from till.devices.profiles import DEFAULT_PROFILE
from till.printing.worker import PrinterEndpoint, PrinterWorker

def encode(snapshot, profile, is_copy):
    return b"\\x1b@" + snapshot.encode("ascii", "replace") + b"\\n\\x1dVB\\x00"

endpoint = PrinterEndpoint("bon", transport_factory(sys.argv[2]), DEFAULT_PROFILE, encode)
PrinterWorker(Database(sys.argv[1]), endpoint, SystemClock()).start()
threading.Event().wait()
"""


def test_a_killed_till_asks_after_its_restart(counter: Counter) -> None:
    counter.printer.misbehave(Misbehaviour(mute=True))
    counter.owe(1)
    till = subprocess.Popen([sys.executable, "-c", TILL, counter.database.url, counter.printer.uri])
    try:
        counter.printer.wait_for_receipts(1, timeout_s=30.0)
        assert counter.states() == [JobState.SENDING]
    finally:
        till.kill()
        till.wait()
    counter.printer.misbehave(Misbehaviour())
    counter.owe(2)
    counter.worker().start()
    counter.reach(JobState.UNCERTAIN, JobState.PRINTED)
    assert (counter.times_printed(1), counter.times_printed(2)) == (1, 1)

"""Drives one ESC/POS receipt printer: asks how it is, sends a job, and knows whether paper came.

The promise (70-devices 6.5): a DeviceError means that nothing of the job was sent, so it may be tried
again; everything doubtful is an UNCERTAIN result, which only a person may answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from till.devices.drivers.escpos_answers import Answer, AnswerKind, AnswerSorter
from till.devices.model import SILENT, DrawerReason, PrinterProfile, PrinterStatus, PrintOutcome, PrintResult
from till.devices.protocols import Transport
from till.errors import DeviceError
from till.i18n import msg

NOT_CONFIRMED = msg("The printer did not confirm the receipt.")
LINE_LOST = msg("The connection to the printer broke while the receipt was being sent.")
GIVEN_UP = msg("The till was closed while the printer still waited with the receipt.")

_log = logging.getLogger(__name__)
_BARRIER = b"\x1dr\x01"


@dataclass(frozen=True, slots=True)
class PrinterLimits:
    """Waiting times in seconds; tests shorten them.

    `confirm_s`: from the last byte to the printer's confirmation, not counting time in which it reports
    that it waits for paper or a closed cover. 8 s happen on healthy printers (70-devices 6.1).
    """

    status_s: float = 1.0
    confirm_s: float = 15.0
    ask_every_s: float = 0.25
    quiet_s: float = 0.02


class EscposPrinter:
    """One printer; belongs to one thread. `open` and `close` frame a visit, as printers take one caller at a time."""

    def __init__(
        self,
        make_transport: Callable[[], Transport],
        profile: PrinterProfile,
        limits: PrinterLimits = PrinterLimits(),
    ) -> None:
        self.profile = profile
        self._make_transport = make_transport
        self._limits = limits
        self._has_answered = False
        self._has_confirmed = False
        self._is_owed_of_old = True  # a program that was killed may have left an answer behind
        self._line = make_transport()
        self._start_afresh()

    def open(self) -> None:
        """Connect; DeviceError when the printer is not there."""
        self._line.close()
        self._line = self._make_transport()
        self._is_owed_of_old |= self._confirmations_due > 0
        self._start_afresh()
        self._line.open()

    def close(self) -> None:
        """Hang up; never raises."""
        self._line.close()

    def query_status(self) -> PrinterStatus:
        """Ask the printer how it is.

        SILENT for one that never answered yet. DeviceError for one that did and now says nothing: real-time
        answers come even from a printer that can't print, so it is off or hangs.
        """
        if not self._answers:
            return SILENT
        self._drain()
        status = self._ask_status((1, 4, 2, 3))
        if status.is_silent and self._has_answered:
            message = "the printer does not answer any more"
            raise DeviceError(message)
        return status

    def print_bytes(self, payload: bytes, keep_waiting: Callable[[PrinterStatus], bool]) -> PrintResult:
        """Send a whole job and wait for the printer to confirm that it executed it.

        While the printer reports that it can't print it holds the job and will print it by itself, so
        the wait has no end. About every `ask_every_s` it calls `keep_waiting` with the latest status; False gives up.
        Raises DeviceError only when nothing of `payload` was sent.
        """
        try:
            self._drain()  # notices a printer that hung up, into which a first write would vanish without an error
            if not self._answers:
                self._line.write(payload)
                return PrintResult(PrintOutcome.SENT)
            self._shake_hands()
            self._line.write(payload)
        except DeviceError as error:
            if not error.sent_any:
                raise
            _log.warning("printer %s: %s", self.profile.name, error)
            return PrintResult(PrintOutcome.UNCERTAIN, LINE_LOST)
        try:
            return self._await_execution(keep_waiting)
        except DeviceError as error:
            _log.warning("printer %s: %s", self.profile.name, error)
            return PrintResult(PrintOutcome.UNCERTAIN, LINE_LOST)

    def open_drawer(self, reason: DrawerReason) -> None:
        """Kick the drawer now. DeviceError when the kick would wait in the printer and open the drawer later by itself."""
        pulse = self.profile.drawer_pulse
        connector = 0 if pulse.pin == 2 else 1  # noqa: PLR2004 - the pin's own number
        if self.profile.drawer_realtime:
            kick = bytes((0x10, 0x14, 1, connector, max(1, min(8, pulse.on_ms // 100))))
        elif self.query_status().can_print:
            kick = bytes((0x1B, 0x70, connector, pulse.on_ms // 2, pulse.off_ms // 2))
        else:
            message = f"drawer ({reason}): the printer can't execute a pulse now"
            raise DeviceError(message)
        self._line.write(kick)
        _log.info("drawer kicked at %s: %s", self.profile.name, reason)

    @property
    def _answers(self) -> bool:
        return self.profile.cap_status and self._line.can_read

    def _start_afresh(self) -> None:
        self._sorter = AnswerSorter()
        self._realtime: list[int] = []
        self._confirmations_due = 0
        self._out_of_step = False

    def _shake_hands(self) -> None:
        """See that the printer executes commands before the first byte of a job goes out.

        A printer that confirmed before and doesn't now is busy or hangs: nothing was sent, try later.
        Confirmations still on their way from an earlier job are used up here, so that they can't be
        taken for this job's; one of an earlier visit may come over this line too, and is waited for longer.
        """
        self._send_barrier()
        if self._listen(self._limits.status_s, self._all_confirmed):
            self._has_confirmed = True
            self._out_of_step |= self._is_owed_of_old
            self._drain()
            self._is_owed_of_old = False
        elif self._has_confirmed:
            message = "the printer is busy or hangs"
            raise DeviceError(message)

    def _await_execution(self, keep_waiting: Callable[[PrinterStatus], bool]) -> PrintResult:
        self._send_barrier()
        deadline = time.monotonic() + self._limits.confirm_s
        while time.monotonic() < deadline:
            if self._listen(self._limits.ask_every_s, self._all_confirmed):
                return self._confirmed()
            status = self._ask_status((1, 4, 2))
            if self._all_confirmed():
                return self._confirmed()
            if not status.can_print:
                deadline = time.monotonic() + self._limits.confirm_s
            if not keep_waiting(status):
                return PrintResult(PrintOutcome.UNCERTAIN, GIVEN_UP)
        return PrintResult(PrintOutcome.UNCERTAIN, NOT_CONFIRMED)

    def _confirmed(self) -> PrintResult:
        self._has_confirmed = True
        return PrintResult(PrintOutcome.PRINTED)

    def _send_barrier(self) -> None:
        self._line.write(_BARRIER)
        self._confirmations_due += 1

    def _all_confirmed(self) -> bool:
        return self._confirmations_due == 0

    def _ask_status(self, questions: tuple[int, ...]) -> PrinterStatus:
        """Ask in turn and stop at the first silence: answers carry no number, so a late one would shift the rest."""
        answers: dict[int, int] = {}
        for question in questions:
            answer = self._ask(question)
            if answer is None:
                self._out_of_step = True
                break
            answers[question] = answer
        self._has_answered = self._has_answered or bool(answers)
        return _status(answers, self.profile.drawer_open_level)

    def _ask(self, question: int) -> int | None:
        self._realtime.clear()
        self._line.write(bytes((0x10, 0x04, question)))
        if not self._listen(self._limits.status_s, lambda: bool(self._realtime)):
            return None
        return self._realtime[0]

    def _listen(self, timeout_s: float, is_over: Callable[[], bool]) -> bool:
        """Take in answers until `is_over`, or False when the time is."""
        deadline = time.monotonic() + timeout_s
        while not is_over():
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return False
            self._take_in(left_s)
        return True

    def _drain(self) -> None:
        """Let pass what was not asked for, until the line is quiet; longer if an answer is still owed."""
        quiet_s = self._limits.status_s if self._out_of_step else self._limits.quiet_s
        deadline = time.monotonic() + 4 * self._limits.status_s
        while self._take_in(quiet_s) and time.monotonic() < deadline:
            pass
        self._out_of_step = False

    def _take_in(self, timeout_s: float) -> bool:
        received = self._line.read(256, timeout_s)
        for answer in self._sorter.feed(received):
            self._note(answer)
        return bool(received)

    def _note(self, answer: Answer) -> None:
        if answer.kind is AnswerKind.REALTIME:
            self._realtime.append(answer.byte)
        elif answer.kind is AnswerKind.EXECUTED and self._confirmations_due:
            self._confirmations_due -= 1


def _status(answers: dict[int, int], open_level: bool | None) -> PrinterStatus:  # noqa: FBT001 - a level, not a switch
    """The answers to DLE EOT 1 to 4 in UnifiedPOS words (Epson, "DLE EOT")."""

    def bit(question: int, mask: int) -> bool | None:
        return bool(answers[question] & mask) if question in answers else None

    pin3 = bit(1, 0x04)
    offline = bit(1, 0x08)
    return PrinterStatus(
        online=None if offline is None else not offline,
        cover_open=bit(2, 0x04),
        rec_empty=bit(4, 0x60),
        rec_near_end=bit(4, 0x0C),
        error=_any(bit(2, 0x40), bit(3, 0x6C)),
        drawer_pin3=pin3,
        drawer_opened=None if pin3 is None or open_level is None else pin3 == open_level,
    )


def _any(*facts: bool | None) -> bool | None:
    known = [fact for fact in facts if fact is not None]
    return any(known) if known else None

"""The states around the sale as strips of words, each with a way to mend it (U6)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from till.app.views import PrinterState, Status
from till.i18n import msg
from till.ui.look import Look
from till.ui.widgets.strip import Notice, Strip, Way

_MOST = 3
_PRINTER = {
    PrinterState.PAPER_OUT: msg("The receipt printer is out of paper. Put in a new roll, printing goes on by itself."),
    PrinterState.COVER_OPEN: msg("The receipt printer’s cover is open. Close it, printing goes on by itself."),
    PrinterState.OFFLINE: msg("The receipt printer does not answer. Check its cable and switch."),
    PrinterState.PAPER_LOW: msg("The paper of the receipt printer is running out. Have a new roll ready."),
}


class Strips(QWidget):
    """Shows what `Status` says; `answered` with (job id, was it printed), `retry_asked` for the unprinted ones.

    `training_over` when training shall end; a narrow one leaves it to the window's frame to say that it is on.
    """

    training_over = Signal()
    answered = Signal(int, bool)
    retry_asked = Signal()

    def __init__(self, look: Look, *, is_narrow: bool = False) -> None:
        super().__init__()
        self._look, self._is_narrow = look, is_narrow
        self._shown: tuple[Notice, ...] = ()
        self._status: Status | None = None
        self._shows_all = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What the strips say now."""
        return [notice.words for notice in self._shown]

    def show_status(self, status: Status) -> None:
        """Show the strips of this state; nothing is touched when they are the same."""
        if status == self._status:
            return
        self._status = status
        self._show(self._chosen(self._notices(status)))

    def _chosen(self, notices: list[Notice]) -> tuple[Notice, ...]:
        """The gravest ones that leave room for selling, and how many more there are; all of them where that was asked."""
        most = 1 if self._is_narrow else _MOST
        if len(notices) <= most:
            self._shows_all = False
            return tuple(notices)
        if self._is_narrow:
            return tuple(notices[:most])
        if self._shows_all:
            return (*notices, self._more(self._look.t("That is everything."), self._look.t("Show less")))
        hidden = len(notices) - most
        words = self._look.t.plural("and {count} more thing to see to", "and {count} more things to see to", hidden)
        return (*notices[:most], self._more(words.format(count=hidden), self._look.t("Show all")))

    def _more(self, words: str, way: str) -> Notice:
        return Notice(words, "dots", "calm", (Way(way, self.show_all),))

    def show_all(self) -> None:
        """Show all of them, or only the gravest again."""
        self._shows_all = not self._shows_all
        if self._status is not None:
            self._show(self._chosen(self._notices(self._status)))

    def _show(self, notices: tuple[Notice, ...]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            strip = item.widget()
            if strip is not None:
                strip.hide()
                strip.deleteLater()
        for notice in notices:
            self._column.addWidget(Strip(self._look, notice, is_narrow=self._is_narrow))
        self._shown = notices
        self.setVisible(bool(notices))

    def _notices(self, status: Status) -> list[Notice]:
        found = [*self._damaged(status), *self._grave(status), *self._uncertain(status), *self._printing(status)]
        if status.backup_failed:
            found.append(Notice(self._look.t(status.backup_failed), "database"))
        if status.printer is PrinterState.PAPER_LOW:
            found.append(Notice(self._look.t(_PRINTER[status.printer]), "printer"))
        if status.training and not self._is_narrow:
            t = self._look.t
            way = Way(t("End the training"), self.training_over.emit)
            found.append(
                Notice(
                    t("Training: sell, pay and print as always. Nothing counts, the drawer stays shut."),
                    "school",
                    ways=(way,),
                )
            )
        return sorted(found, key=lambda notice: notice.tone != "danger")

    def _damaged(self, status: Status) -> list[Notice]:
        if not status.books_damaged:
            return []
        words = self._look.t(
            "The books are damaged. Close the till and run “till verify”; it says what is wrong. "
            "Keep all backups; the last good one comes back with “till restore”."
        )
        return [Notice(words, "database", "danger")]

    def _grave(self, status: Status) -> list[Notice]:
        t, formats = self._look.t, self._look.formats
        found = []
        if status.database_waiting:
            busy = msg("The database is busy. The basket is safe; the till goes on by itself.")
            found.append(Notice(t(status.database_trouble or busy), "database"))
        if status.tse_outage_since is not None:
            words = t("The TSE has failed since {since}: {reason}. Go on selling; the receipts say so.")
            since = formats.time(status.tse_outage_since)
            reason = t(status.tse_failure).rstrip(".") if status.tse_failure else status.tse_reason
            found.append(Notice(words.format(since=since, reason=reason), "shield-x", "danger"))
        if status.drawer_needs_key:
            found.append(Notice(t("The drawer did not open. Open it with its key."), "lock"))
        if status.disk_full:
            full = t("The disk is full. The open sale can be finished, then the till waits until there is room.")
            found.append(Notice(full, "database", "danger"))
        elif status.disk_low:
            found.append(Notice(t("The disk is almost full. Free some space before the till has to stop."), "database"))
        return found

    def _uncertain(self, status: Status) -> list[Notice]:
        t = self._look.t
        notices = []
        for job in status.uncertain[:1]:
            yes = Way(t("Yes"), partial(self.answered.emit, job.job_id, True))
            no = Way(t("No, print as a copy"), partial(self.answered.emit, job.job_id, False))
            if job.voucher:
                words = t("Was the slip of voucher {number} printed?").format(number=job.voucher)
            else:
                words = t("Was receipt {number} printed?").format(number=job.receipt_number)
            notices.append(Notice(words, "printer", ways=(yes, no)))
        return notices

    def _printing(self, status: Status) -> list[Notice]:
        t = self._look.t
        state = t(_PRINTER[status.printer]) if status.printer in _BROKEN else ""
        if not status.unprinted:
            return [Notice(state, "printer-off")] if state else []
        count = t.plural("{count} receipt not printed.", "{count} receipts not printed.", status.unprinted)
        words = f"{count.format(count=status.unprinted)} {state}".strip()
        return [Notice(words, "printer-off", ways=(Way(t("Print now"), self.retry_asked.emit),))]


_BROKEN = frozenset({PrinterState.PAPER_OUT, PrinterState.COVER_OPEN, PrinterState.OFFLINE})

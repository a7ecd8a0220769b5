"""A page of the office that takes a table from outside, and tells how far its long works are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from till.app.bootstrap import Till
from till.errors import Refused
from till.i18n import msg
from till.quantity import pieces
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.widgets.progress import ProgressStrip

ONE_FILE = msg("Drop one file only.")
NOT_WHILE_WORKING = msg("A table is being worked on. Wait until that is done, or cancel it.")


class TablePage(OfficePage):
    """A file may be dropped anywhere on it; a subclass says what is done with one, and what sleeps meanwhile."""

    def __init__(self, look: Look, till: Till, title: str) -> None:
        super().__init__(look, till, title)
        self.setAcceptDrops(True)
        self._says = look.t("Reading …")
        self._rows_so_far = ""
        self.progress = ProgressStrip(look, self.work, self._progress_words)
        self.body.addWidget(self.progress)
        self.work.begun.connect(self.show_busy)
        self.work.ended.connect(self.show_busy)

    def check(self, path: Path) -> None:
        """Read a file and show what it would do."""
        raise NotImplementedError

    def show_busy(self) -> None:
        """What can't be used while a table is being worked on sleeps."""
        raise NotImplementedError

    def is_free(self) -> bool:
        """Whether nothing is being worked on; if something is, that is said."""
        if self.work.is_busy:
            self.message.refuse(Refused(NOT_WHILE_WORKING))
        return not self.work.is_busy

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if event.mimeData().hasUrls() and not self.work.is_busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Check the file that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if len(paths) == 1:
            self.check(paths[0])
        else:
            self.message.refuse(Refused(ONE_FILE))

    def counted(self, count: int) -> str:
        """A number as people of this language write it."""
        return self._look.formats.quantity(pieces(count))

    def tell_work(self, begins: str, goes_on: str = "") -> None:
        """What is said while the next work is under way: at first, and with `{count}` once rows are done."""
        self._says, self._rows_so_far = begins, goes_on

    def _progress_words(self, rows: int) -> str:
        if not rows or not self._rows_so_far:
            return self._says
        return f"{self._says} {self._rows_so_far.format(count=self.counted(rows))}"

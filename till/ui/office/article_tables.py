"""Articles from a table and into one: choose or drop a file, see what it would do, take it over or not (T14)."""

from __future__ import annotations

from pathlib import Path

from till.app.article_tables import Preview
from till.app.bootstrap import Till
from till.app.watch import Watch
from till.i18n import msg
from till.tables.verdict import Verdict
from till.ui.look import Look
from till.ui.message import Tone
from till.ui.office.article_tables_checked import CheckedTable
from till.ui.office.article_tables_start import StartCard
from till.ui.office.file_choice import ask_where_to_save, ask_which_to_read
from till.ui.office.table_page import TablePage
from till.ui.widgets.button import Face, Kind

TITLE = msg("Import and export articles")


class ArticleTablesPage(TablePage):
    """At first the choice of a file; once one is checked, what it would do."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, look.t(TITLE))
        self.start = StartCard(look, till.article_tables)
        self.checked = CheckedTable(look, till.article_tables, self.message)
        self.other_button = self.head_button(Face(look.t("Another file"), "refresh"), self._start_again)
        self.take_button = self.head_button(Face(look.t("Take over"), "check"), self.take_over, Kind.PRIMARY)
        self.body.addWidget(self.start, 1)
        self.body.addWidget(self.checked, 1)
        self._connect()
        self._show_start()

    def begin(self) -> None:
        """Bring the figures up to date; a checked table stays."""
        self.start.begin()

    def tear_down(self) -> None:
        """Forget the checked table."""
        self.work.finish()
        self._till.article_tables.close()

    def check(self, path: Path) -> None:
        """Read a file and show what it would do."""
        if not self.is_free():
            return
        desk, asked = self._till.article_tables, self.start.asked()
        self.message.clear()
        self.tell_work(self._look.t("Reading {file} …").format(file=path.name), self._look.t("{count} rows so far"))
        self.work.begin(lambda watch: desk.check(path, asked, watch), self._show_preview)

    def take_over(self) -> None:
        """Take the checked table over, all of it or nothing."""
        desk = self._till.article_tables
        if self.work.is_busy:
            return
        self.tell_work(self._look.t("Taking the table over …"), "")
        self.work.begin(lambda _watch: desk.apply(), self._tell_taken)

    def export_to(self, path: Path) -> None:
        """Write all articles to a file."""
        desk = self._till.article_tables

        def write(watch: Watch) -> int:
            return desk.export(path, watch)

        self.tell_work(self._look.t("Writing {file} …").format(file=path.name), self._look.t("{count} articles so far"))
        self.work.begin(write, lambda count: self._tell_written(count, path))
        self.progress.set_total(self.start.count)

    def save_refused_to(self, path: Path) -> None:
        """Write the refused rows with their reasons to a file."""
        desk, formats = self._till.article_tables, self._look.formats
        self.tell_work(self._look.t("Writing {file} …").format(file=path.name), self._look.t("{count} rows so far"))
        self.work.begin(
            lambda watch: desk.export_refused(path, formats, watch), lambda count: self._tell_refused(count, path)
        )

    def show_busy(self) -> None:
        """The whole page but for the progress sleeps."""
        is_idle = not self.work.is_busy
        self.start.setEnabled(is_idle)
        self.checked.setEnabled(is_idle)
        self.other_button.setEnabled(is_idle)
        preview = self.checked.preview
        can_take = preview is not None and preview.is_acceptable and preview.changes_something
        self.take_button.setEnabled(is_idle and can_take)

    def _connect(self) -> None:
        self.start.file_asked.connect(lambda: ask_which_to_read(self, self._look, self.check))
        self.start.export_asked.connect(lambda name: ask_where_to_save(self, self._look, name, self.export_to))
        self.checked.refused_asked.connect(self._ask_for_refused)

    def _show_preview(self, preview: Preview) -> None:
        self.checked.show_preview(preview)
        self.start.hide()
        self.checked.show()
        if not preview.changes_something and preview.is_acceptable:
            self.message.tell(
                self._look.t(
                    "All {count} rows are in the books as they are here. There is nothing to take over."
                ).format(count=self.counted(preview.counts[Verdict.UNCHANGED]))
            )
        self._show_buttons(preview)

    def _show_buttons(self, preview: Preview) -> None:
        self.other_button.show()
        self.take_button.show()
        self.take_button.setEnabled(preview.is_acceptable and preview.changes_something)

    def _show_start(self) -> None:
        self.checked.hide()
        self.start.show()
        for button in (self.other_button, self.take_button):
            button.hide()

    def _start_again(self) -> None:
        self.message.clear()
        self._till.article_tables.close()
        self.start.begin()
        self._show_start()

    def _ask_for_refused(self) -> None:
        name = self._look.t("Refused rows")
        ask_where_to_save(self, self._look, f"{name}.xlsx", self.save_refused_to)

    def _tell_taken(self, preview: Preview) -> None:
        self._start_again()
        words = self._look.t("Taken over: {new} new and {changed} changed articles.")
        new, changed = preview.counts[Verdict.NEW], preview.counts[Verdict.CHANGED]
        self.message.tell(words.format(new=self.counted(new), changed=self.counted(changed)), Tone.CALM)

    def _tell_written(self, count: int, path: Path) -> None:
        words = self._look.t.plural(
            "{count} article was written to {path}.", "{count} articles were written to {path}.", count
        )
        self.message.tell(words.format(count=self.counted(count), path=path))

    def _tell_refused(self, count: int, path: Path) -> None:
        words = self._look.t.plural(
            "{count} refused row was written to {path}, with its reason.",
            "{count} refused rows were written to {path}, with their reasons.",
            count,
        )
        self.message.tell(words.format(count=self.counted(count), path=path))

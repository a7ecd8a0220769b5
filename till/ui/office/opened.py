"""Opens the office for the scenes of its pages (`till.ui.screens`)."""

from __future__ import annotations

from typing import TypeVar

from till.ui.office.page import OfficePage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Stage

Page = TypeVar("Page", bound=OfficePage)


def opened(stage: Stage, key: str, kind: type[Page]) -> tuple[OfficeWindow, Page]:
    """The office's window in the size of the counter's, and its page `key`, with nothing under way any more.

    Raises TypeError where that page is of another `kind`, or may not be seen.
    """
    window = OfficeWindow(stage.window.look, stage.till)
    window.resize(stage.window.size())
    window.show()
    window.open_page(key)
    page = window.page
    if not isinstance(page, kind):
        raise TypeError(page)
    page.work.finish()
    return window, page

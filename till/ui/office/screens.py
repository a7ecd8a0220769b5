"""The scenes of the back office, one or more for each page; `till.ui.screens` renders them."""

from __future__ import annotations

from till.ui.office.page import OfficePage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage


def office(stage: Stage, key: str = "") -> tuple[OfficeWindow, OfficePage | None]:
    """The office's window on this page, in the size of the counter's, with nothing under way any more."""
    window = OfficeWindow(stage.window.look, stage.till)
    window.resize(stage.window.size())
    window.show()
    window.open_page(key)
    if window.page is not None:
        window.page.work.finish()
    return window, window.page


OFFICE_SCENES: tuple[Scene, ...] = ()

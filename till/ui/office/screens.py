"""The scenes of the back office, one or more for each page; `till.ui.screens` renders them."""

from __future__ import annotations

from till.ui.office.closings import ClosingsPage
from till.ui.office.page import OfficePage
from till.ui.office.staff import screens as staff
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


def closings(stage: Stage, typed: str = "") -> OfficeWindow:
    """All Z, and the paper of the newest one, or of what is found."""
    window, page = office(stage, "closings")
    if isinstance(page, ClosingsPage):
        page.table.search.line.setText(typed)
        page.paper.painter.finish()
    return window


def closings_none_found(stage: Stage) -> OfficeWindow:
    """No Z has what is typed."""
    return closings(stage, "1999")


OFFICE_SCENES: tuple[Scene, ...] = (
    *staff.SCENES,
    closings,
    closings_none_found,
)

"""The scenes of the back office, one or more for each page; `till.ui.screens` renders them."""

from __future__ import annotations

from till.ui.office.closings import ClosingsPage
from till.ui.office.layout.page import LayoutPage
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


def layout_favourites(stage: Stage) -> OfficeWindow:
    """The first page with a tile that is chosen to be moved."""
    window, page = office(stage, "layout")
    if isinstance(page, LayoutPage):
        page.grid.pick(page.grid.shown_tiles[3])
    return window


def layout_search(stage: Stage) -> OfficeWindow:
    """Looking for what else shall lie on the first page."""
    window, page = office(stage, "layout")
    if isinstance(page, LayoutPage):
        page.search.line.setText("tee")
    return window


def layout_category(stage: Stage) -> OfficeWindow:
    """The tiles of a category."""
    window, page = office(stage, "layout")
    if isinstance(page, LayoutPage):
        page.tabs.choose("tea")
    return window


def layout_settings(stage: Stage) -> OfficeWindow:
    """A category with another colour than the twelve, and a name that is missing."""
    window, page = office(stage, "layout")
    if isinstance(page, LayoutPage):
        page.tabs.choose("tea")
        page.views.setCurrentIndex(1)
        page.form.name.line.setText("")
        page.form.name.is_right()
        page.form.colour.line.setText("#7A1F5C")
        page.form.colour.changed.emit()
    return window


def layout_new(stage: Stage) -> OfficeWindow:
    """A category that is just begun."""
    window, page = office(stage, "layout")
    if isinstance(page, LayoutPage):
        page.add.click()
    return window


OFFICE_SCENES: tuple[Scene, ...] = (
    closings,
    closings_none_found,
    layout_favourites,
    layout_search,
    layout_category,
    layout_settings,
    layout_new,
)

"""The scenes of the page for tabs and tiles: the first page, a search, a category, its settings, and a new one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from till.ui.office.layout.page import LayoutPage
from till.ui.office.opened import opened
from till.ui.stage import Scene, Stage


def office_layout(stage: Stage) -> QWidget:
    """The first page with a tile that is chosen to be moved."""
    window, page = opened(stage, "layout", LayoutPage)
    page.grid.pick(page.grid.shown_tiles[3])
    return window


def office_layout_search(stage: Stage) -> QWidget:
    """Looking for what else shall lie on the first page."""
    window, page = opened(stage, "layout", LayoutPage)
    page.search.line.setText("tee")
    return window


def office_layout_category(stage: Stage) -> QWidget:
    """The tiles of a category."""
    window, page = opened(stage, "layout", LayoutPage)
    page.tabs.choose("tea")
    return window


def office_layout_settings(stage: Stage) -> QWidget:
    """A category with another colour than the twelve, and a name that is missing."""
    window, page = opened(stage, "layout", LayoutPage)
    page.tabs.choose("tea")
    page.views.setCurrentIndex(1)
    page.form.name.line.setText("")
    page.form.name.is_right()
    page.form.colour.line.setText("#7A1F5C")
    page.form.colour.changed.emit()
    return window


def office_layout_new(stage: Stage) -> QWidget:
    """A category that is just begun."""
    window, page = opened(stage, "layout", LayoutPage)
    page.add.click()
    return window


LAYOUT_SCENES: tuple[Scene, ...] = (
    office_layout,
    office_layout_search,
    office_layout_category,
    office_layout_settings,
    office_layout_new,
)

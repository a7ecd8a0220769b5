"""Tab goes from control to control as they are seen, whenever and in whatever order they were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def put_in_order(page: QWidget) -> None:
    """Let Tab go through all that can be reached in `page` as its layouts place it, beginning with the page itself."""
    for before, after in pairwise([page, *_inside(page)]):
        QWidget.setTabOrder(before, after)


def _controls(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    yield from _inside(widget)


def _inside(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    scrolled = widget.widget() if isinstance(widget, QScrollArea) else None
    if layout is not None:
        yield from _placed(layout)
    elif scrolled is not None:
        yield from _controls(scrolled)


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if inner is not None:
            yield from _placed(inner)
        elif widget is not None:
            yield from _controls(widget)

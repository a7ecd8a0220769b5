"""Garbage that holds parts of the window ends on the window's thread, whoever allocates (see `till.ui.memory`)."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from till.ui.memory import GarbageCollector


class Panel(QObject):
    """A part of the window that refers to itself, as most do through a signal."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


@pytest.fixture
def ended_on() -> Iterator[list[int]]:
    """The threads on which panels ended."""
    threads: list[int] = []
    yield threads
    gc.unfreeze()


def abandoned(ended_on: list[int]) -> None:
    weakref.finalize(Panel(), lambda: ended_on.append(threading.get_ident()))


def on_another_thread() -> list[list[object]]:
    """Allocate there as much as makes Python look for garbage many times; it is kept."""
    kept: list[list[object]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(50_000)))
    thread.start()
    thread.join()
    return kept


def test_what_another_thread_allocates_ends_no_part_of_the_window_there(qtbot: QtBot, ended_on: list[int]) -> None:
    collector = GarbageCollector(parent := QObject())
    collector.begin()
    abandoned(ended_on)
    kept = on_another_thread()
    assert kept
    assert ended_on == []
    qtbot.waitUntil(lambda: ended_on != [])
    assert ended_on == [threading.get_ident()]
    parent.deleteLater()


def test_without_it_the_other_thread_ends_it(ended_on: list[int]) -> None:
    """Why it is needed; a plain object, as Qt's may crash."""
    gc.enable()
    panel = type("Plain", (), {})()
    panel.itself = panel
    weakref.finalize(panel, lambda: ended_on.append(threading.get_ident()))
    del panel
    assert on_another_thread()
    assert ended_on
    assert ended_on != [threading.get_ident()]

"""The scenes of the office's receipts, and of the import and export of articles."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from till.tables.verdict import Verdict
from till.ui.office.article_tables import ArticleTablesPage
from till.ui.office.opened import opened
from till.ui.office.receipts import ReceiptsPage
from till.ui.office.window import OfficeWindow
from till.ui.stage import Scene, Stage

_NEW = (
    "9001;Monstera deliciosa;Zimmerpflanzen;24,90;7;4012345099992;A1",
    "9002;Übertopf Ø 18 cm „Sand“;Zimmerpflanzen;12,50;19;;A2",
    "1001;;;3,90;;;",
    "1002;;;;;;",
)
_WRONG = (
    *_NEW,
    "9003;Gießkanne;Zubehör;-1;19;;",
    "9004;Dünger;Zubehör;1,234;19;;",
    "9005;;Zubehör;4,00;19;;",
    "9001;Doppelt;Zubehör;4,00;19;;",
)


def office_receipts(stage: Stage) -> QWidget:
    """The latest receipts, one of them on its paper."""
    return _receipts(stage, "")


def office_receipts_found(stage: Stage) -> QWidget:
    """Receipts found by an article and a month."""
    return _receipts(stage, "rose november")


def office_receipts_nothing(stage: Stage) -> QWidget:
    """Nothing fits."""
    return _receipts(stage, "gestern 999,99 €")


def office_tables(stage: Stage) -> QWidget:
    """Where a table is dropped, and the way out."""
    return opened(stage, "article-tables", ArticleTablesPage)[0]


def office_tables_checked(stage: Stage) -> QWidget:
    """A table that can be taken over."""
    window, page = _checked(stage, _NEW)
    page.checked.show_verdict(Verdict.CHANGED)
    return window


def office_tables_refused(stage: Stage) -> QWidget:
    """A table with rows that are refused."""
    return _checked(stage, _WRONG)[0]


def office_tables_no_table(stage: Stage) -> QWidget:
    """A file that is no table."""
    window, page = opened(stage, "article-tables", ArticleTablesPage)
    page.check(Path(__file__).parent / "gone.xlsx")
    page.work.finish()
    return window


def _checked(stage: Stage, rows: tuple[str, ...]) -> tuple[OfficeWindow, ArticleTablesPage]:
    window, page = opened(stage, "article-tables", ArticleTablesPage)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Artikel Frühjahr.csv"
        path.write_text("\n".join(["Nr;Name;Warengruppe;Preis;MwSt;EAN;Lagerplatz", *rows]), "utf-8")
        page.check(path)
        page.work.finish()
    return window, page


def _receipts(stage: Stage, typed: str) -> QWidget:
    window, page = opened(stage, "receipts", ReceiptsPage)
    if typed:
        page.finder.put(typed)
        page.finder.look_now()
        page.work.finish()
    page.paper.painter.finish()
    return window


TABLE_SCENES: tuple[Scene, ...] = (
    office_receipts,
    office_receipts_found,
    office_receipts_nothing,
    office_tables,
    office_tables_checked,
    office_tables_refused,
    office_tables_no_table,
)

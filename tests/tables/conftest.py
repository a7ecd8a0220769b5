"""Tables as other programs write them: sheets made part by part, so that the worst ones can be made too."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from till.tables.header import Column

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

SheetMaker = Callable[..., Path]


@pytest.fixture
def columns() -> tuple[Column, ...]:
    """Three columns; the number is required."""
    return (
        Column("number", "Artikelnummer", ("Nr", "article number"), is_required=True),
        Column("name", "Bezeichnung", ("description",)),
        Column("price", "Preis", ("Größe des Preises",)),
    )


@pytest.fixture
def xlsx(tmp_path: Path) -> SheetMaker:
    """Makes an XLSX of the XML of its rows: `xlsx("<row>…</row>", after="<mergeCells>…", more={"part": bytes})`."""

    def make(rows: str, *, after: str = "", more: Mapping[str, bytes] | None = None, state: str = "visible") -> Path:
        path = tmp_path / "table.xlsx"
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>'
            f'<sheet name="A" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
            '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yy"/>'
            '<numFmt numFmtId="165" formatCode="0.00&quot; dkg&quot;"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="165"/>'
            "</cellXfs></styleSheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>Artikelnummer</t></si>'
            "<si><r><t>Be</t></r><r><t>zeichnung</t></r><rPh><t>lautlos</t></rPh></si></sst>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        }
        contents = {name: text.encode() for name, text in parts.items()} | dict(more or {})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        return path

    return make


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes the bytes of a CSV."""

    def make(content: bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return path

    return make

"""Whatever stands in settings.toml: settings that the till can work with, or a refusal that names the file."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.settings import FILE, Settings, load, save
from till.ui.scanner.wedge import Decoding
from till.ui.theme import ThemeName

fuzz = settings.get_profile("fuzz")
NAMES = st.sampled_from(
    ("till_id", "language", "theme", "density", "decimal_key", "sounds", "printer", "scanner_gap_ms", "backup_dir")
)
PRINTABLE = st.text(max_size=40)
SIMPLE = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.dates() | st.times() | PRINTABLE
LIKELY = st.sampled_from(("de", "en", "xx", "light", "dark", 48, 56, 64, 0, 1, 35, 1001, "us-keys", "text"))
VALUES = SIMPLE | LIKELY | st.lists(SIMPLE, max_size=2) | st.dictionaries(NAMES, SIMPLE, max_size=2)
TABLES = st.dictionaries(NAMES | st.just("scanner_decoding") | PRINTABLE, VALUES, max_size=4)
BROKEN = st.builds(
    lambda head, middle, times: (head + middle * times).encode(),
    st.sampled_from(("", "a = ", "density = ", "a.", "[", "x = '''")),
    st.sampled_from(("[", "{a=", "a.", "9", "[[", "'", "\\", "#", "\n", "0x", "_")),
    st.sampled_from((1, 10, 3000, 60_000)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@fuzz
@given(TABLES)
def test_any_table_is_usable_or_refused(folder: Path, table: dict[str, object]) -> None:
    (folder / FILE).write_bytes(tomli_w.dumps(table).encode())
    _usable_or_refused(folder)


@fuzz
@given(st.binary(max_size=200) | BROKEN)
@example(b"density = " + b"9" * 5000)
@example(b"a = " + b"[" * 50_000)
@example(b"#" * 200_000)
def test_any_bytes_are_usable_or_refused(folder: Path, content: bytes) -> None:
    (folder / FILE).write_bytes(content)
    _usable_or_refused(folder)


def test_a_byte_order_mark_as_windows_writes_it_does_no_harm(folder: Path) -> None:
    (folder / FILE).write_bytes(b"\xef\xbb\xbfdensity = 64\n")
    assert load(folder).density == 64


@fuzz
@given(st.sampled_from((48, 56, 64)), st.integers(1, 1000), PRINTABLE.filter(str.isprintable))
def test_what_is_saved_is_loaded_again(folder: Path, density: int, gap_ms: int, address: str) -> None:
    wanted = replace(load(folder / "none"), density=density, scanner_gap_ms=gap_ms, printer=address)
    save(replace(wanted, data_dir=folder))
    assert load(folder, database_url=wanted.database_url) == replace(wanted, data_dir=folder)


@pytest.mark.usefixtures("open_umask")
def test_a_saved_file_is_its_owners_alone(folder: Path) -> None:
    save(load(folder))
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def _usable_or_refused(folder: Path) -> None:
    try:
        read = load(folder)
    except Refused as refused:
        _is_told(refused, folder)
    else:
        _is_usable(read)


def _is_told(refused: Refused, folder: Path) -> None:
    said = Formats(Translator("de")).sentence(refused)
    assert str(folder / FILE) in said
    assert len(said.replace(str(folder), "")) < 400


def _is_usable(read: Settings) -> None:
    assert Translator(read.language)("Pay")
    assert Decoding(read.scanner_decoding)
    assert ThemeName(read.theme)
    assert read.density in {48, 56, 64}
    assert 1 <= read.scanner_gap_ms <= 1000
    assert read.printer.isprintable()

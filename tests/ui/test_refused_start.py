"""A start that is refused is said in a window: the sentence, the way on, another try without a new process, or an end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from till.app.bootstrap import Till, open_till
from till.cli import main
from till.db.engine import BUSY, DISK_FULL, NO_CONNECTION, READ_ONLY, sqlite_module
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.settings import Settings, save
from till.ui import starting
from till.ui.main.window import MainWindow
from till.ui.refused_start import RefusedStart
from till.ui.starting import Opened, Opening, ask, has_screen
from till.ui.theme import DARK

pytestmark = pytest.mark.usefixtures("qapp")
PATIENCE_S = 30
Act = Callable[[RefusedStart], object]


@dataclass
class Seen:
    """What a person saw, and how the process ended."""

    texts: list[str]
    hints: list[str]
    cut: list[str]
    code: int | None = None


@pytest.fixture(autouse=True)
def _somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offscreen platform plays a screen that somebody sees."""
    monkeypatch.setattr(starting, "has_screen", lambda: True)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shop(till: Till) -> Settings:
    """A shop whose till has been open and is closed now."""
    till.close()
    return replace(till.settings, language="de")


def windows() -> list[RefusedStart]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, RefusedStart)]


class Person(QObject):
    """Looks at each refusal as it comes up and does the next thing to it."""

    def __init__(self, *acts: Act) -> None:
        super().__init__()
        self.seen = Seen([], [], [])
        self._acts = list(acts)
        self._until = time.monotonic() + PATIENCE_S
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def leave(self) -> Seen:
        """Look at nothing that comes later."""
        self._timer.stop()
        return self.seen

    def _look(self) -> None:
        for window in windows():
            if window.isVisible() and (window.again_button.isEnabled() or time.monotonic() > self._until):
                self._see(window)
                if time.monotonic() > self._until or not self._acts:
                    self._timer.stop()
                    window.quit.emit()
                else:
                    self._acts.pop(0)(window)

    def _see(self, window: RefusedStart) -> None:
        self.seen.texts.append(window.text)
        self.seen.hints.append(window.hint)
        labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
        self.seen.cut += [label.text() for label in labels if label.heightForWidth(label.width()) > label.height()]


def give_up(window: RefusedStart) -> None:
    QTest.mouseClick(window.quit_button, Qt.MouseButton.LeftButton)


def again(window: RefusedStart) -> None:
    QTest.mouseClick(window.again_button, Qt.MouseButton.LeftButton)


def started(settings: Settings, *acts: Act, database: str | None = None) -> Seen:
    """Start the till as its icon does, and do `acts` to what is refused."""
    person = Person(*acts)
    url = database or settings.database_url
    try:
        person.seen.code = main(["run", "--data", str(settings.data_dir), "--database", url])
    finally:
        seen = person.leave()
    return seen


def statement(settings: Settings, sql: str) -> None:
    with closing(sqlite_module().connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(sql)
        connection.commit()


def file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def newer(settings: Settings) -> None:
    statement(settings, "UPDATE alembic_version SET version_num = '9999'")


def damaged(settings: Settings) -> None:
    file_of(settings).write_bytes(file_of(settings).read_bytes()[:5000] + bytes(40_000))


def broken_settings(settings: Settings) -> None:
    (settings.data_dir / "settings.toml").write_text("theme = [")


@pytest.mark.parametrize(
    ("harm", "words"),
    [(newer, "neueren"), (damaged, "beschädigt"), (broken_settings, "settings.toml")],
    ids=["newer", "damaged", "settings"],
)
def test_what_keeps_the_till_shut_stands_in_the_window(
    shop: Settings, harm: Callable[[Settings], None], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(shop)
    seen = started(shop, give_up)
    assert len(seen.texts) == 1
    assert words in seen.texts[0]
    assert seen.hints == [""]
    assert seen.cut == []
    assert seen.code == 1
    assert words in capsys.readouterr().err


def test_a_second_start_is_said_and_goes_on_when_the_first_one_is_closed(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_till(shop)
    ran: list[Till] = []

    def run(till: Till, _paper: object) -> int:
        ran.append(till)
        return 0

    monkeypatch.setattr("till.ui.start.run", run)

    def close_first(window: RefusedStart) -> None:
        first.close()
        again(window)

    seen = started(shop, again, close_first)
    assert seen.code == 0
    assert ["läuft bereits" in text for text in seen.texts] == [True, True]
    assert len(ran) == 1
    log = str(shop.data_dir / "till.log")
    assert len([h for h in logging.getLogger().handlers if getattr(h, "baseFilename", "") == log]) == 1
    open_till(shop).close()


def test_a_locked_database_is_tried_again_by_itself(
    shop: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("till.ui.refused_start.AGAIN_MS", 100)
    monkeypatch.setattr("till.ui.start.run", lambda _till, _paper: 0)
    other = sqlite_module().connect(str(file_of(shop)), isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    tries: list[str] = []
    person_waits: Act = lambda window: tries.append(window.hint)  # noqa: E731 - nothing is tapped

    def let_go(window: RefusedStart) -> None:
        tries.append(window.hint)
        other.close()

    seen = started(shop, person_waits, let_go, *[person_waits] * 1000)
    assert seen.code == 0
    assert "beschäftigt" in seen.texts[0]
    assert tries[0] != ""
    assert capsys.readouterr().err.count("beschäftigt") == 1


def test_an_unreachable_postgresql_says_that_it_is_tried_again(shop: Settings, tmp_path: Path) -> None:
    seen = started(shop, give_up, database=f"postgresql+psycopg://till@/none?host={tmp_path}")
    assert "nicht erreichbar" in seen.texts[0]
    assert seen.hints[0] != ""
    assert seen.code == 1


def test_a_data_folder_on_a_network_drive_is_refused_in_the_window(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.db.local_disk._file_system", lambda _path: "cifs")
    seen = started(shop, give_up)
    assert "cifs" in seen.texts[0]
    assert seen.code == 1


def test_a_data_folder_that_can_not_be_written_is_refused_in_the_window(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    seen = started(shop, give_up)
    assert str(shop.data_dir) in seen.texts[0]


def test_escape_and_closing_the_window_are_quitting_and_enter_is_another_try(shop: Settings) -> None:
    newer(shop)
    enter: Act = lambda window: QTest.keyClick(window.again_button, Qt.Key.Key_Return)  # noqa: E731 - short
    escape: Act = lambda window: QTest.keyClick(window, Qt.Key.Key_Escape)  # noqa: E731 - short
    assert len(started(shop, enter, escape).texts) == 2
    assert started(shop, lambda window: window.close()).code == 1


def opening(error: Exception, **settings: object) -> Opening:
    def refused(*, with_address: bool) -> Opened:
        del with_address
        raise error

    made = replace(Settings(Path(), ""), **settings)  # type: ignore[arg-type]
    return Opening(refused, lambda: made, Formats(Translator("de")))


def test_the_window_looks_and_speaks_as_the_settings_say() -> None:
    looks: list[object] = []

    def look(window: RefusedStart) -> None:
        looks.extend((window._look.palette, window.again_button.face.text))
        give_up(window)

    person = Person(look)
    assert ask(opening(Refused(READ_ONLY), language="en", theme="dark"), Refused(READ_ONLY)) is None
    assert person.leave().texts
    assert looks == [DARK, "Try again"]


@pytest.mark.parametrize("msgid", [READ_ONLY, DISK_FULL, BUSY, NO_CONNECTION])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_sentence_is_cut_off(msgid: str, language: str) -> None:
    person = Person(give_up)
    ask(opening(Unavailable(msgid), language=language), Unavailable(msgid))
    assert person.leave().texts == [Formats(Translator(language)).sentence(Unavailable(msgid))]
    assert person.seen.cut == []


def test_a_mistake_of_the_program_is_said_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    person = Person(again, give_up)
    assert ask(opening(ZeroDivisionError("no change"), language="en"), ZeroDivisionError("no change")) is None
    assert "no change" in person.leave().texts[0]
    assert "till.log" in person.seen.texts[0]
    assert "the till did not start" in caplog.text
    caplog.clear()


def test_who_gives_up_during_a_try_leaves_nothing_open(shop: Settings) -> None:
    """The try comes to its end after the window is gone; what it opened is closed again."""
    running: list[Till] = []
    closed: list[Till] = []

    def slow(*, with_address: bool) -> Opened:
        assert not with_address
        time.sleep(0.3)
        till = open_till(shop)
        running.append(till)

        def close() -> None:
            till.close()
            closed.append(till)

        return Opened(till, None, close)

    def try_and_leave(window: RefusedStart) -> None:
        again(window)
        QTimer.singleShot(100, window.quit.emit)

    person = Person(try_and_leave)
    made = Opening(slow, lambda: shop, Formats(Translator("de")))
    assert ask(made, Refused(READ_ONLY)) is None
    assert len(person.leave().texts) == len(running) == len(closed) == 1
    open_till(shop).close()


def test_without_a_screen_the_refusal_goes_to_standard_error_alone(
    shop: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(starting, "has_screen", has_screen)
    newer(shop)
    assert main(["run", "--data", str(shop.data_dir), "--database", shop.database_url]) == 1
    assert "neueren" in capsys.readouterr().err
    assert not any(window.isVisible() for window in windows())


@pytest.mark.parametrize(
    ("platform", "display", "wayland", "is_seen"),
    [("offscreen", ":0", "", False), ("", "", "", False), ("", ":0", "", True), ("", "", "wayland-0", True)],
)
def test_a_screen_is_known_by_the_session(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, wayland: str, *, is_seen: bool
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name, value in (("QT_QPA_PLATFORM", platform), ("DISPLAY", display), ("WAYLAND_DISPLAY", wayland)):
        monkeypatch.setenv(name, value)
    assert has_screen() is is_seen


def test_the_till_opens_its_window_when_the_way_is_free(shop: Settings) -> None:
    """From the refusal to the sale page in one process."""
    broken_settings(shop)
    shown: list[str] = []

    def mend(window: RefusedStart) -> None:
        (shop.data_dir / "settings.toml").unlink()
        save(shop)
        again(window)

    def look() -> None:
        mains = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if mains:
            shown.append(mains[0].windowTitle())
            poll.stop()
            mains[0].close()

    poll = QTimer(interval=50)
    poll.timeout.connect(look)
    poll.start()
    assert started(shop, mend).code == 0
    assert shown == ["Blumen & Tee Sommer – Till"]

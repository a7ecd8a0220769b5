"""The disk under a running program: what it wrote and synced, and what a power cut could leave of it.

`strace` records every write, sync and change of a name below a folder, with its bytes. `Disk` plays the record
again up to any moment; `Disk.after_power_cut` puts an image of what a disk may then hold into a folder:
all that was synced, and of the rest whatever chance leaves, down to single sectors of 512 bytes.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from till.settings import Settings

COUNTER = Path(__file__).with_name("counter.py")
SECTOR = 512
GAVE_UP = 3
_TRACED = (
    "write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,msync,ftruncate,truncate,fallocate,"
    "unlink,unlinkat,rename,renameat,renameat2,openat,open,creat"
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<[^ ]*>(?:\(deleted\))?)?(?: E.*)?$")
_BEGUN = re.compile(r"^(\d+) +(\w+)\((.*?),? <unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>,? ?(.*)\) += (-?\d+)(?:<[^ ]*>(?:\(deleted\))?)?(?: E.*)?$")
_PATH = re.compile(r"<((?:\\x[0-9a-f]{2})*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Stage(Enum):
    """Which part of a call was seen."""

    WHOLE = 0
    BEGUN = 1
    ENDED = 2


@dataclass(frozen=True, slots=True)
class Call:
    """One system call: all of it, or its beginning and its end where another thread's calls came between."""

    name: str
    arguments: str
    result: int
    stage: Stage = Stage.WHOLE

    @property
    def has_begun(self) -> bool:
        """Whether this is its beginning, or all of it."""
        return self.stage is not Stage.ENDED

    @property
    def has_ended(self) -> bool:
        """Whether this is its end, or all of it."""
        return self.stage is not Stage.BEGUN

    @property
    def has_failed(self) -> bool:
        """Whether it changed nothing; a sync that failed is another matter."""
        return self.result < 0 and not self.has_failed_to_sync

    @property
    def has_failed_to_sync(self) -> bool:
        """Whether it was to bring changes to the disk and lost them."""
        return self.result < 0 and self.name in {"fsync", "fdatasync"}

    @property
    def path(self) -> str:
        """The path of the first file that it names."""
        found = _PATH.search(self.arguments) if self.name in _ON_HANDLES else _TEXT.search(self.arguments)
        return _bytes(found[1]).decode() if found else ""

    @property
    def content(self) -> bytes:
        """The bytes that it was given to write."""
        found = _TEXT.search(self.arguments)
        return _bytes(found[1]) if found else b""

    @property
    def last_number(self) -> int:
        """The last argument: an offset or a size."""
        return int(self.arguments.rsplit(",", 1)[1])


_NAMELESS = "#"
"""How Linux shows a file that was made without a name (O_TMPFILE): a power cut leaves nothing of it."""
_ON_HANDLES = {"write", "pwrite64", "fsync", "fdatasync", "ftruncate"}


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def read_calls(record: Path) -> Iterator[Call]:
    """The calls of a record of strace, in order; a call that another one overtook comes at its start and its end."""
    begun: dict[tuple[str, str], str] = {}
    with record.open(encoding="ascii") as lines:
        for line in lines:
            if found := _LINE.match(line):
                yield Call(found[2], found[3], int(found[4]))
            elif found := _BEGUN.match(line):
                begun[found[1], found[2]] = found[3]
                yield Call(found[2], found[3], 0, Stage.BEGUN)
            elif found := _ENDED.match(line):
                before = begun.pop((found[1], found[2]))
                yield Call(found[2], ", ".join(part for part in (before, found[3]) if part), int(found[4]), Stage.ENDED)


@dataclass(frozen=True, slots=True)
class Write:
    """A change of a file that is not yet synced: bytes at an offset, or (content None) a new size."""

    offset: int
    content: bytes | None

    def apply(self, to: bytearray) -> None:
        """Do it; a gap is filled with zeros, as file systems do."""
        if self.content is None:
            del to[self.offset :]
        end = self.offset + len(self.content or b"")
        to.extend(bytes(max(0, end - len(to))))
        if self.content is not None:
            to[self.offset : end] = self.content

    def sectors(self) -> list[Write]:
        """The sectors that the disk writes one by one."""
        if self.content is None:
            return [self]
        cuts = [self.offset, *range(-(-(self.offset + 1) // SECTOR) * SECTOR, self.offset + len(self.content), SECTOR)]
        ends = [*cuts[1:], self.offset + len(self.content)]
        body = self.content
        return [
            Write(start, body[start - self.offset : end - self.offset]) for start, end in zip(cuts, ends, strict=True)
        ]


@dataclass(slots=True)
class File:
    """What programs read of a file, what of it is on the disk for certain, and what is on its way there."""

    cache: bytearray = field(default_factory=bytearray)
    synced: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)
    syncing: int | None = None

    def change(self, write: Write) -> None:
        """Take in a change: programs see it at once."""
        write.apply(self.cache)
        self.pending.append(write)

    def sync(self, count: int, *, fails: bool) -> None:
        """The first `count` changes have reached the disk. If it fails they are lost, but still look written (Linux)."""
        if not fails:
            for write in self.pending[:count]:
                write.apply(self.synced)
        del self.pending[:count]

    def after_power_cut(self, chance: random.Random) -> bytes:
        """What may be on the disk: the synced part, and of the rest a prefix, a subset, torn sectors, or only the size."""
        pending = self.pending
        match chance.choice(("nothing", "all", "prefix", "torn prefix", "subset", "sectors", "size only")):
            case "nothing":
                return bytes(self.synced)
            case "prefix":
                kept = pending[: chance.randint(0, len(pending))]
            case "torn prefix":
                count = chance.randint(0, len(pending))
                torn = [sector for write in pending[count : count + 1] for sector in write.sectors()]
                kept = pending[:count] + _some(torn, chance)
            case "subset":
                kept = _some(pending, chance)
            case "sectors":
                kept = _some([sector for write in pending for sector in write.sectors()], chance)
            case "size only":
                return self._grown()
            case _:
                kept = pending
        return self._with(kept)

    def _with(self, kept: list[Write]) -> bytes:
        content = bytearray(self.synced)
        for write in kept:
            write.apply(content)
        return bytes(content)

    def _grown(self) -> bytes:
        """The new size is on the disk, the bytes in it are not: zeros."""
        return bytes(self.synced) + bytes(max(0, len(self.cache) - len(self.synced)))


def _some(writes: list[Write], chance: random.Random) -> list[Write]:
    share = chance.random()
    return [write for write in writes if chance.random() < share]


class Disk:
    """A folder's files as a program left them, call by call. Starts with what is in `folder`, taken as synced."""

    def __init__(self, folder: Path, sub: str) -> None:
        self._folder = sub
        self._live = {path.name: _on_disk(path) for path in folder.iterdir() if path.is_file()}
        self._synced_names = dict(self._live)
        self._name_changes: list[tuple[str, File | None]] = []

    def play(self, call: Call) -> None:
        """Take in one call; raises AssertionError for one that this model does not know and that touches the folder."""
        folder, _, name = call.path.rpartition("/")
        if call.path == self._folder:
            self._sync_names(call)
        is_passing = name.endswith(("-shm", ".lock")) or name.startswith(_NAMELESS)
        if folder != self._folder or is_passing or call.has_failed:
            return
        {
            "write": self._reject,
            "pwrite64": self._write,
            "ftruncate": self._truncate,
            "fsync": self._sync,
            "fdatasync": self._sync,
            "openat": self._open,
            "unlink": self._unlink,
        }.get(call.name, self._reject)(name, call)

    def whole(self) -> dict[str, bytes]:
        """The files as running programs see them."""
        return {name: bytes(file.cache) for name, file in self._live.items()}

    def after_power_cut(self, chance: random.Random, target: Path) -> Path:
        """Put what a power cut at this moment may leave into the folder `target`, and nothing else."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        names = dict(self._synced_names)
        lasting = {name: chance.random() < 0.5 for name, _ in self._name_changes}
        for name, file in self._name_changes:
            if lasting[name]:
                _set(names, name, file)
        for name, file in names.items():
            (target / name).write_bytes(file.after_power_cut(chance))
        return target

    def _write(self, name: str, call: Call) -> None:
        if call.has_ended:
            self._live[name].change(Write(call.last_number, call.content[: call.result]))

    def _truncate(self, name: str, call: Call) -> None:
        if call.has_ended:
            self._live[name].change(Write(call.last_number, None))

    def _sync(self, name: str, call: Call) -> None:
        """A sync covers what was written before it began, and counts when it has ended."""
        file = self._live[name]
        if not call.has_ended:
            file.syncing = len(file.pending)
            return
        file.sync(len(file.pending) if file.syncing is None else file.syncing, fails=call.result < 0)
        file.syncing = None

    def _open(self, name: str, call: Call) -> None:
        assert "O_TRUNC" not in call.arguments
        if call.has_ended and "O_CREAT" in call.arguments and name not in self._live:
            self._rename(name, File())

    def _unlink(self, name: str, call: Call) -> None:
        if call.has_ended:
            self._rename(name, None)

    def _rename(self, name: str, file: File | None) -> None:
        _set(self._live, name, file)
        self._name_changes.append((name, file))

    def _sync_names(self, call: Call) -> None:
        if call.name in {"fsync", "fdatasync"} and call.has_ended:
            self._synced_names = dict(self._live)
            self._name_changes = []

    def _reject(self, name: str, call: Call) -> None:
        raise AssertionError(f"{call.name} on {name} is not played")


def _on_disk(path: Path) -> File:
    content = path.read_bytes()
    return File(bytearray(content), bytearray(content))


def _set(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A sale that the counter was told is booked."""

    order: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Image:
    """What a power cut left in `folder`, and the sales that had been acknowledged by then."""

    folder: Path
    acknowledged: tuple[Acknowledged, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A counter's day on strace: the folder as it was before, the folder as it is after, and all calls between."""

    before: Path
    folder: Path
    calls: tuple[Call, ...]

    def disk(self) -> Disk:
        """The disk before the first call."""
        return Disk(self.before, str(self.folder))

    def images(self, target: Path, count: int, seed: int = 7) -> Iterator[Image]:
        """What power cuts at `count` random moments leave, from the first to the last, one after the other in `target`."""
        chance = random.Random(seed)
        moments = sorted(chance.randint(1, len(self.calls)) for _ in range(count))
        disk, sold, played = self.disk(), list[Acknowledged](), 0
        for moment in moments:
            for call in self.calls[played:moment]:
                disk.play(call)
                sold += _acknowledged(call)
            played = moment
            yield Image(disk.after_power_cut(chance, target), tuple(sold))


def _acknowledged(call: Call) -> list[Acknowledged]:
    """The sale that this call tells the world of, if it does: from the moment at which it begins."""
    if call.name != "write" or not call.arguments.startswith("1<") or not call.has_begun:
        return []
    told = json.loads(call.content)
    return [Acknowledged(told["order"], told["number"], told["total"])] if told["event"] == "sold" else []


@dataclass(frozen=True, slots=True)
class Day:
    """What a counter of its own process told: the sales, what it said when it could not, and how it ended."""

    folder: Path
    code: int
    sold: tuple[Acknowledged, ...]
    sentences: tuple[str, ...]
    looks: int


Recorder = Callable[..., Record]
SellingShop = Callable[..., Day]


@pytest.fixture
def strace() -> list[str]:
    """The command that watches and hinders a program's calls."""
    if shutil.which("strace") is None:
        pytest.skip("strace is missing: apt-get install strace")
    return ["strace", "-f", "-o"]


@pytest.fixture
def record_counter(shop_settings: Settings, tmp_path: Path, strace: list[str]) -> Recorder:
    """Record a counter of its own process that sells in the small shop: `record_counter("--sales", "60")`.

    `hinder` is what strace injects, e.g. "fsync:error=EIO:when=20"; strace counts in each thread by itself.
    `after` is a record that this one goes on from: the same machine, the program started again.
    """

    def record(*arguments: str, hinder: str = "", after: Record | None = None) -> Record:
        folder = shop_settings.data_dir
        before = after.before if after else tmp_path / "before"
        if after is None:
            shutil.copytree(folder, before)
        trace = tmp_path / "trace.txt"
        how = ["--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-e", f"trace={_TRACED}"]
        injected = ["-e", f"inject={hinder}"] if hinder else []
        day = _sell([*strace, str(trace), *how, *injected], folder, arguments)
        assert hinder or day.code == 0
        return Record(before, folder, (*(after.calls if after else ()), *read_calls(trace)))

    return record


@pytest.fixture
def selling_shop(shop_settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> SellingShop:
    """Let a counter of its own process sell in the small shop: `selling_shop("--sales", "60")`.

    `hinder` is what strace injects into the calls that touch `file` of the data folder, or all files with file="".
    """

    def sell(*arguments: str, hinder: str = "", file: str = "till.db-wal") -> Day:
        folder = shop_settings.data_dir
        if not hinder:
            return _sell([], folder, arguments)
        strace = request.getfixturevalue("strace")
        calls = hinder.partition(":")[0]
        which = ["-P", str(folder / file)] if file else []
        how = [*which, "-e", f"trace={calls}", "-e", f"inject={hinder}"]
        day = _sell([*strace, str(tmp_path / "calls.txt"), *how], folder, arguments)
        assert "(INJECTED)" in (tmp_path / "calls.txt").read_text(encoding="ascii"), "nothing was hindered"
        return day

    return sell


def _sell(before: list[str], folder: Path, arguments: tuple[str, ...]) -> Day:
    program = [*before, sys.executable, str(COUNTER), str(folder), *arguments]
    done = subprocess.run(program, check=False, capture_output=True, timeout=500)
    assert done.returncode in {0, GAVE_UP}, done.stderr.decode()
    told = [json.loads(line) for line in done.stdout.splitlines()]
    sold = [Acknowledged(t["order"], t["number"], t["total"]) for t in told if t["event"] == "sold"]
    sentences = [t["sentence"] for t in told if t["event"] == "unavailable"]
    looks = sum(t["event"] == "looked" for t in told)
    return Day(folder, done.returncode, tuple(sold), tuple(sentences), looks)

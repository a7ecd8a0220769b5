"""Refuses a SQLite file on a network folder: its write-ahead log needs memory shared on one machine (architecture 4)."""

from __future__ import annotations

from pathlib import Path

from till.errors import Refused
from till.i18n import msg

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ncpfs", "fuse.sshfs", "fuse.rclone", "davfs"}
_MOUNTS = Path("/proc/mounts")
ON_NETWORK = msg(
    "{path} lies on a network folder ({kind}); a till’s database must lie on a disk of this PC. "
    "For several tills use PostgreSQL: --database URL."
)


def check_local(path: Path) -> None:
    """Raise Refused in words when `path` lies on a network folder."""
    text = str(path.absolute())
    kind = "UNC" if text.startswith("\\\\") else _file_system(text)
    if kind in _NETWORK or kind == "UNC":
        raise Refused(ON_NETWORK, path=text, kind=kind)


def _file_system(path: str, mounts: Path = _MOUNTS) -> str:
    """The kind of file system that `path` lies on, by the longest mount point that leads to it; "" where unknown."""
    if not mounts.exists():
        return ""
    found = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, place, kind, *_rest = line.split()
        place = place.replace("\\040", " ")
        leads_there = path == place or path.startswith(place.rstrip("/") + "/")
        if leads_there and len(place) >= len(found[0]):
            found = (place, kind)
    return found[1]

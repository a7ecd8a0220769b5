"""Why a disk or stick did not give or take a file, in the words of who put it there (80-quality Q3)."""

from __future__ import annotations

import errno

from till.i18n import Word, msg

_NOT_THERE = Word(msg("file, folder or stick is not there"))
_LOCKED = Word(msg("another program has it open, or you may not use it"))
_FULL = Word(msg("there is no room left"))
_PROTECTED = Word(msg("the disk is write-protected"))
_SILENT = Word(msg("the disk or stick does not answer; was it pulled out?"))
_FOLDER = Word(msg("it is a folder"))
_REASONS = {
    errno.ENOENT: _NOT_THERE,
    errno.ENOTDIR: _NOT_THERE,
    errno.EACCES: _LOCKED,
    errno.EPERM: _LOCKED,
    errno.EBUSY: _LOCKED,
    errno.ETXTBSY: _LOCKED,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _PROTECTED,
    errno.EIO: _SILENT,
    errno.ENODEV: _SILENT,
    errno.ENXIO: _SILENT,
    errno.ESTALE: _SILENT,
    errno.EISDIR: _FOLDER,
}


def reason_of(error: OSError) -> Word | str:
    """What a sentence says behind its colon; what is rare, as the system says it."""
    known = _REASONS.get(error.errno or 0)
    return known or error.strerror or str(error)

"""The three ways in which the till says no; everything else is a defect and rises to the one handler."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is an answer to the user, not a failure of the program
    """A rule of the shop, the law or plain arithmetic forbids what was asked.

    `msgid` is the English sentence (a gettext msgid) that says what is wrong and what to do;
    `values` fill its `{placeholders}` and are formatted where the sentence is shown
    (`till.formats.Formats.sentence`): Money, dates and quantities in the reader's locale.
    """

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(msgid, values)
        self.msgid = msgid
        self.values = values

    def __str__(self) -> str:
        return self.msgid.format_map({key: str(value) for key, value in self.values.items()})


class DeviceError(Exception):
    """A device did not do what it was told; `retryable` says whether trying again is safe.

    `sent_any` is true when bytes may have reached the device, so that a blind retry could do
    the same thing twice (70-devices 6.5).
    """

    def __init__(self, message: str, *, retryable: bool = True, sent_any: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable and not sent_any
        self.sent_any = sent_any


class Unavailable(Exception):  # noqa: N818 - the environment's state, see Refused
    """The environment (disk, database, network, TSE) can't serve now; `msgid` and `values` as in Refused."""

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(msgid, values)
        self.msgid = msgid
        self.values = values

    def __str__(self) -> str:
        return self.msgid.format_map({key: str(value) for key, value in self.values.items()})

"""What the desks show: frozen values with every figure computed, so that a screen only paints."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from till.documents.model import Document
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import ONE, Quantity
from till.sales.pricing import PricedBasket
from till.sales.tender import Settlement, Tendered, TenderKind
from till.vouchers.model import Voucher, VoucherStanding

FIRST_TAB = ""


class ButtonKind(StrEnum):
    """What a tile of the article grid sells."""

    ARTICLE = "article"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the article grid or a search hit. `price` None = the till asks. `id` is passed back to the desk.

    `picture` is the name of its picture's content, "" = it has none; the desk's `pictures` has the picture itself.
    """

    kind: ButtonKind
    id: str
    name: str
    number: str
    price: Money | None
    unit: str
    colour: str
    category_id: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class CategoryTab:
    """A tab of the grid, with the colour of its tiles as #RRGGBB; `picture` as a tile's."""

    id: str
    name: str
    colour: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """What the bar over the tiles shows: the categories, and whether FIRST_TAB has the shop's favourites or everything."""

    tabs: tuple[CategoryTab, ...]
    has_favourites: bool


@dataclass(frozen=True, slots=True)
class TilePage:
    """The tiles of some places in a row, None = left free, and how many places there are in all."""

    tiles: tuple[Tile | None, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Assortment:
    """Everything that is sold, for scripts: tabs in order, tiles in order of their position. The screen asks page by page."""

    categories: tuple[CategoryTab, ...]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Surplus:
    """What a voucher holds beyond all that is due: `cash` is its paid part, `stays` the rest, which never becomes money (V35).

    `refusal` says why nothing of it can be paid out; None when `cash` can.
    """

    cash: Money
    stays: Money
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A type whose vouchers have no number: how much is outstanding, and what of it can pay for this sale (V14)."""

    type_id: uuid.UUID
    name: str
    outstanding: Money
    offered: Money


@dataclass(frozen=True, slots=True)
class VoucherHit:
    """A voucher found by its number: how it stands and what redeeming it now would take (V32).

    `refusal` is None when it can be redeemed, else the Refused that says why not, in words (V31). `goodwill` is what an
    expired one may pay all the same, if somebody allows it (V37). `surplus` tells what is there beyond all that is due.
    """

    standing: VoucherStanding
    offered: Money
    refusal: Refused | None
    goodwill: Money = ZERO
    surplus: Surplus | None = None


@dataclass(frozen=True, slots=True)
class TenderKey:
    """A key of the payment screen: the tender's id, how it behaves, and its name.

    Of the tenders that behave as cards, `by_card` tells those that a terminal takes from the shop's own ones.
    """

    id: str
    kind: TenderKind
    name: str
    by_card: bool = True


@dataclass(frozen=True, slots=True)
class VoucherAsk:
    """What the till has to ask before vouchers of this type lie in the basket (V20, V21, V6).

    `count`: so many are wanted; where each has its own number, each is asked for. `may_be_free`: a price of 0 is accepted.
    """

    type_id: uuid.UUID
    plu: str
    name: str
    asks_number: bool
    asks_price: bool
    may_be_free: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class VoucherWish:
    """A voucher to be sold: what was answered. `price` None where the type has one; `count` of them, each with `text`.

    Where the number is asked, `number` is one voucher's and `count` is 1.
    """

    type_id: uuid.UUID
    number: str = ""
    price: Money | None = None
    text: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that a code names (V25): a tile's goods, `quantity` and `price` as on its label, or a voucher."""

    tile: Tile | None = None
    quantity: Quantity = ONE
    price: Money | None = None
    voucher: VoucherHit | None = None


class ScanKind(StrEnum):
    """What a scan turned out to be."""

    LINE = "line"
    VOUCHER = "voucher"
    RECEIPT = "receipt"
    ASK = "ask"
    PICK = "pick"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """A scan's outcome: the id of the line it touched, the vouchers it names, or the receipt it names.

    Nothing is in the basket yet where something has to be asked (`ask`) or one of several `choices` picked.
    """

    kind: ScanKind
    line_id: int | None = None
    vouchers: tuple[VoucherHit, ...] = ()
    receipt: Document | None = None
    ask: VoucherAsk | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class CompletedSale:
    """A booked sale; stays on the screen until the next scan or tap (U4, V24).

    `total` is what the goods cost. `by_vouchers` is all that left vouchers for it, `given` what was given besides, and
    `change` what both are more than the total.
    """

    document: Document
    total: Money
    by_vouchers: Money
    given: Money
    change: Money
    vouchers: tuple[Voucher, ...]


@dataclass(frozen=True, slots=True)
class SaleState:
    """Everything that the sale and payment screens show of the current sale; `parked` is how many others wait.

    `bonus_covers` is how much of the due the given parts of vouchers may pay, where that is less than all of it (G6a);
    `lost` says which vouchers of a restored basket can no longer pay.
    """

    priced: PricedBasket
    tendered: tuple[Tendered, ...]
    settlement: Settlement
    quick_cash: tuple[Money, ...]
    touched: int | None
    can_undo: bool
    completed: CompletedSale | None
    restored: bool
    parked: int = 0
    bonus_covers: Money | None = None
    lost: tuple[Refused, ...] = ()


class PrinterState(StrEnum):
    """How the receipt printer is, as the cashier needs to know it."""

    READY = "ready"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    OFFLINE = "offline"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class UncertainJob:
    """A paper whose bytes may have been printed: the cashier is asked, never the till's guess (D3).

    `voucher`: the number on it, where it is a voucher's slip.
    """

    job_id: int
    receipt_number: int
    voucher: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the things around the sale, for chips and strips (U6).

    `tse_failure` is the msgid of a sentence for the cashier, `tse_reason` what the device itself said;
    `drawer_needs_key`: the last kick could not go out. `backup_failed` is the msgid of a sentence, empty while all is
    well; `books_damaged`: the checks at the start, or a backup, found damage. `disk_full`: no new sale is opened;
    `database_trouble` is the msgid of what a write behind the counter waits for, while `database_waiting`.
    `training`: the till only practises, and nothing counts (T13).
    """

    printer: PrinterState
    unprinted: int
    uncertain: tuple[UncertainJob, ...]
    tse_ready: bool
    tse_is_test: bool
    tse_outage_since: dt.datetime | None
    tse_reason: str
    drawer_open: bool | None
    shift_open: bool
    database_waiting: bool
    disk_low: bool
    tse_failure: str = ""
    drawer_needs_key: bool = False
    backup_failed: str = ""
    books_damaged: bool = False
    disk_full: bool = False
    database_trouble: str = ""
    training: bool = False


@dataclass(frozen=True, slots=True)
class ClosingEntry:
    """A Z in a list; counted and difference are None where nobody counted. `turnover` is what its paper calls the total."""

    document_id: uuid.UUID
    till_id: str
    z_number: int
    closed_at: dt.datetime
    business_date: dt.date
    receipts: int
    turnover: Money
    counted: Money | None
    difference: Money | None
    dropped: Money


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """A receipt in the list of the last ones; `is_training`: it was only practised and is none."""

    document_id: uuid.UUID
    number: int
    ended_at: dt.datetime
    total: Money
    is_training: bool = False

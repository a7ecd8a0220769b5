"""The accounts of the ledger (architecture 7, Accounts)."""

from __future__ import annotations

from enum import StrEnum


class Account(StrEnum):
    """Where value stands. Debit is +, credit is -: cash and receivables are normally +, revenue and liabilities -.

    Subjects: cash = drawer (till id); tender = tender id; revenue and vat = VAT key; vouchers, their corrections
    and their opening = voucher id; all that
    cash is brought from or taken to (transit, private, wages, tips, sundry) = the drawer that it went through.
    The memo accounts come in pairs that sum to zero by themselves and never reach the books of account.
    """

    CASH = "cash"
    TRANSIT = "transit"
    TENDER = "tender"
    RECEIVABLE = "receivable"
    VOUCHER_MULTI = "voucher-multi"
    VOUCHER_CORRECTION = "voucher-correction"
    CUSTOMER_CREDIT = "customer-credit"
    REVENUE = "revenue"
    VAT = "vat"
    OVER_SHORT = "over-short"
    OPENING = "opening"
    PRIVATE = "private"
    WAGES = "wages"
    TIPS = "tips"
    SUNDRY = "sundry"
    VOUCHER_SINGLE = "voucher-single"
    VOUCHER_SINGLE_CONTRA = "voucher-single-contra"
    VOUCHER_BONUS = "voucher-bonus"
    VOUCHER_BONUS_CONTRA = "voucher-bonus-contra"
    GOODWILL = "goodwill"
    GOODWILL_CONTRA = "goodwill-contra"


MEMO_PAIRS = (
    (Account.VOUCHER_SINGLE, Account.VOUCHER_SINGLE_CONTRA),
    (Account.VOUCHER_BONUS, Account.VOUCHER_BONUS_CONTRA),
    (Account.GOODWILL, Account.GOODWILL_CONTRA),
)

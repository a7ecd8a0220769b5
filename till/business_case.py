"""The words of the DSFinV-K 2.4 for receipts, lines, payments and VAT; kept untranslated on purpose."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class BonTyp(StrEnum):
    """BON_TYP: what kind of business transaction a document is (60-fiscal A3.3)."""

    BELEG = "Beleg"
    TRANSFER = "AVTransfer"
    TRAINING = "AVTraining"
    ABBRUCH = "AVBelegabbruch"
    SONSTIGE = "AVSonstige"


class GvTyp(StrEnum):
    """GV_TYP: what kind of business case a line is (60-fiscal A3.3)."""

    UMSATZ = "Umsatz"
    PFAND = "Pfand"
    PFAND_RUECKZAHLUNG = "PfandRueckzahlung"
    RABATT = "Rabatt"
    EINZWECK_KAUF = "EinzweckgutscheinKauf"
    EINZWECK_EINLOESUNG = "EinzweckgutscheinEinloesung"
    MEHRZWECK_KAUF = "MehrzweckgutscheinKauf"
    MEHRZWECK_EINLOESUNG = "MehrzweckgutscheinEinloesung"
    ANFANGSBESTAND = "Anfangsbestand"
    GELDTRANSIT = "Geldtransit"
    DIFFERENZ = "DifferenzSollIst"
    PRIVATENTNAHME = "Privatentnahme"
    PRIVATEINLAGE = "Privateinlage"
    LOHNZAHLUNG = "Lohnzahlung"
    EINZAHLUNG = "Einzahlung"
    AUSZAHLUNG = "Auszahlung"
    TRINKGELD_AN = "TrinkgeldAN"


class ZahlartTyp(StrEnum):
    """ZAHLART_TYP: how money moved (60-fiscal A3.3)."""

    BAR = "Bar"
    UNBAR = "Unbar"
    EC_KARTE = "ECKarte"
    KREDITKARTE = "Kreditkarte"
    ZAHLUNGSDIENST = "ElZahlungsdienstleister"
    KEINE = "Keine"


class VatKey(IntEnum):
    """UST_SCHLUESSEL: the key of a VAT rate (60-fiscal A3.3)."""

    GENERAL = 1
    REDUCED = 2
    AVERAGE_10_7 = 3
    AVERAGE_5_5 = 4
    NOT_TAXABLE = 5
    EXEMPT = 6
    UNDETERMINED = 7
    GENERAL_19_HISTORIC = 11
    REDUCED_7_HISTORIC = 12
    GENERAL_16_HISTORIC = 21
    REDUCED_5_HISTORIC = 22


_SLOTS = {1: 0, 11: 0, 21: 0, 2: 1, 12: 1, 22: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 4}


def process_slot(key: VatKey) -> int:
    """The position (0 to 4) of a VAT key in the amounts of Kassenbeleg-V1 (60-fiscal A2.2)."""
    return _SLOTS[key.value]

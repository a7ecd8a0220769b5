"""A day on which vouchers are sold, as a cashier lives it: what the till asks, refuses and prints (V8 to V29).

`action -> result` are the desks' own words; `| …` are lines of the printed receipt, in their order.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from till.catalog.plu import Plu, PluKind, claim
from till.money import Money

if TYPE_CHECKING:
    from tests.app.conftest import Counter

DAY = """
open 100,00

# A fixed value with a number that counts up goes straight into the basket, by its tile or by its number and Enter.
tap "Gutschein 25" -> total 25.00
scan 901 -> total 50.00
cash 50,00 -> change 0.00
complete -> receipt 2, AG-0001, AG-0002
| Gutschein 25 25,00 E
| (Nr. AG-0001, gültig bis 31.12.2036)
| (Nr. AG-0002, gültig bis 31.12.2036)

# A pre-printed card: its number is asked. It was sold already? The till says when.
scan 906 -> asks number of 1
tap "Eigene Nummer" -> Bitte die Nummer des Gutscheins eingeben oder scannen.
sell "Eigene Nummer" number "  Spende1003 " saying "Alles Gute zum 30. Geburtstag" -> total 30.00
cash 30,00 -> change 0.00
complete -> receipt 3, Spende1003
| Eigene Nummer 30,00 E
| (Nr. Spende1003, gültig bis 31.12.2036)
| Alles Gute zum 30. Geburtstag
sell "Eigene Nummer" number spende1003 -> Nummer spende1003 wurde bereits am 20.11.2026, 12:00 verkauft. Bitte eine andere wählen.

# Two cards at once, one scanned twice by mistake; the words are changed on the line.
2 x 906 -> asks number of 2
sell "Eigene Nummer" number Spende1004 -> total 30.00
sell "Eigene Nummer" number Spende1004 -> Nummer Spende1004 steht schon auf diesem Bon. Bitte eine andere scannen oder eingeben.
sell "Eigene Nummer" number Spende1005 saying "Für Oma" -> total 60.00
line 2 voucher Spende1006 "Für Oma und Opa" -> total 60.00
card 60,00 -> change 0.00
complete -> receipt 4, Spende1004, Spende1006
| (Nr. Spende1004, gültig bis 31.12.2036)
| (Nr. Spende1006, gültig bis 31.12.2036)
| Für Oma und Opa

# The value is asked until there is one; a gift takes a 0, but only a typed one.
scan 902 -> asks price of 1
sell "Gutschein frei" -> Was soll der Gutschein „Gutschein frei“ kosten? Bitte den Preis eingeben.
sell "Gutschein frei" for 0,00 -> „Gutschein frei“ braucht einen Preis über 0.
sell "Gutschein frei" for 35,45 -> total 35.45
scan 904 -> asks price of 1
sell Geschenk for 0,00 -> total 35.45
cash 35,45 -> change 0.00
complete -> receipt 5, FR-0001, GE-0001
| Gutschein frei 35,45 E
| Geschenk 0,00 E
| (Nr. GE-0001, Wert 15,00 €, gültig bis

# Goods and vouchers on one receipt. 10 % off everything leaves the voucher alone; 5,00 off its line make it a bargain.
scan 4012345000023 -> total 12.00
tap "Gutschein 25" -> total 37.00
discount 10% -> total 35.80
line 2 discount 5,00 -> total 30.80
redeem AG-0001 all -> open 20.00
card 15,00 -> open 5.00
cash 5,00 -> change 0.00
complete -> receipt 6, AG-0003
| 1 x Becher 12,00 A
| Rabatt -1,20 A
| Gutschein 25 20,00 E
| (Nr. AG-0003, Wert 25,00 €, gültig bis
| Einlösung Gutschein AG-0001 -10,80
| Zu zahlen 20,00 €
| Bar 5,00 €
| Karte 15,00 €

# A card with the same number as a cup: the till asks what is meant.
sell "Eigene Nummer" number 4012345000023 -> total 30.00
cash 30,00 -> change 0.00
complete -> receipt 7, 4012345000023
scan 4012345000023 -> several: Becher, voucher 4012345000023

# The till's own barcode says type and number, a bare card its number alone.
scan $V906.SPENDE1003 -> voucher Spende1003: 0.00 of 30.00
scan Spende1003 -> voucher Spende1003: 0.00 of 30.00

close 250,45 -> Z 1, difference 0.00
"""


def test_a_day_that_sells_vouchers(closed_counter: Counter) -> None:
    with closed_counter.database.write() as session:
        for plu in ("901", "902", "904", "906"):
            claim(session, Plu(plu, PluKind.VOUCHER_TYPE, str(uuid.UUID(int=int(plu) - 800))))
    closed_counter.play(DAY)
    assert closed_counter.till.cash.is_open is False
    assert closed_counter.problems() == []


def test_training_gives_no_voucher_away(counter: Counter) -> None:
    counter.play(
        """
        training begins
        sell "Eigene Nummer" number Spende1003 -> total 30.00
        cash 30,00 -> change 0.00
        complete -> receipt 3
        | (Nr. MUSTER, gültig bis 31.12.2036)
        training ends
        scan Spende1003 -> Unbekannter Code Spende1003. Suchen Sie den Artikel über seinen Namen.
        """
    )
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.count("voucher") == 0

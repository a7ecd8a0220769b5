"""A day at the counter, as a cashier lives it: each step with what comes of it, and what stands on the paper.

`action -> result` are the desks' own words; `| …` are lines of the printed receipt, in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from till.money import Money

if TYPE_CHECKING:
    from tests.app.conftest import Counter

DAY = """
open 100,00

# A rose and a cup, paid exactly in cash.
scan 4006381333931 -> total 3.50
scan 4012345000023 -> total 15.50
cash 15,50 -> change 0.00
complete -> receipt 2
| Blumen & Tee
| TEST - kein gültiger Beleg
| Beleg-Nr. 2 20.11.2026 12:00
| Es bediente Sie Marie Klein
| 1 x Rose 3,50 B
| 1 x Becher 12,00 A
| Summe 15,50 €
| Bar 15,50 €
| A 19 % 10,08 1,92 12,00
| B 7 % 3,27 0,23 3,50
| Kasse KASSE-1

# Three roses at once, a fourth by scanning again; then only three, as one is withered.
3 x 4006381333931 -> total 10.50
scan 4006381333931 -> total 14.00
line 1 quantity 3 -> total 10.50
cash 20,00 -> change 9.50
complete -> receipt 3
| 3 x Rose 10,50 B
| je 3,50 €
| Bar 10,50 €
| Gegeben 20,00 €
| Rückgeld 9,50 €

# A bunch as the customer wishes has no price of its own; the tea is cheaper today; 10 % off the cup, 5,00 off all.
tap "Strauß nach Wunsch" -> Was kostet „Strauß nach Wunsch“? Bitte den Preis eingeben.
tap "Strauß nach Wunsch" for 25,00 -> total 25.00
tap "Assam Tee" -> total 33.90
line 2 price 7,90 -> total 32.90
tap Becher -> total 44.90
line 3 discount 10% -> total 43.70
discount 5,00 -> total 38.70
line 1 note "mit Schleife" -> total 38.70
card 38,70 -> change 0.00
complete -> receipt 4
| 1 x Strauß nach Wunsch 25,00 B
| mit Schleife
| Rabatt -2,86 B
| 1 x Assam Tee 7,90 B
| Rabatt -0,90 B
| 1 x Becher 12,00 A
| Rabatt -2,44 A
| Summe 38,70 €
| Karte 38,70 €

# Juice in a glass brings its deposit along; the deposit takes no discount.
2 x 4012345000047 -> total 10.00
discount 50% -> total 7.00
cash 7,00 -> change 0.00
complete -> receipt 5
| 2 x Saft im Glas 6,00 A
| Rabatt -3,00 A
| 2 x Pfand Glas 4,00 A
| Summe 7,00 €

# Cheese from the scale: 0,345 kg on its label.
scan 2800008003458 -> total 6.90
cash 6,90 -> change 0.00
complete -> receipt 6
| 0,345 kg x Käse 6,90 B
| 19,99 €/kg

# A slip of the finger, taken back; then the customer has forgotten the purse.
scan 4006381333931 -> total 3.50
scan 4012345000023 -> total 15.50
undo -> total 3.50
line 1 remove -> total 0.00
undo -> total 3.50
cancel -> total 0.00

# A voucher of 25,00 and one of a chosen value. Nothing is taxed yet.
tap "Gutschein 25" -> total 25.00
tap "Gutschein frei" for 40,00 -> total 65.00
card 65,00 -> change 0.00
complete -> receipt 8, AG-0001, FR-0001
| Gutschein 25 25,00 E
| (Nr. AG-0001, gültig bis 31.12.2036)
| Gutschein frei 40,00 E
| (Nr. FR-0001, gültig bis 31.12.2036)
| E nicht steuerbar, ohne USt 65,00

# The first one pays a part, and what is left of it pays of the next receipt, with the second one and cash.
scan 4012345000023 -> total 12.00
redeem AG-0001 all -> change 0.00
complete -> receipt 9
| 1 x Becher 12,00 A
| Einlösung Gutschein AG-0001 -12,00
| (Rest 13,00 €, gültig bis 31.12.2036)
| Zu zahlen 0,00 €
| A 19 % 10,08 1,92 12,00

5 x 4012345000023 -> total 60.00
redeem AG-0001 all -> open 47.00
redeem FR-0001 30,00 -> open 17.00
take back 2 -> open 47.00
redeem FR-0001 40,00 -> open 7.00
redeem FR-0001 1,00 -> FR-0001: ist bereits vollständig in dieser Zahlung.
cash 10,00 -> change 3.00
complete -> receipt 10
| Einlösung Gutschein AG-0001 -13,00
| Einlösung Gutschein FR-0001 -40,00
| Zu zahlen 7,00 €
| Bar 7,00 €
| Gegeben 10,00 €
| Rückgeld 3,00 €

# Half by card, half in cash; the change comes from the cash only.
scan 4012345000016 -> total 8.90
card 4,00 -> open 4.90
cash 10,00 -> change 5.10
complete -> receipt 11
| Bar 4,90 €
| Gegeben 10,00 €
| Rückgeld 5,10 €
| Karte 4,00 €

# The drawer is opened to change a note; in the evening two euros are missing.
drawer
close 149,80 -> Z 1, difference -2.00
"""


def test_a_day_at_the_counter(closed_counter: Counter) -> None:
    closed_counter.play(DAY)
    assert closed_counter.problems() == []
    assert not closed_counter.till.cash.is_open
    assert closed_counter.till.cash.suggested_float() == Money(14980)


def test_the_next_day_begins_with_what_was_left_in_the_drawer(counter: Counter) -> None:
    counter.sell("4006381333931", given="3,50")
    counter.till.cash.close_shift(None)
    counter.till.cash.open_shift(Money(5000))
    counter.sell("4006381333931", given="3,50")
    closing = counter.till.cash.close_shift(Money(5350))
    assert (closing.z_number, closing.difference, closing.sales) == (2, Money(0), 1)
    assert counter.problems() == []

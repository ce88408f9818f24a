"""First in, first out: sums are exact to the last bit, and nobody jumps the queue."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.plan.pegging.match import NOBODY, first_in_first_out

UNITS = st.lists(st.floats(0, 1e9, allow_nan=False).map(lambda units: round(units, 6)), max_size=12)


def plain(supplied: list[Fraction], used: list[Fraction]) -> list[tuple[int, int, Fraction]]:
    """The same with two hands and a queue."""
    left = [[place, units] for place, units in enumerate(supplied) if units]
    found: list[tuple[int, int, Fraction]] = []
    for use, wanted in enumerate(used):
        while wanted:
            if not left:
                found.append((NOBODY, use, wanted))
                break
            part = min(wanted, Fraction(left[0][1]))
            found.append((int(left[0][0]), use, part))
            wanted -= part
            left[0][1] -= part
            if not left[0][1]:
                left.pop(0)
    return found + [(int(place), NOBODY, Fraction(units)) for place, units in left]


@given(UNITS, UNITS)
def test_parts_add_up_to_uses_and_to_supplies(supplied: list[float], used: list[float]) -> None:
    """What uses take of a supply and what is left of it is the supply; what a use takes is the use."""
    pegs = first_in_first_out(np.array(supplied), np.array(used))
    grain = max(sum(supplied), sum(used)) * 2.0**-58
    for side, units in ((pegs.supply, supplied), (pegs.use, used)):
        for place, quantity in enumerate(units):
            parts = sum(Fraction(part) for part in pegs.quantity[side == place])
            assert abs(parts - Fraction(quantity)) <= grain + quantity * 2.0**-52


@given(st.lists(st.integers(0, 1000), max_size=9), st.lists(st.integers(0, 1000), max_size=9))
def test_like_two_hands_and_a_queue(supplied: list[int], used: list[int]) -> None:
    pegs = first_in_first_out(np.array(supplied, np.float64), np.array(used, np.float64))
    found = list(zip(pegs.supply.tolist(), pegs.use.tolist(), map(Fraction, pegs.quantity.tolist()), strict=True))
    assert found == plain([Fraction(units) for units in supplied], [Fraction(units) for units in used])


def test_a_small_use_among_large_ones_is_not_rounded_away() -> None:
    """A millionth of a unit behind a thousand million."""
    pegs = first_in_first_out(np.array([1e9, 1e-6]), np.array([1e9, 1e-6]))
    assert pegs.supply.tolist() == pegs.use.tolist() == [0, 1]
    assert abs(pegs.quantity[1] - 1e-6) < 1e-9

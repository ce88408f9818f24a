"""Subsidies of capital expenditure: a percentage of the eligible part of what an option costs.

    subsidy = rate × eligible × capex, where eligible × capex >= min_investment; else nothing

The option has to be taken on a day on which the scheme takes applications: one on which its rate is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from boxbuild.law.applications import IN_RUPEES, RUPEE
from boxbuild.law.formula import Name, percent
from boxbuild.law.law import Law
from boxbuild.law.trace import Given, Read, Trace
from boxbuild.network.currency import exchange_rates

ELIGIBLE: Final = Name("eligible") * Name("capex")
SUBSIDY: Final = percent("rate") * ELIGIBLE
LEAST: Final = ("min_investment", "min_investment.least")
"""Names of the least investment; where it depends on the item, the lowest."""

CENT: Final = Decimal("0.01")


def assess(law: Law, option: Mapping[str, Any], taken: int) -> Trace | None:
    """Return the subsidy on an option, received once.

    Parameters
    ----------
    law
        The law; nothing is paid where the book does not count.
    option
        A row of the table ``options``.
    taken
        Bucket at whose start it is taken.

    Returns
    -------
    Trace or None
        Home currency, rounded half up to the hundredth. ``None`` where none is claimed or the scheme takes no
        application on that day.
    """
    scheme, day = option["subsidy"], law.day_of[taken]
    if not law.by_book or scheme is None or not option["capex"]:
        return None
    rate = law.read(f"{scheme}.rate", day)
    if rate is None:
        return None
    rates, home = exchange_rates(law.network), law.network.settings.home_currency
    capex = option["capex"] * rates[option["currency"] or home][taken]
    values = {"rate": rate.value, "eligible": Decimal(repr(option["eligible"])), "capex": capex}
    least = _least(law, scheme, day)
    counted = ELIGIBLE.exact(values)
    enough = least is None or counted >= least.value * IN_RUPEES.get(least.unit, Decimal(1)) * rates[RUPEE][taken]
    amount = SUBSIDY.exact(values).quantize(CENT, ROUND_HALF_UP) if enough else Decimal(0)
    return Trace(
        f"subsidy on {option['option']}, taken on {day}",
        amount,
        home,
        "subsidies.amount",
        str(SUBSIDY),
        given=(
            Given("eligible", values["eligible"], "fraction", f"options, {option['option']}"),
            Given("capex", capex, home, f"options, {option['option']}"),
        ),
        reads=(rate, *([least] if least is not None else [])),
        note="" if enough else "below the least investment",
    )


def received(law: Law, option: Mapping[str, Any], taken: int) -> int:
    """Return the bucket in which the subsidy on an option is received; the last one where that is after the horizon."""
    calendar = law.network.calendar
    return min(calendar.bucket(int(calendar.starts[taken]) + option["subsidy_days"]), calendar.count - 1)


def unused(law: Law, option: Mapping[str, Any], taken: int) -> Decimal:
    """Return the part of an option's life that is left at the end of the plan; 0 for one without ``life_weeks``.

    What is credited for that part is the capex net of its subsidy: it is no gain to invest for the subsidy alone.
    """
    if option["life_weeks"] is None:
        return Decimal(0)
    calendar = law.network.calendar
    ready = int(calendar.starts[taken]) + option["ready_days"]
    left: Decimal = 1 - Decimal(int(calendar.horizon) - ready) / (7 * option["life_weeks"])
    return max(Decimal(0), left)


def _least(law: Law, scheme: str, day: Any) -> Read | None:
    found = (law.read(f"{scheme}.{name}", day) for name in LEAST)
    return next((read for read in found if read is not None), None)

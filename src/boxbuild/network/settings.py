"""Settings: what holds for the whole plan, such as its first day, its buckets and its home currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from boxbuild.network.calendar import Calendar


@dataclass(frozen=True)
class Settings:
    """What holds for the whole plan. The catalogue's ``settings.csv`` gives meaning, unit and default of each.

    Rates are decimals because money is computed from them exactly.
    """

    start: date
    title: str = ""
    buckets: str = "13w"
    home_currency: str = "INR"
    home_country: str = "IN"
    holding_rate: Decimal = Decimal("0.12")
    discount_rate: Decimal = Decimal("0")
    late_rate: Decimal = Decimal("0.002")
    law: str = "tables"
    known_on: date | None = None
    igst_credit_days: int = 0
    igst_stuck: Decimal = Decimal("0")
    finance_rate: Decimal = Decimal("0")

    @cached_property
    def calendar(self) -> Calendar:
        """The horizon, cut into buckets."""
        return Calendar.parse(self.start, self.buckets)

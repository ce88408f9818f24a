"""Write tables/demand.csv: weekly demand of each product in each market, from the assumptions below.

Published: 5.0 million Xiaomi smartphones shipped in India in the first quarter of 2023 (Canalys, IDC) and
100,000 Mi TVs a month at one plant (The New Indian Express). Everything else here is a synthetic assumption
and is named so.
Runs with the standard library alone and always writes the same file: ``python make_demand.py [OUTPUT]``.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

FIRST_DUE = date(2023, 6, 11)
WEEKS = 56

PHONES_PER_WEEK = 5_000_000 / 13  # published: India, first quarter of 2023
TVS_PER_WEEK = 100_000 * 12 / 52  # published: one plant, taken for the brand's demand (synthetic)
NECKBANDS_PER_WEEK = 24_000  # synthetic

MIX = {"phone-budget": 0.78, "phone-upper": 0.22}  # synthetic: what is sold of each model
REGIONS = {"in-north": 0.32, "in-west": 0.26, "in-south": 0.27, "in-east": 0.15}  # synthetic: where in India

# Synthetic: exports as a share of what India sells, at the start and at the end of the year, and their mix.
EXPORTS = {
    "uae": (0.012, 0.030, {"phone-budget": 0.60, "phone-upper": 0.40}),
    "eu": (0.004, 0.030, {"phone-budget": 0.50, "phone-upper": 0.50}),
    "brazil": (0.002, 0.015, {"phone-budget": 0.75, "phone-upper": 0.25}),
    "bangladesh": (0.010, 0.020, {"phone-budget": 0.85, "phone-upper": 0.15}),
}

# Synthetic: what the weeks that end on these days sell against the year's average, before scaling. Diwali was
# on 12 November 2023; shops and web sales stock up six weeks before. The weeks between are straight lines.
INDIA_SEASON = {
    date(2023, 6, 11): 0.90,
    date(2023, 7, 30): 0.92,
    date(2023, 8, 13): 1.10,
    date(2023, 8, 27): 0.95,
    date(2023, 9, 17): 1.15,
    date(2023, 10, 8): 1.60,
    date(2023, 10, 29): 1.55,
    date(2023, 11, 12): 1.25,
    date(2023, 11, 26): 0.75,
    date(2024, 1, 7): 0.88,
    date(2024, 1, 21): 1.05,
    date(2024, 2, 11): 0.90,
    date(2024, 4, 14): 0.95,
    date(2024, 6, 30): 0.92,
}
EXPORT_SEASON = {
    date(2023, 6, 11): 0.95,
    date(2023, 11, 19): 1.30,
    date(2024, 1, 14): 0.85,
    date(2024, 6, 30): 1.0,
}

# Synthetic: net price of one unit to the brand, without local taxes and the shop's margin. The phone models
# stand on either side of INR 15,000.
PRICES = {
    "in": (
        "",
        {"phone-budget": 11400, "phone-upper": 18900, "tv-43": 15900, "neckband": 880},
    ),
    "uae": ("AED", {"phone-budget": 520, "phone-upper": 880, "neckband": 42}),
    "eu": ("EUR", {"phone-budget": 135, "phone-upper": 225}),
    "brazil": ("BRL", {"phone-budget": 860, "phone-upper": 1420}),
    "bangladesh": ("BDT", {"phone-budget": 19200, "phone-upper": 31500, "neckband": 1500}),
}
NECKBAND_EXPORTS = {"uae": 0.06, "bangladesh": 0.08}  # synthetic: share of what India sells
LOST = 1.2  # synthetic: a lost sale costs the price and a fifth, for the customer goes elsewhere
MAX_LATE_DAYS = {"in": 35, "uae": 35, "eu": 42, "brazil": 42, "bangladesh": 35}  # synthetic
PRIORITIES = {"tv-43": 3, "neckband": 3}  # phones: 2

COLUMNS = (
    *("demand", "item", "market", "due", "quantity"),
    *("price", "currency", "priority", "max_late_days", "lost_cost", "source"),
)
PUBLISHED = "synthetic: scaled from 5.0 million phones in India in 2023Q1 (Canalys; IDC); see make_demand.py"
OWN = "synthetic: see make_demand.py"


def at(points: dict[date, float], day: date) -> float:
    """Return the value on a day of the straight lines between points."""
    days = sorted(points)
    for before, after in pairwise(days):
        if before <= day <= after:
            part = (day - before).days / (after - before).days
            return points[before] * (1 - part) + points[after] * part
    raise ValueError(day)


def season(points: dict[date, float]) -> list[float]:
    """Return a factor for each week; the factors have the mean 1."""
    raw = [at(points, FIRST_DUE + timedelta(weeks=week)) for week in range(WEEKS)]
    return [value * WEEKS / sum(raw) for value in raw]


def rows() -> list[dict[str, str]]:
    """Return the rows of the table, in order."""
    found: list[dict[str, str]] = []
    india, abroad = season(INDIA_SEASON), season(EXPORT_SEASON)
    for week in range(WEEKS):
        ramp = week / (WEEKS - 1)
        for item, share in MIX.items():
            for region, part in REGIONS.items():
                found.append(row(item, region, week, PHONES_PER_WEEK * india[week] * share * part, PUBLISHED))
            for market, (first, last, mix) in EXPORTS.items():
                volume = PHONES_PER_WEEK * (first + (last - first) * ramp) * abroad[week] * mix[item]
                found.append(row(item, market, week, volume, PUBLISHED))
        for region, part in REGIONS.items():
            found.append(row("tv-43", region, week, TVS_PER_WEEK * india[week] * part, OWN))
        for region, part in REGIONS.items():
            found.append(row("neckband", region, week, NECKBANDS_PER_WEEK * india[week] * part, OWN))
        for market, share in NECKBAND_EXPORTS.items():
            found.append(row("neckband", market, week, NECKBANDS_PER_WEEK * share * abroad[week], OWN))
    return found


def row(item: str, market: str, week: int, volume: float, source: str) -> dict[str, str]:
    """Return one demand; its quantity is in tens."""
    area = "in" if market.startswith("in-") else market
    currency, prices = PRICES[area]
    return {
        "demand": f"{item}-{market}-{week + 1:02d}",
        "item": item,
        "market": market,
        "due": (FIRST_DUE + timedelta(weeks=week)).isoformat(),
        "quantity": str(round(volume / 10) * 10),
        "price": str(prices[item]),
        "currency": currency,
        "priority": str(PRIORITIES.get(item, 2)),
        "max_late_days": str(MAX_LATE_DAYS[area]),
        "lost_cost": str(round(prices[item] * LOST)),
        "source": source,
    }


def main(output: Path) -> None:
    """Write the table."""
    with output.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "tables" / "demand.csv")

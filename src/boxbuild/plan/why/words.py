"""Words: buckets, amounts, and what the rows and columns of the model are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

Keys = Mapping[str, Any]


def when(calendar: Calendar, bucket: int) -> str:
    """Return a bucket in words: ``the week of 5 June 2023``, ``June 2023``."""
    first, days = calendar.first_days[bucket], int(calendar.lengths[bucket])
    day = f"{first.day} {first:%B %Y}"
    if days == 1:
        return day
    if days == 7:
        return f"the week of {day}"
    if days >= 28 and first.day == 1:
        return f"{first:%B %Y}"
    return f"the {days} days from {day}"


def amount(value: float) -> str:
    """Return a number with as many decimals as a reader needs: 12,345, 9.87, 0.0123."""
    if abs(value) >= 100 or value == round(value):
        text = f"{value:,.0f}"
    elif abs(value) >= 1:
        text = f"{value:,.2f}"
    else:
        text = f"{value:.3g}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def _offer(keys: Keys) -> str:
    return f"offer {keys['offer']}"


def _ladder(keys: Keys) -> str:
    owner = f"contract {keys['contract']}" if keys["contract"] is not None else f"offer {keys['offer']}"
    return f"the price ladder of {owner}"


def _scheme(keys: Keys) -> str:
    place = f" at {keys['site']}" if keys.get("site") else ""
    return f"export scheme {keys['scheme']}{place}" if keys.get("scheme") else "an export scheme"


def _lane(keys: Keys) -> str:
    carried = f" for {keys['lane_item']}" if keys.get("lane_item") else ""
    return f"lane {keys['origin']} → {keys['destination']} by {keys['mode']}{carried}"


def _preference(keys: Keys) -> str:
    return "a trade agreement's rule of origin" + (f" ({keys['claim']})" if keys.get("claim") else "")


NAMED: Final[Mapping[str, tuple[str, Callable[[Keys], str]]]] = {
    "capacity": ("line", lambda keys: f"line {keys['resource']}"),
    "overtime": ("line", lambda keys: f"the overtime of line {keys['resource']}"),
    "supply": ("supplier", _offer),
    "carriage": ("lane", _lane),
    "contracts": ("contract", lambda keys: f"contract {keys['contract']}, {keys['term'].replace('_', ' ')}"),
    "tiers": ("contract", _ladder),
    "targets": ("target", lambda keys: f"target {keys['target']}"),
    "once": ("option", lambda keys: str(keys["name"])),
    "opened": ("option", lambda keys: "an investment that opens it"),
    "locks": ("lock", lambda keys: f"lock {keys['lock']}"),
    "incentives": (
        "law",
        lambda keys: f"incentive {keys['scheme']} {keys['segment']} of {keys['partner']}, {keys['year']}",
    ),
    "obligations": ("law", lambda keys: f"what exports must earn: {_scheme(keys)}"),
    "exempt_opened": ("law", _scheme),
    "exempt_within": (
        "law",
        lambda keys: f"duty-free part of {keys['item']}" if keys.get("item") else "duty-free part",
    ),
    "exempt_needs": ("law", _scheme),
    "exempt_balance": ("law", _scheme),
    "origin": ("law", lambda keys: f"origin of {keys['item']}, as {keys['claim']} counts it"),
    "preferences": ("law", _preference),
    "balance": ("part", lambda keys: f"{keys['item']} at {keys['site']}"),
}
"""For each family the kind of what binds, and its name."""


def named(family: str, keys: Keys) -> tuple[str, str]:
    """Return the kind of a row, and what it is called; of a family that is not known here, its keys."""
    if family in NAMED:
        kind, name = NAMED[family]
        return kind, name(keys)
    told = [str(value) for key, value in keys.items() if key not in ("lower", "upper") and value is not None]
    return "limit", f"{family} {' '.join(told)}".strip()


def done(kind: str, column: Keys) -> str:
    """Return how a column brings what it brings: ``built at noida``, ``by air from mumbai``."""
    if kind == "build":
        option = f" (option {column['option']})" if column.get("option") else ""
        return f"built at {column['site']}{option}"
    if kind == "buy":
        return f"bought from {column['supplier']} under {column['offer']}"
    if kind == "ship":
        return f"by {column['mode']} from {column['origin']}"
    if kind == "keep":
        return f"kept at {column['site']}"
    if kind == "use":
        return f"from {column['component']}"
    return kind

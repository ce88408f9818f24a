"""Options: taken at most once, not too early, ready when they say, one of a group."""

from __future__ import annotations

from collections import defaultdict

from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import EXACT_RULE, Tally
from boxbuild.plan.plan import Plan


def options(plan: Plan, reading: Reading) -> Tally:
    """Check the options that a plan takes."""
    tally = Tally("options", "options taken", EXACT_RULE)
    days = reading.days
    groups: dict[str, list[str]] = defaultdict(list)
    for name, bucket, ready in plan["options"].select("option", "bucket", "ready").iter_rows():
        tally.count += 1
        row = reading.options[name]
        place = ("options", name, bucket)
        taken = days.edges[bucket]
        if row.earliest is not None and taken < row.earliest:
            earliest = days.date(row.earliest)
            tally.fail(place, f"{earliest} or later", days.date(taken), f"cannot be taken before {earliest}")
        due = days.date(taken + row.ready_days)
        if ready != due:
            sentence = f"taken on {days.date(taken)} and ready {row.ready_days} days later, on {due}"
            tally.fail(place, due, ready, sentence)
        if row.exclusive_group is not None:
            groups[row.exclusive_group].append(name)
    for group, names in groups.items():
        if len(names) > 1:
            sentence = f"{' and '.join(names)} exclude each other (group {group})"
            tally.fail(("options", joined_names(names), None), "one of them", len(names), sentence)
    return tally


def joined_names(names: list[str]) -> str:
    """Return names as one key."""
    return "|".join(names)


def ready_days(plan: Plan, reading: Reading) -> dict[str, int]:
    """Return the day from which each option taken can be used: recomputed, not as the plan states it."""
    days, found = reading.days, {}
    for name, bucket in plan["options"].select("option", "bucket").iter_rows():
        row = reading.options.get(name)
        if row is not None and bucket is not None and 0 <= bucket < days.buckets:
            found[name] = days.edges[bucket] + row.ready_days
    return found

"""Components: what builds take, from rows without a group by rule and from groups of alternates as stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Component, decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


def components_taken(plan: Plan, flows: Flows, reading: Reading) -> Iterator[tuple[str, str, int, Decimal]]:
    """Yield item, site, bucket and quantity of every component that builds take."""
    days = reading.days
    for build in flows.builds:
        operation = build.operation
        for row in reading.needs(operation.item, operation.site, days.edges[build.bucket]):
            if row.alternate_group is None:
                yield row.component, operation.site, build.bucket, build.quantity * row.per_unit
    taken = plan["alternates"].select("component", "site", "bucket", "quantity").iter_rows()
    for component, site, bucket, quantity in taken:
        yield component, site, bucket, decimal(quantity)


def alternates(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check that the members of each group of alternates together cover what builds need.

    For each build and group: the sum over members of taken / (quantity x (1 + scrap)) = units started.
    """
    tally = Tally("alternates", "builds × groups, and rows taken")
    taken = _taken(plan)
    for build in flows.builds:
        operation, bucket = build.operation, build.bucket
        site, parent = operation.site, operation.item
        groups: dict[str, list[Component]] = defaultdict(list)
        for row in reading.needs(parent, site, reading.days.edges[bucket]):
            if row.alternate_group is not None:
                groups[row.alternate_group].append(row)
        for group, members in groups.items():
            used = taken.pop((site, parent, operation.option, group, bucket), {})
            place = ("alternates", joined(site, parent, operation.option, group), bucket)
            _covers(tally, place, members, used, build.quantity)
    for (site, parent, option, group, bucket), used in taken.items():
        for component, quantity in used.items():
            place = ("alternates", joined(site, parent, option, group, component), bucket)
            sentence = f"{plain(quantity)} {component} taken, but nothing is built that has this group"
            tally.at_most(place, ZERO, quantity, ZERO, sentence)
    return tally


def _taken(plan: Plan) -> dict[tuple[str, str, str | None, str, int], dict[str, Decimal]]:
    found: dict[tuple[str, str, str | None, str, int], dict[str, Decimal]] = defaultdict(dict)
    columns = ("site", "parent", "option", "group", "bucket", "component", "quantity")
    for *key, component, quantity in plan["alternates"].select(columns).iter_rows():
        site, parent, option, group, bucket = key
        found[site, parent, option, group, bucket][component] = decimal(quantity)
    return dict(found)


def _covers(
    tally: Tally,
    place: tuple[str, str, int],
    members: list[Component],
    used: dict[str, Decimal],
    started: Decimal,
) -> None:
    per_unit = {row.component: row.per_unit for row in members}
    covered = ZERO
    for component, quantity in used.items():
        if per_unit.get(component):
            covered += quantity / per_unit[component]
        else:
            table, key, bucket = place
            sentence = f"{component} is not a member of the group in this bucket"
            tally.fail((table, joined(key, component), bucket), " or ".join(per_unit), component, sentence)
    tally.equal(
        place,
        started,
        covered,
        started,
        f"{plain(started)} units are started, and what is taken covers {plain(covered)}",
    )

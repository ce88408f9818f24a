"""The planning model once more: plain loops over the rows of the tables, as slow as it is obvious.

Written from the specification without a look at `boxbuild.model`. What takes integers there is tried out here: every
way to take options and every way to climb the ladders of prices gives one linear program, and the cheapest counts.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import Any

from tests.laws.choices import Ladder, Taken, ladders_of, ways_to_climb, ways_to_take
from tests.laws.dated import FIRST, Dated, Row
from tests.laws.linear import Program

from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope


def optimal_cost(network: Network) -> float | None:
    """Return the least discounted cost of a network, or ``None`` where no plan exists."""
    dated = Dated(network)
    costs = [
        Plain(dated, taken, steps).program.minimum() for taken in ways_to_take(dated) for steps in ways_to_climb(dated)
    ]
    return min((cost for cost in costs if cost is not None), default=None)


class Plain:
    """One linear program: options taken and steps reached are given."""

    def __init__(self, dated: Dated, taken: Taken, steps: Mapping[Ladder, int]) -> None:
        self.dated = dated
        self.tables = dated.tables
        self.taken = taken
        self.program = Program()
        self.change: dict[tuple[str, str, int], dict[Hashable, float]] = defaultdict(lambda: defaultdict(float))
        self.builds: list[tuple[Hashable, Row, int]] = []
        self.buys: list[tuple[Hashable, Row, int]] = []
        self.deliveries: list[tuple[Hashable, Row, int, int]] = []
        self.used: dict[tuple[str, int], dict[Hashable, float]] = defaultdict(dict)
        self.pay_options()
        self.build()
        self.buy()
        self.ship()
        self.deliver()
        self.keep()
        self.limit_resources()
        self.meet_contracts()
        self.climb(steps)
        self.meet_targets()

    # what holds

    def usable(self, row: Row, b: int) -> bool:
        return self.dated.holds(row, b) and (row["option"] is None or self.ready(row["option"]) <= self.dated.edges[b])

    def ready(self, option: str) -> float:
        if option not in self.taken:
            return math.inf
        row = next(row for row in self.tables["options"] if row["option"] == option)
        return self.dated.edges[self.taken[option]] + int(row["ready_days"])

    def paid(self, amount: Any, currency: str | None, b: int) -> float:
        return self.dated.money(amount, currency, b) * self.dated.present(b)

    def value(self, item: str, b: int) -> float:
        row = self.dated.items[item]
        return self.paid(row["value"], row["currency"], b)

    # flows

    def build(self) -> None:
        for row, b in itertools.product(self.tables["operations"], self.dated.buckets):
            arrivals = self.dated.arrivals(b, row["lead_days"])
            site, item = row["site"], row["item"]
            if not self.usable(row, b) or not arrivals or (item, site) not in self.dated.of_use:
                continue
            cost = self.paid(row["cost"], row["currency"], b)
            started = self.program.column(("build", site, item, row["option"], b), cost)
            self.builds.append((started, row, b))
            for a, share in arrivals.items():
                self.change[item, site, a][started] += float(share) * row["yield"]
            groups: dict[str, dict[Hashable, float]] = defaultdict(dict)
            for need in self.dated.bom(item, site, b):
                per_unit, group = need["quantity"] * (1 + need["scrap"]), need["alternate_group"]
                if group is None:
                    self.change[need["component"], site, b][started] -= per_unit
                else:
                    take = self.program.column(("take", started, need["component"]))
                    self.change[need["component"], site, b][take] -= per_unit
                    groups[group][take] = 1.0
            for members in groups.values():
                self.program.row({**members, started: -1.0}, 0, 0)
            for use in self.tables["uses"]:
                if (use["site"], use["item"]) == (site, item):
                    self.used[use["resource"], b][started] = use["quantity"]

    def buy(self) -> None:
        for row, b in itertools.product(self.tables["sources"], self.dated.buckets):
            arrivals = self.dated.arrivals(b, row["lead_days"])
            if not self.usable(row, b) or not arrivals:
                continue
            item, currency, ordered = row["item"], row["currency"], {}
            for destination in self.dated.destinations(row):
                if (item, destination) not in self.dated.of_use:
                    continue
                price = float(row["price"])
                dutiable = price + float(row["freight"]) + float(row["royalty"])
                markup = price * row["markup"] if row["terms"] in ("turnkey", "buy_sell") else 0.0
                cost = self.paid(price + markup + float(row["freight"]), currency, b)
                country = self.dated.sites[destination]["country"]
                for a, share in arrivals.items():
                    if self.dated.origin(row) != country:
                        rate = self.dated.duty(country, item, self.dated.origin(row), a)
                        cost += float(share) * rate * self.paid(dutiable, currency, a)
                bought = self.program.column(("buy", row["offer"], destination, b), cost)
                self.buys.append((bought, row, b))
                ordered[bought] = 1.0
                for a, share in arrivals.items():
                    self.change[item, destination, a][bought] += float(share)
            if row["per_week"] is not None:
                self.program.row(ordered, most=row["per_week"] * self.dated.days(b) / 7)

    def ship(self) -> None:
        for row, b in itertools.product(self.tables["lanes"], self.dated.buckets):
            arrivals = self.dated.arrivals(b, row["lead_days"])
            if not self.usable(row, b) or not arrivals:
                continue
            origin, destination = row["origin"], row["destination"]
            left, right = self.dated.sites[origin]["country"], self.dated.sites[destination]["country"]
            shipped = {}
            for item in self.dated.items if row["item"] is None else [row["item"]]:
                if (item, destination) not in self.dated.of_use:
                    continue
                freight = float(row["per_unit"]) + float(row["per_kg"]) * self.dated.items[item]["weight_kg"]
                cost = self.paid(freight, row["currency"], b) + row["insurance"] * self.value(item, b)
                for a, share in arrivals.items():
                    if left != right:
                        base = self.value(item, a) * (1 + row["insurance"]) + self.paid(freight, row["currency"], a)
                        cost += float(share) * self.dated.duty(right, item, left, a) * base
                key = ("ship", origin, destination, row["mode"], row["item"], item, b)
                sent = self.program.column(key, cost)
                shipped[sent] = 1.0
                self.change[item, origin, b][sent] -= 1.0
                for a, share in arrivals.items():
                    self.change[item, destination, a][sent] += float(share)
            if row["per_week"] is not None:
                self.program.row(shipped, most=row["per_week"] * self.dated.days(b) / 7)

    def deliver(self) -> None:
        for row in self.tables["demand"]:
            due = self.dated.bucket(self.dated.day(row["due"]))
            if due is None:
                continue
            price, item = row["price"], self.dated.items[row["item"]]
            late_per_day = row["late_per_day"]
            if late_per_day is None:
                late_per_day = (price or 0) * self.dated.settings.late_rate
            if row["lost_cost"] is not None or price is not None:
                amount = price if row["lost_cost"] is None else row["lost_cost"]
                lost_cost = self.paid(amount, row["currency"], due)
            else:
                lost_cost = self.paid(item["value"], item["currency"], due)
            lost = self.program.column(("lost", row["demand"]), lost_cost)
            served = {lost: 1.0}
            for b in self.dated.buckets[due:]:
                late = self.dated.edges[b] - self.dated.edges[due]
                if late <= row["max_late_days"]:
                    cost = self.paid(late_per_day, row["currency"], b) * late
                    delivered = self.program.column(("deliver", row["demand"], b), cost)
                    self.deliveries.append((delivered, row, b, late))
                    self.change[row["item"], row["market"], b][delivered] -= 1.0
                    served[delivered] = 1.0
            self.program.row(served, row["quantity"], row["quantity"])

    def keep(self) -> None:
        given: dict[tuple[str, str, int], float] = defaultdict(float)
        for row in self.tables["stock"]:
            given[row["item"], row["site"], 0] += row["quantity"]
        for row in self.tables["receipts"]:
            b = self.dated.bucket(self.dated.day(row["due"]))
            if row["firm"] and b is not None:
                given[row["item"], row["site"], b] += row["quantity"]
        holding = float(self.dated.settings.holding_rate) / 365
        places = dict.fromkeys((item, site) for item, site, _ in [*self.change, *given])
        for (item, site), b in itertools.product(places, self.dated.buckets):
            cost = self.value(item, b) * holding * self.dated.days(b)
            kept = self.program.column(("keep", item, site, b), cost)
            before = {("keep", item, site, b - 1): -1.0} if b else {}
            moved = {column: -value for column, value in self.change[item, site, b].items()}
            self.program.row({kept: 1.0, **before, **moved}, given[item, site, b], given[item, site, b])

    # limits and promises

    def limit_resources(self) -> None:
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables["resources"]:
            rows[row["resource"]].append(row)
        for (resource, own), b in itertools.product(rows.items(), self.dated.buckets):
            weeks = [
                self.dated.counted(row, b, 0 if row["option"] is None else self.ready(row["option"])) / 7 for row in own
            ]
            regular = sum(row["per_week"] * week for row, week in zip(own, weeks, strict=True))
            limit = sum(row["overtime_per_week"] * week for row, week in zip(own, weeks, strict=True))
            cost = self.overtime_cost(own, b)
            overtime = self.program.column(("overtime", resource, b), cost, limit)
            self.program.row({**self.used[resource, b], overtime: -1.0}, most=regular)

    def overtime_cost(self, own: list[Row], b: int) -> float:
        ranked = sorted(own, key=lambda row: (row["option"] is not None, row["from"] or FIRST))
        first = [row for row in ranked if self.dated.holds(row, b)]
        later = [row for row in sorted(own, key=lambda row: row["from"] or FIRST) if self.dated.counted(row, b)]
        for row in [*first, *later]:
            return self.paid(row["overtime_cost"], row["currency"], b)
        return 0.0

    def covered(self, contract: Row) -> tuple[dict[Hashable, float], dict[Hashable, float]]:
        """Return what a contract's partner builds and sells of what it covers, and what all partners do."""
        quantity, total = {}, {}
        flows = [(column, row, b, row["site"]) for column, row, b in self.builds]
        flows += [(column, row, b, row["supplier"]) for column, row, b in self.buys]
        for column, row, b, site in flows:
            if not self.dated.holds(contract, b) or contract["item"] not in (None, row["item"]):
                continue
            if contract["family"] not in (None, self.dated.items[row["item"]]["family"]):
                continue
            total[column] = 1.0
            if self.dated.sites[site]["partner"] == contract["partner"]:
                quantity[column] = 1.0
        return quantity, total

    def last(self, row: Row) -> int | None:
        return max((b for b in self.dated.buckets if self.dated.holds(row, b)), default=None)

    def meet_contracts(self) -> None:
        for row in self.tables["contracts"]:
            last = self.last(row)
            if last is None:
                continue
            quantity, total = self.covered(row)
            cost, most = 0.0, 0.0
            if row["shortfall_cost"] is not None:
                cost, most = self.paid(row["shortfall_cost"], row["currency"], last), math.inf
            short = self.program.column(("shortfall", row["contract"]), cost, most)
            if row["min"] is not None:
                self.program.row({**quantity, short: 1.0}, least=row["min"])
            if row["max"] is not None:
                self.program.row(quantity, most=row["max"])
            if row["min_share"] is not None:
                share = {column: quantity.get(column, 0.0) - row["min_share"] for column in total}
                self.program.row({**share, short: 1.0}, least=0)
            if row["max_share"] is not None:
                share = {column: quantity.get(column, 0.0) - row["max_share"] for column in total}
                self.program.row(share, most=0)

    def climb(self, reached: Mapping[Ladder, int]) -> None:
        for (kind, name), steps in ladders_of(self.dated).items():
            if kind == "contract":
                contract = next(row for row in self.tables["contracts"] if row["contract"] == name)
                last, units = self.last(contract), self.covered(contract)[0]
            else:
                rows = [row for row in self.tables["sources"] if row["offer"] == name]
                last = max((b for b in self.dated.buckets for row in rows if self.dated.holds(row, b)), default=None)
                units = {column: 1.0 for column, row, _ in self.buys if row["offer"] == name}
            if last is None:
                continue
            top = reached[kind, name]
            least = steps[top]["from_quantity"]
            most = steps[top + 1]["from_quantity"] if top + 1 < len(steps) else math.inf
            saved = [
                self.paid(step["price"], step["currency"], last)
                - self.paid(steps[0]["price"], steps[0]["currency"], last)
                for step in steps
            ]
            self.program.row(units, least, most)
            if steps[0]["kind"] == "incremental":
                for step, above, rebate in zip(steps[:top], steps[1:], saved, strict=False):
                    self.program.constant += rebate * (above["from_quantity"] - step["from_quantity"])
                self.program.constant -= saved[top] * least
            for column in units:
                self.program.costs[column] += saved[top]

    def meet_targets(self) -> None:
        for row in self.tables["targets"]:
            last = self.last(row)
            if last is None:
                continue
            numerator, denominator, fixed = self.measured(row)
            cost, most = 0.0, 0.0
            if row["penalty"] is not None:
                cost, most = self.paid(row["penalty"], row["currency"], last), math.inf
            short = self.program.column(("short", row["target"]), cost, most)
            terms = defaultdict(float, numerator)
            for column, value in denominator.items():
                terms[column] -= row["at_least"] * value
            self.program.row({**terms, short: 1.0}, least=row["at_least"] * fixed)

    def measured(self, target: Row) -> tuple[dict[Hashable, float], dict[Hashable, float], float]:
        """Return a target's numerator, and its denominator as a sum over columns and a number."""
        scope, home = parse_scope(target["scope"]), self.dated.settings.home_country
        builds = [
            column
            for column, row, b in self.builds
            if self.dated.holds(target, b) and self.dated.within(scope, row["item"], row["site"])
        ]
        buys = [
            (column, row, b)
            for column, row, b in self.buys
            if self.dated.holds(target, b) and self.dated.within(scope, row["item"], row["supplier"])
        ]
        deliveries = [
            (column, row, late)
            for column, row, b, late in self.deliveries
            if self.dated.holds(target, b) and self.dated.within(scope, row["item"], row["market"])
        ]
        metric = target["metric"]
        if metric == "units_built":
            return dict.fromkeys(builds, 1.0), {}, 1.0
        if metric == "units_bought":
            return {column: 1.0 for column, _, _ in buys}, {}, 1.0
        if metric == "units_delivered":
            return {column: 1.0 for column, _, _ in deliveries}, {}, 1.0
        if metric == "export_share":
            abroad = {c: 1.0 for c, row, _ in deliveries if self.dated.sites[row["market"]]["country"] != home}
            return abroad, {column: 1.0 for column, _, _ in deliveries}, 0.0
        if metric == "local_purchase_share":
            spent = {column: self.dated.money(row["price"], row["currency"], b) for column, row, b in buys}
            return {column: spent[column] for column, row, _ in buys if self.dated.origin(row) == home}, spent, 0.0
        assert metric == "on_time_share"
        wanted = 0.0
        for row in self.tables["demand"]:
            due = self.dated.bucket(self.dated.day(row["due"]))
            if (
                due is not None
                and self.dated.holds(target, due)
                and self.dated.within(scope, row["item"], row["market"])
            ):
                wanted += row["quantity"]
        return {column: 1.0 for column, _, late in deliveries if late == 0}, {}, wanted

    def pay_options(self) -> None:
        for row in self.tables["options"]:
            if row["option"] not in self.taken:
                continue
            b, ready = self.taken[row["option"]], int(self.ready(row["option"]))
            capex = self.dated.money(row["capex"], row["currency"], b)
            self.program.constant += capex * self.dated.present(b)
            for later in self.dated.buckets:
                days = sum(day >= ready for day in range(self.dated.edges[later], self.dated.edges[later + 1]))
                self.program.constant += self.paid(row["opex_per_week"], row["currency"], later) * days / 7
            if row["life_weeks"] is not None:
                worn = max(0, self.dated.horizon - ready) / (7 * row["life_weeks"])
                self.program.constant -= capex * max(0.0, 1 - worn) * self.dated.present(self.dated.buckets[-1])

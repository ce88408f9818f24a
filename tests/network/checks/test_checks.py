"""Each check finds its own mistake, at its place, and nothing else has anything to say about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import NamedTuple

import pytest
from tests.building import add_rows, drop_rows, edit_rows, small_network, with_rows, with_settings

from boxbuild.network import checks
from boxbuild.network.checks import check
from boxbuild.network.network import Network


class Case(NamedTuple):
    check: str
    code: str
    place: str  # table.column
    row: int | None
    says: str  # part of the line that the user reads
    spoil: Callable[[Network], Network]


def edit(table: str, where: dict[str, object], **values: object) -> Callable[[Network], Network]:
    return lambda network: edit_rows(network, table, where, **values)


def add(table: str, *rows: dict[str, object]) -> Callable[[Network], Network]:
    return lambda network: add_rows(network, table, *rows)


def chain(*steps: Callable[[Network], Network]) -> Callable[[Network], Network]:
    def all_of_them(network: Network) -> Network:
        for step in steps:
            network = step(network)
        return network

    return all_of_them


def settings(**values: object) -> Callable[[Network], Network]:
    return lambda network: with_settings(network, **values)


PHONES = {"contract": "ems-phones", "partner": "ems", "family": "phone"}
STEP = {"offer": "battery-in", "from_quantity": 0, "price": 500}
TARGET = {"target": "t", "metric": "units_built", "scope": "family=phone", "at_least": 10}
LOCK = {"lock": "l", "kind": "build", "item": "phone-a", "site": "noida", "fixed": 300}
LINE = {"option": "line", "capex": 100}
CHIP = {"offer": "chip-cn", "item": "chip", "supplier": "wuhan", "destination": "wuhan", "price": 25, "currency": "USD"}
NEW_LINE = {"resource": "noida-smt", "site": "noida", "per_week": 5, "option": "line"}
SECOND_EMS = {"partner": "ems2", "kind": "ems", "country": "IN"}
SECOND_PLANT = {"site": "pune-plant", "partner": "ems2", "kind": "plant", "country": "IN"}
SECOND_BOARD = {"site": "pune-plant", "item": "board", "cost": 1}

CASES = [
    Case(
        "unreadable_buckets", "unreadable-buckets", "settings.buckets", None, "counts of days", settings(buckets="8x")
    ),
    Case("unreadable_buckets", "unreadable-buckets", "settings.buckets", None, "ten years", settings(buckets="999w")),
    Case(
        "missing_values",
        "missing-value",
        "boms.component",
        6,
        "must not be blank (for example display)",
        edit("boms", {"parent": "board"}, component=None),
    ),
    Case(
        "duplicate_keys",
        "duplicate-key",
        "rates.currency",
        1,
        "repeats record 1: currency 'USD', from ''",
        add("rates", {"currency": "USD", "home_per_unit": 83}),
    ),
    Case(
        "offers_with_two_items",
        "offer-with-two-items",
        "sources.item",
        3,
        "offer chip-cn has the item chip",
        chain(
            edit("sources", {"offer": "chip-cn"}, until="2023-07-16"),
            add("sources", CHIP | {"item": "display", "from": "2023-07-17"}),
        ),
    ),
    Case(
        "resources_at_two_sites",
        "resource-with-two-sites",
        "resources.site",
        3,
        "resource noida-smt has the site noida",
        chain(
            edit("resources", {"resource": "noida-smt"}, until="2023-07-16"),
            add("resources", {"resource": "noida-smt", "site": "chennai", "per_week": 60, "from": "2023-07-17"}),
        ),
    ),
    Case(
        "dangling_references",
        "dangling-reference",
        "lanes.destination",
        5,
        "'indai' is not in the table sites (did you mean india?)",
        edit("lanes", {"destination": "india"}, destination="indai"),
    ),
    Case(
        "malformed_countries",
        "malformed-country",
        "partners.country",
        2,
        "two capital letters",
        edit("partners", {"partner": "csot"}, country="China"),
    ),
    Case(
        "malformed_countries",
        "malformed-country",
        "settings.home_country",
        None,
        "two capital letters",
        settings(home_country="India"),
    ),
    Case(
        "malformed_currencies",
        "malformed-currency",
        "rates.currency",
        1,
        "three capital letters",
        add("rates", {"currency": "euro", "home_per_unit": 90}),
    ),
    Case(
        "hs_codes_with_other_signs",
        "hs-not-digits",
        "items.hs",
        0,
        "without dots",
        edit("items", {"item": "phone-a"}, hs="8517.13"),
    ),
    Case(
        "hs_codes_of_odd_length",
        "hs-odd-length",
        "duties.hs",
        1,
        "odd number of digits",
        edit("duties", {"hs": "8542"}, hs="85423"),
    ),
    Case(
        "currencies_without_rate",
        "currency-without-rate",
        "items.currency",
        3,
        "'USB' is a currency without a rate (did you mean USD?)",
        edit("items", {"item": "display"}, currency="USB"),
    ),
    Case(
        "rates_of_zero",
        "rate-of-zero",
        "rates.home_per_unit",
        0,
        "everything in USD free",
        edit("rates", {"currency": "USD"}, home_per_unit=0),
    ),
    Case(
        "rates_of_the_home_currency",
        "rate-of-home-currency",
        "rates.currency",
        1,
        "is the home currency",
        add("rates", {"currency": "INR", "home_per_unit": 1}),
    ),
    Case(
        "rates_that_start_late",
        "rate-starts-late",
        "rates.from",
        0,
        "first rate of USD",
        edit("rates", {"currency": "USD"}, from_="2023-06-12"),
    ),
    Case(
        "windows_that_end_before_they_begin",
        "window-ends-before-it-begins",
        "sources.until",
        3,
        "before the row's from, 2023-06-20",
        add("sources", CHIP | {"from": "2023-06-20", "until": "2023-06-12"}),
    ),
    Case(
        "overlapping_windows",
        "overlapping-windows",
        "sources.from",
        3,
        "offer 'chip-cn' still holds on that day",
        add("sources", CHIP | {"from": "2023-06-19"}),
    ),
    Case(
        "overlapping_windows",
        "overlapping-windows",
        "resources.from",
        3,
        "warning: '2023-06-19' an earlier row of resource 'noida-smt', option '' still holds on that day: their",
        add("resources", {"resource": "noida-smt", "site": "noida", "per_week": 5, "from": "2023-06-19"}),
    ),
    Case(
        "changes_inside_a_bucket",
        "change-inside-bucket",
        "rates",
        1,
        "changes on 2023-06-20, and 1 more times, inside the bucket of 2023-06-19",
        add(
            "rates",
            {"currency": "USD", "home_per_unit": 83, "from": "2023-06-20"},
            {"currency": "USD", "home_per_unit": 82, "from": "2023-07-01"},
            {"currency": "USD", "home_per_unit": 82, "from": "2023-07-03"},
        ),
    ),
    Case(
        "changes_inside_a_bucket",
        "change-inside-bucket",
        "lanes",
        4,
        "changes on 2023-07-29",
        edit("lanes", {"destination": "hamburg"}, until="2023-07-28"),
    ),
    Case(
        "bom_cycles",
        "bom-cycle",
        "boms.component",
        6,
        "the item contains itself: board → chip → board",
        chain(
            add("boms", {"parent": "chip", "component": "board", "quantity": 1}),
            add("operations", {"site": "noida", "item": "chip"}),
        ),
    ),
    Case(
        "quantities_of_zero",
        "bom-quantity-zero",
        "boms.quantity",
        1,
        "the row has no effect",
        edit("boms", {"parent": "phone-a", "component": "display"}, quantity=0),
    ),
    Case(
        "quantities_of_zero",
        "substitute-of-zero",
        "boms.quantity",
        1,
        "covers any need for nothing",
        chain(
            edit("boms", {"parent": "phone-a", "component": "display"}, quantity=0, alternate_group="g"),
            edit("boms", {"parent": "phone-a", "component": "battery"}, alternate_group="g"),
        ),
    ),
    Case(
        "parents_without_operation",
        "parent-without-operation",
        "boms.parent",
        7,
        "nothing at chennai builds it",
        add("boms", {"parent": "board", "site": "chennai", "component": "chip", "quantity": 1}),
    ),
    Case(
        "operations_without_bom",
        "operation-without-bom",
        "operations.item",
        5,
        "built at noida without a bill",
        add("operations", {"site": "noida", "item": "battery"}),
    ),
    Case(
        "lone_substitutes",
        "lone-substitute",
        "boms.alternate_group",
        2,
        "battery is the only member of the group in phone-a",
        edit("boms", {"parent": "phone-a", "component": "battery"}, alternate_group="power"),
    ),
    Case(
        "items_that_nobody_needs",
        "nobody-needs",
        "items.item",
        6,
        "made or bought, but",
        chain(
            add("items", {"item": "cable", "kind": "component", "value": 3}),
            add("sources", {"offer": "cable", "item": "cable", "supplier": "pune", "price": 3}),
        ),
    ),
    Case(
        "suppliers_of_another_kind",
        "offer-from-another-kind",
        "sources.supplier",
        2,
        "sells battery, but its kind in the table sites is market",
        edit("sources", {"offer": "battery-in"}, supplier="india"),
    ),
    Case(
        "plants_of_another_kind",
        "operation-at-another-kind",
        "operations.site",
        5,
        "builds phone-a, but its kind in the table sites is hub",
        add("operations", {"site": "mumbai", "item": "phone-a"}),
    ),
    Case(
        "consigned_offers_with_markup",
        "markup-on-consigned",
        "sources.markup",
        1,
        "'0.02' is a markup on material that the brand buys itself",
        edit("sources", {"offer": "chip-cn"}, markup="0.02"),
    ),
    Case(
        "lots_larger_than_a_week",
        "lot-larger-than-week",
        "sources.lot_min",
        0,
        "the smallest order, 6000, is more than the 5000 of a week",
        edit("sources", {"offer": "display-cn"}, lot_min=6000, lot_multiple=3000),
    ),
    Case(
        "lots_larger_than_a_week",
        "lot-larger-than-week",
        "sources.lot_min",
        0,
        "the smallest order, 6000,",
        edit("sources", {"offer": "display-cn"}, lot_min=0, lot_multiple=6000),
    ),
    Case(
        "lots_larger_than_capacity",
        "lot-larger-than-capacity",
        "operations.lot_min",
        2,
        "the smallest order, 4000, takes 80 of noida-smt, which has 60 in a week",
        edit("operations", {"item": "board"}, lot_min=4000),
    ),
    Case(
        "lots_that_are_no_multiple",
        "lot-not-a-multiple",
        "sources.lot_min",
        0,
        "is not a multiple of 50: the smallest order is 150",
        edit("sources", {"offer": "display-cn"}, lot_min=120),
    ),
    Case(
        "weekly_limits_of_zero",
        "weekly-limit-of-zero",
        "lanes.per_week",
        3,
        "can never be used",
        edit("lanes", {"origin": "chennai"}, per_week=0),
    ),
    Case(
        "lead_times_beyond_the_horizon",
        "lead-time-beyond-horizon",
        "lanes.lead_days",
        3,
        "within the 56 days",
        edit("lanes", {"origin": "chennai"}, lead_days=56),
    ),
    Case(
        "resources_used_elsewhere",
        "resource-used-elsewhere",
        "uses.resource",
        3,
        "stands at noida, but is used at chennai",
        edit("uses", {"site": "chennai", "item": "phone-a"}, resource="noida-final"),
    ),
    Case(
        "uses_without_operation",
        "use-without-operation",
        "uses.item",
        5,
        "is not built at chennai",
        add("uses", {"site": "chennai", "item": "board", "resource": "chennai-final", "quantity": 1}),
    ),
    Case(
        "resources_without_capacity",
        "resource-without-capacity",
        "resources.per_week",
        2,
        "chennai-final is used",
        edit("resources", {"resource": "chennai-final"}, until="2023-06-04"),
    ),
    Case(
        "items_without_value",
        "item-without-value",
        "items.value",
        5,
        "keeping, insuring",
        edit("items", {"item": "battery"}, value=0),
    ),
    Case(
        "receipts_before_the_start",
        "receipt-overdue",
        "receipts.due",
        0,
        "counts on the first day",
        edit("receipts", {"reference": "PO-1"}, due="2023-06-01"),
    ),
    Case(
        "receipts_after_the_horizon",
        "receipt-after-horizon",
        "receipts.due",
        0,
        "not planned on",
        edit("receipts", {"reference": "PO-1"}, due="2023-07-31"),
    ),
    Case(
        "receipts_that_are_not_firm",
        "receipt-not-firm",
        "receipts.firm",
        0,
        "'no' 300 display for chennai",
        edit("receipts", {"reference": "PO-1"}, firm="no"),
    ),
    Case(
        "demand_before_the_start",
        "demand-overdue",
        "demand.due",
        3,
        "first bucket",
        edit("demand", {"demand": "IN-a-1"}, due="2023-06-04"),
    ),
    Case(
        "demand_after_the_horizon",
        "demand-after-horizon",
        "demand.due",
        4,
        "not planned",
        edit("demand", {"demand": "IN-a-2"}, due="2023-07-31"),
    ),
    Case(
        "demand_that_costs_nothing_to_lose",
        "demand-free-to-lose",
        "demand.lost_cost",
        4,
        "losing IN-a-2 costs nothing",
        edit("demand", {"demand": "IN-a-2"}, lost_cost=0),
    ),
    Case(
        "part_deliveries_larger_than_demand",
        "min-shipment-above-quantity",
        "demand.min_shipment",
        4,
        "more than the whole quantity, 700",
        edit("demand", {"demand": "IN-a-2"}, min_shipment=701),
    ),
    Case(
        "demand_out_of_reach",
        "demand-too-early",
        "demand.due",
        5,
        "phone-b can be at india on 2023-06-13 at the earliest",
        edit("demand", {"demand": "IN-b-1"}, due="2023-06-11", max_late_days=0),
    ),
    Case(
        "contracts_on_item_and_family",
        "contract-on-item-and-family",
        "contracts.family",
        0,
        "names the item phone-a too",
        add("contracts", PHONES | {"item": "phone-a"}),
    ),
    Case(
        "contract_minima_above_maxima",
        "contract-minimum-above-maximum",
        "contracts.min",
        0,
        "is above max, 5",
        add("contracts", PHONES | {"min": 10, "max": 5}),
    ),
    Case(
        "contract_minima_above_maxima",
        "contract-minimum-above-maximum",
        "contracts.min_share",
        0,
        "is above max_share, 0.2",
        add("contracts", PHONES | {"min_share": 0.4, "max_share": 0.2}),
    ),
    Case(
        "contract_shares_above_one",
        "contract-shares-above-one",
        "contracts.min_share",
        1,
        "the least shares of boards, boards-2 add up to 1.1",
        chain(
            add("partners", SECOND_EMS),
            add("sites", SECOND_PLANT),
            add("operations", SECOND_BOARD),
            add(
                "contracts",
                {"contract": "boards", "partner": "ems", "item": "board", "min_share": 0.6},
                {"contract": "boards-2", "partner": "ems2", "item": "board", "min_share": 0.5, "from": "2023-07-03"},
            ),
        ),
    ),
    Case(
        "contracts_outside_the_horizon",
        "contract-outside-horizon",
        "contracts.from",
        0,
        "does not hold on any day from 2023-06-05 until 2023-07-31",
        add("contracts", PHONES | {"from": "2023-07-31"}),
    ),
    Case(
        "contracts_that_cover_nothing",
        "contract-covers-nothing",
        "contracts.partner",
        0,
        "no site of csot builds or sells phone",
        add("contracts", PHONES | {"partner": "csot"}),
    ),
    Case(
        "tiers_of_no_ladder",
        "tier-of-none",
        "tiers.contract",
        0,
        "neither a contract nor an offer",
        add("tiers", STEP | {"offer": None}),
    ),
    Case(
        "tiers_of_no_ladder",
        "tier-of-two",
        "tiers.offer",
        0,
        "names the contract ems-phones too",
        chain(add("contracts", PHONES), add("tiers", STEP | {"contract": "ems-phones"})),
    ),
    Case(
        "ladders_without_foot",
        "ladder-without-foot",
        "tiers.from_quantity",
        0,
        "'1000' is the lowest step",
        add("tiers", STEP | {"from_quantity": 1000}, STEP | {"from_quantity": 2000, "price": 400}),
    ),
    Case(
        "ladders_of_two_kinds",
        "ladder-of-two-kinds",
        "tiers.kind",
        0,
        "mixes all_unit and incremental",
        add("tiers", STEP, STEP | {"from_quantity": 2000, "price": 400, "kind": "incremental"}),
    ),
    Case(
        "ladders_in_two_currencies",
        "ladder-in-two-currencies",
        "tiers.currency",
        0,
        "mixes currencies",
        add("tiers", STEP, STEP | {"from_quantity": 2000, "price": 5, "currency": "USD"}),
    ),
    Case(
        "ladders_that_rise",
        "ladder-rises",
        "tiers.price",
        1,
        "'501' is above the price of the step below, 500",
        add("tiers", STEP, STEP | {"from_quantity": 2000, "price": 501}),
    ),
    Case(
        "scopes_that_cannot_be_read",
        "unreadable-scope",
        "targets.scope",
        0,
        "a scope has no name 'famly' (did you mean family?)",
        add("targets", TARGET | {"scope": "famly=phone"}),
    ),
    Case(
        "scopes_that_name_nothing",
        "scope-names-nothing",
        "targets.scope",
        0,
        "no family is called 'phones' (did you mean phone?)",
        add("targets", TARGET | {"scope": "site=noida; family=phones"}),
    ),
    Case(
        "markets_of_builds_and_buys",
        "market-of-builds",
        "targets.scope",
        0,
        "what units_built measures has no market",
        add("targets", TARGET | {"metric": "units_built", "scope": "market=hamburg", "at_least": 1}),
    ),
    Case(
        "shares_above_one",
        "share-above-one",
        "targets.at_least",
        0,
        "'30' is more than everything",
        add("targets", TARGET | {"metric": "export_share", "at_least": 30}),
    ),
    Case(
        "targets_outside_the_horizon",
        "target-outside-horizon",
        "targets.from",
        0,
        "does not hold on any day",
        add("targets", TARGET | {"until": "2023-06-04"}),
    ),
    Case(
        "locks_without_an_amount",
        "lock-without-amount",
        "locks.fixed",
        0,
        "the lock l has no amount",
        add("locks", LOCK | {"fixed": None}),
    ),
    Case(
        "locks_that_are_fixed_twice",
        "lock-fixed-and-limited",
        "locks.fixed",
        0,
        "has min or max too",
        add("locks", LOCK | {"min": 0}),
    ),
    Case(
        "lock_minima_above_maxima",
        "lock-minimum-above-maximum",
        "locks.min",
        0,
        "is above max, 3 (swap them)",
        add("locks", LOCK | {"fixed": None, "min": 4, "max": 3}),
    ),
    Case(
        "lock_columns_of_another_kind",
        "lock-column-of-another-kind",
        "locks.offer",
        0,
        "a lock of the kind build has no offer (clear it, or make the kind buy)",
        add("locks", LOCK | {"offer": "battery-in"}),
    ),
    Case(
        "locks_outside_the_horizon",
        "lock-outside-horizon",
        "locks.from",
        0,
        "it is not planned with",
        add("locks", LOCK | {"until": "2023-06-04"}),
    ),
    Case(
        "locks_that_the_horizon_cuts",
        "lock-cut-by-horizon",
        "locks.from",
        0,
        "is before the plan's start, 2023-06-05: the whole amount falls into the part that is planned",
        add("locks", LOCK | {"from": "2023-06-01", "until": "2023-06-18"}),
    ),
    Case(
        "locks_that_cut_a_bucket",
        "lock-cuts-a-bucket",
        "locks.until",
        0,
        "ends inside a bucket of the plan (write 2023-06-11 or 2023-06-18",
        add("locks", LOCK | {"until": "2023-06-14"}),
    ),
    Case(
        "locks_on_nothing",
        "lock-on-nothing",
        "locks.lock",
        0,
        "locks what no operation builds in its window: board at chennai (it is built at noida",
        add("locks", LOCK | {"item": "board", "site": "chennai"}),
    ),
    Case(
        "locks_on_nothing",
        "lock-on-nothing",
        "locks.lock",
        0,
        "locks what no lane carries in its window: board from noida to india by air",
        add("locks", LOCK | {"kind": "ship", "item": "board", "destination": "india", "mode": "air"}),
    ),
    Case(
        "locks_on_nothing",
        "lock-on-nothing",
        "locks.lock",
        0,
        "locks what no offer sells in its window: chip for noida (it is sold to wuhan",
        add("locks", LOCK | {"kind": "buy", "item": "chip"}),
    ),
    Case(
        "locks_that_contradict",
        "locks-contradict",
        "locks.lock",
        1,
        "asks for 300 units, and the lock l, which covers them too, allows 200",
        add(
            "locks",
            LOCK | {"item": None, "fixed": None, "max": 100, "per": "week"},
            LOCK | {"lock": "m", "from": "2023-06-12", "until": "2023-06-25"},
        ),
    ),
    Case(
        "options_that_open_nothing",
        "option-opens-nothing",
        "options.option",
        0,
        "named by no row",
        add("options", LINE),
    ),
    Case(
        "options_beyond_the_horizon",
        "option-after-horizon",
        "options.earliest",
        0,
        "can never be taken",
        chain(add("options", LINE | {"earliest": "2023-07-25"}), add("resources", NEW_LINE)),
    ),
    Case(
        "options_beyond_the_horizon",
        "option-never-ready",
        "options.ready_days",
        0,
        "line is ready only after",
        chain(add("options", LINE | {"ready_days": 56}), add("resources", NEW_LINE)),
    ),
]

WITH_COMPANY = {
    # nothing can trip these alone: what they find makes something else wrong too
    "no_demand": "no-demand",
    "items_that_nobody_supplies": "nobody-supplies",
    "contracts_on_an_unknown_family": "contract-on-unknown-family",
}


def test_the_small_network_has_no_issue() -> None:
    assert check(small_network()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.place}")
def test_a_check_finds_its_mistake_and_no_other_does(case: Case) -> None:
    network = case.spoil(small_network())
    found = check(network)
    assert [(issue.code, issue.row) for issue in found] == [(case.code, case.row)], "\n".join(map(str, found))
    assert ".".join(filter(None, (found[0].table, found[0].column))) == case.place
    assert case.says in str(found[0])


def test_every_check_has_a_case() -> None:
    tested = {f"check_for_{case.check}" for case in CASES} | {f"check_for_{name}" for name in WITH_COMPANY}
    known = {one.__name__ for one in (*checks.FIRST, *checks.SECOND, *checks.LAST)}
    assert tested == known
    assert all(inspect.getdoc(one) for one in (*checks.FIRST, *checks.SECOND, *checks.LAST))


def test_a_network_that_nobody_wants_anything_of_will_have_an_empty_plan() -> None:
    found = check(with_rows(small_network(), "demand"))
    assert [issue.code for issue in found] == ["nobody-needs", "nobody-needs", "no-demand"]
    assert str(found[-1]).startswith("demand: warning: nobody wants anything within the plan")


def test_an_item_that_nobody_supplies_is_named_with_the_demand_that_it_breaks() -> None:
    network = drop_rows(small_network(), "sources", offer="battery-in")
    lines = [str(issue) for issue in check(network)]
    assert lines[0] == (
        "items record 6, column item: 'battery' is needed for phone-a, but nobody makes, buys or has it "
        "(add it to sources or operations)"
    )
    assert lines[1].startswith("demand record 3, column market: 'hamburg' phone-b cannot reach hamburg: ")
    assert "phone-b at noida needs battery; battery: nobody makes, buys or has it" in lines[1]


def test_a_contract_on_an_unknown_family_covers_nothing_either() -> None:
    network = add_rows(small_network(), "contracts", PHONES | {"family": "fone"})
    assert [issue.code for issue in check(network)] == ["contract-on-unknown-family", "contract-covers-nothing"]


def test_demand_without_a_lane_is_an_error_that_says_where_the_goods_are() -> None:
    network = drop_rows(small_network(), "lanes", destination="hamburg")
    found = check(network)
    assert [(issue.code, issue.severity, issue.row) for issue in found] == [
        ("demand-without-route", "error", row) for row in (0, 1, 2)
    ]
    assert "phone-a can be at chennai, india, mumbai and elsewhere, but no lane leads on to hamburg" in str(found[0])


def test_demand_that_an_option_alone_can_reach_has_a_route() -> None:
    network = add_rows(small_network(), "options", {"option": "air", "ready_days": 3})
    network = edit_rows(network, "lanes", {"destination": "hamburg"}, option="air")
    assert check(network) == []


def test_issues_are_sorted_by_table_row_and_column() -> None:
    network = with_settings(small_network(), home_country="india")
    network = edit_rows(network, "demand", {"demand": "IN-a-2"}, due="2023-07-31", min_shipment=800)
    network = edit_rows(network, "items", {"item": "battery"}, value=0)
    assert [issue.code for issue in check(network)] == [
        "malformed-country",
        "item-without-value",
        "demand-after-horizon",
        "min-shipment-above-quantity",
    ]


def test_broken_references_do_not_drown_in_demand_without_route() -> None:
    network = edit_rows(small_network(), "boms", {"component": "chip"}, component="chp")
    assert {issue.code for issue in check(network)} == {"dangling-reference", "nobody-needs"}

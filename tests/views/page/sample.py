"""A report with a chart of every kind, with names that are no names."""

from __future__ import annotations

from boxbuild.views.charts import Chart, Choice, Report, Section

NASTY = '</script><img src=x onerror="boom()"> {b|c} & "q" \u2028 \'=1+1\''
WEEKS = [f"2023-{month:02d}-{day:02d}" for month in (6, 7, 8) for day in (5, 12, 19, 26)]


def sample() -> Report:
    """Return the report."""
    head = Section("exceptions", "What needs a decision", (_facts(), _table(), _long_table()))
    flow = Section("network", "Where it flows", (_map(), _sankey()))
    make = Section("make", "Who builds what", (_bars(), _many(), _heat(), _stock()))
    cost = Section("cost", "What it costs", (_waterfall(), _tree()))
    return Report(
        f"Plan of {NASTY}", "base plan", (head, flow, make, cost), {"input hash": "ab" * 32, "network": NASTY}
    )


def _facts() -> Chart:
    facts = [
        {"name": "Late or short", "value": "3 demands", "status": "bad", "note": "12,400 units, 1.2 % of all"},
        {"name": "Lines full", "value": "2 of 14", "status": "warn", "note": "sriperumbudur-smt from 2023-07-03"},
        {"name": "Audit", "value": "passed", "status": "good", "note": "34 checks"},
        {"name": NASTY, "value": NASTY, "status": "none", "note": NASTY},
    ]
    return Chart("head", "facts", "At a glance", "Three demands are late or short.", "", {"facts": facts})


def _table() -> Chart:
    columns = [
        {"name": "what", "title": "What", "kind": "text", "decimals": None},
        {"name": "due", "title": "Due", "kind": "date", "decimals": None},
        {"name": "units", "title": "Units", "kind": "number", "decimals": 0},
        {"name": "money", "title": "Money", "kind": "money", "decimals": 2},
        {"name": "share", "title": "Share", "kind": "percent", "decimals": 1},
        {"name": "state", "title": NASTY, "kind": "status", "decimals": None},
    ]
    rows = [
        ["phone at in-north", "2023-07-03", 12400, 1234567.891, 0.0123, "bad: short"],
        [NASTY, None, 0, None, 0.9999, "warn: nearly"],
        ["tv at in-west", "2023-07-10", 1.5, 0.25, 1.0, "good: met"],
    ]
    return Chart("late", "table", "Late and short", "Two of 1,456 demands.", "", {"columns": columns, "rows": rows})


def _long_table() -> Chart:
    columns = [
        {"name": "order", "title": "Order", "kind": "text", "decimals": None},
        {"name": "due", "title": "Due", "kind": "date", "decimals": None},
        {"name": "units", "title": "Units", "kind": "number", "decimals": 0},
        {"name": "state", "title": "State", "kind": "status", "decimals": None},
    ]
    states = ("bad: late", "good: on time", "warn: tight", None)

    def rows(start: int) -> list[list[object]]:
        return [
            [f"order {start + n}" if n else NASTY, WEEKS[n % 12], (n * 7919) % 10007 or None, states[n % 4]]
            for n in range(250)
        ]

    choices = (Choice("first", {"rows": rows(0)}), Choice("second", {"rows": rows(1000)}, "The second 250."))
    return Chart("orders", "table", "Orders", "250 orders.", "", {"columns": columns, "rows": rows(0)}, "book", choices)


def _map() -> Chart:
    coast = [
        [[66, 24], [72, 20], [77, 8], [80, 15], [88, 22], [92, 22], [80, 30], [70, 30], [66, 24]],
        [[-50, 0], [-35, -8], [-40, -22], [-58, -34], [-70, -18], [-78, 0], [-60, 8], [-50, 0]],
        [[100, 20], [110, 20], [122, 30], [118, 38], [100, 40], [90, 30], [100, 20]],
    ]
    places = [
        {
            "name": "a",
            "title": "sriperumbudur",
            "kind": "plant",
            "longitude": 79.9,
            "latitude": 12.9,
            "country": "IN",
            "value": 9e6,
        },
        {
            "name": "b",
            "title": NASTY,
            "kind": "supplier",
            "longitude": 114.0,
            "latitude": 22.5,
            "country": "CN",
            "value": 4e6,
        },
        {
            "name": "c",
            "title": "brazil",
            "kind": "market",
            "longitude": -46.6,
            "latitude": -23.5,
            "country": "BR",
            "value": 1e6,
        },
        {
            "name": "d",
            "title": "noida",
            "kind": "plant",
            "longitude": 77.4,
            "latitude": 28.5,
            "country": "IN",
            "value": 2e6,
        },
        {
            "name": "e",
            "title": "singapore hub",
            "kind": "hub",
            "longitude": 103.8,
            "latitude": 1.3,
            "country": "SG",
            "value": 1e5,
        },
    ]
    flows = [
        {"origin": "b", "destination": "a", "mode": "sea", "units": 9e6, "money": 5e9},
        {"origin": "b", "destination": "d", "mode": "air", "units": 1e6, "money": 1e9},
        {"origin": "a", "destination": "c", "mode": "sea", "units": 2e5, "money": 2e9},
        {"origin": "e", "destination": "a", "mode": NASTY, "units": 1e5, "money": 2e8},
    ]
    data = {"coast": coast, "places": places, "flows": flows}
    return Chart("map", "map", "The network", "Most parts come from one place.", "INR", data)


def _sankey() -> Chart:
    nodes = [
        {"name": "s1", "title": "chips-tw", "layer": 0},
        {"name": "s2", "title": NASTY, "layer": 0},
        {"name": "p1", "title": "sriperumbudur", "layer": 1},
        {"name": "p2", "title": "noida", "layer": 1},
        {"name": "f1", "title": "phone-budget", "layer": 2},
        {"name": "m1", "title": "in-north", "layer": 3},
        {"name": "m2", "title": "brazil", "layer": 3},
    ]
    links = [
        {"source": "s1", "target": "p1", "value": 5e9},
        {"source": "s2", "target": "p1", "value": 3e9},
        {"source": "s2", "target": "p2", "value": 1e9},
        {"source": "p1", "target": "f1", "value": 8e9},
        {"source": "p2", "target": "f1", "value": 1e9},
        {"source": "f1", "target": "m1", "value": 6e9},
        {"source": "f1", "target": "m2", "value": 3e9},
    ]
    half = [{**link, "value": link["value"] / 2e3} for link in links]
    choices = (
        Choice("money", {"links": links}),
        Choice("units", {"links": half}, "In units it is half.", "units"),
    )
    return Chart(
        "flow",
        "sankey",
        "From parts to markets",
        "INR 9.00 bn flows.",
        "INR",
        {"nodes": nodes, "links": links},
        "measure",
        choices,
    )


def _bars() -> Chart:
    series = [
        {"name": name, "values": [(k * 37 + n * 11) % 50 * 1000.0 for n in range(12)]}
        for k, name in enumerate(("sri-city", "noida", NASTY))
    ]
    other = [{"name": "noida", "values": [1000.0 * n for n in range(12)]}]
    data = {"across": WEEKS, "series": series, "stacked": True, "limit": [120000.0] * 6 + [None] * 6}
    choices = (Choice("phone-budget", data), Choice(NASTY, {"series": other, "limit": None}, "Only noida builds it."))
    return Chart(
        "builds-by-week", "bars", "Builds by week", "Two sites build 1.2 m units.", "units", data, "product", choices
    )


def _many() -> Chart:
    series = [{"name": f"line {k}", "values": [float((k * 7 + n * 3) % 20) for n in range(12)]} for k in range(12)]
    return Chart(
        "many",
        "bars",
        "More series than colours",
        "Twelve lines.",
        "hours",
        {"across": WEEKS, "series": series, "stacked": True, "limit": None},
    )


def _heat() -> Chart:
    down = ["smt-1", "smt-2", NASTY]
    values = [
        [x, y, None if (x + y) % 7 == 6 else ((x * 13 + y * 29) % 110) / 100] for x in range(12) for y in range(3)
    ]
    return Chart(
        "load",
        "heat",
        "Load of lines",
        "smt-1 is full in two weeks.",
        "",
        {"across": WEEKS, "down": down, "values": values, "kind": "load"},
    )


def _stock() -> Chart:
    series = [
        {"name": "need", "values": [100.0 * n for n in range(12)], "kind": "bar", "stack": None},
        {"name": "receipts", "values": [90.0 * n for n in range(12)], "kind": "line", "stack": None},
        {
            "name": "stock",
            "values": [None if n == 5 else 5000.0 - 300 * n for n in range(12)],
            "kind": "area",
            "stack": None,
        },
    ]
    return Chart(
        "stock",
        "lines",
        "Stock and receipts against need",
        "Stock falls to 1,700.",
        "units",
        {"across": WEEKS, "series": series},
    )


def _waterfall() -> Chart:
    steps = [
        {"name": "material", "value": 8000.0, "kind": "step"},
        {"name": "conversion", "value": 700.5, "kind": "step"},
        {"name": "duty", "value": 400.25, "kind": "step"},
        {"name": "drawback", "value": -160.75, "kind": "step"},
        {"name": NASTY, "value": 0.0, "kind": "step"},
        {"name": "landed", "value": 8940.0, "kind": "total"},
    ]
    return Chart("landed", "waterfall", "Landed cost of a unit", "INR 8,940.00 a unit.", "INR", {"steps": steps})


def _tree() -> Chart:
    leaf = {"name": NASTY, "value": "10 units", "note": NASTY, "children": []}
    roots = [
        {
            "name": "phone at in-north",
            "value": "100 units",
            "note": "due 2023-07-03",
            "children": [{"name": "order 7", "value": "60 units", "note": "", "children": [leaf]}, leaf],
        }
    ]
    return Chart("pegging", "tree", "Where it comes from", "Two orders.", "", {"roots": roots})

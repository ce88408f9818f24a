"""Layer: the columns of what is under an export scheme, a part of the flows that they lie over.

A *stream* is a plant and a scheme that it may work under. A stream has an item where the item arrives at the plant
paying what the scheme spares, or is built there from what the stream has, or comes built from another plant's stream
of the same scheme; and where it can still end in an export. Without a stream there is no column.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from boxbuild.law.schemes import rows
from boxbuild.model.columns import number
from boxbuild.model.constraints.exempt import worth
from boxbuild.model.constraints.exempt.territory import abroad_sites, home_sites, made_at_home, reached
from boxbuild.model.flows import BUILD, Flows
from boxbuild.network.windows import buckets_frame, effective

NODE: Final = ["scheme", "site", "item"]
LANE: Final = ["origin", "destination", "mode", "lane_item"]

_TEXT, _WHOLE, _NUMBER = pl.String(), pl.Int64(), pl.Float64()
_TYPES: Final[Mapping[str, pl.DataType]] = {
    **dict.fromkeys(("bucket", "flow", "lead_days"), _WHOLE),
    **dict.fromkeys(("saving", "cif", "forgone", "fob", "per_unit", "yield", "limit", "upper"), _NUMBER),
    "imported": pl.Boolean(),
    "made": pl.Boolean(),
}
_COLUMNS: Final = {
    "exempt_buy": "scheme offer destination item bucket lead_days limit flow saving cif",
    "exempt_ship": "scheme origin destination mode lane_item item bucket lead_days limit flow saving cif fob imported",
    "exempt_build": "scheme site item option bucket lead_days yield flow",
    "exempt_use": "scheme site parent option group component bucket per_unit",
    "exempt_keep": "scheme item site bucket made upper",
    "exempt_export": "scheme site origin destination mode lane_item item bucket flow forgone fob",
    "duty_paid": "item bucket",
}
SCHEMAS: Final[Mapping[str, pl.Schema]] = {
    kind: pl.Schema({name: _TYPES.get(name, _TEXT) for name in names.split()}) for kind, names in _COLUMNS.items()
}
"""What each kind of column of the layer carries; ``flow`` is the number of the column that it is a part of."""


def exempt_columns(flows: Flows) -> dict[str, pl.DataFrame]:
    """Return the columns of the exempt layer; empty frames where no plant works under a scheme.

    Returns
    -------
    dict
        A frame for each kind of :data:`SCHEMAS`.
    """
    nothing = {kind: schema.to_frame() for kind, schema in SCHEMAS.items()}
    if flows.law.off:
        return nothing
    streams = open_streams(flows)
    if streams.is_empty():
        return nothing
    columns = number(flows.kinds)
    imports = _imports(flows, columns, streams)
    moves = _moves(flows, columns, streams)
    nodes = _nodes(flows, streams, imports, moves)
    if nodes.is_empty():
        return nothing
    made = made_at_home(flows.network)
    keep = nodes.join(buckets_frame(flows.calendar).select("bucket"), how="cross", maintain_order="left_right")
    last = pl.col("bucket") == flows.calendar.count - 1
    build = _builds(columns, streams, nodes, flows)
    found = {
        "exempt_buy": _at(imports.filter(kind="buy").drop("origin"), nodes).join(
            columns["buy"].select("offer", "lead_days", "per_week", "days", flow="column"), on="flow"
        ),
        "exempt_ship": _at(
            pl.concat([imports.filter(kind="ship"), _built(moves, nodes, build)], how="diagonal_relaxed"), nodes
        ).join(columns["ship"].select("mode", "lane_item", "lead_days", "per_week", "days", flow="column"), on="flow"),
        "exempt_build": build,
        "exempt_use": _uses(flows, build, nodes),
        "exempt_keep": keep.with_columns(
            made=pl.col("item").is_in(made), upper=pl.when(last).then(0.0).otherwise(float("inf"))
        ),
        "exempt_export": _exports(flows, columns, build),
        "duty_paid": keep.filter(pl.col("item").is_in(made)).select("item", "bucket").unique(),
    }
    return {kind: _conform(kind, frame) for kind, frame in found.items()}


def open_streams(flows: Flows) -> pl.DataFrame:
    """Return ``scheme``, ``site``, ``bucket`` and ``option``: in which buckets a stream is open.

    A stream that is open anyway has one row with a null option; else a row for each option that may open it.
    """
    held = effective(rows(flows.network), flows.calendar).select("scheme", "site", "bucket", "option").unique()
    free = held.filter(pl.col("option").is_null())
    gated = held.join(free, on=["scheme", "site", "bucket"], how="anti")
    return pl.concat([free, gated]).sort("scheme", "site", "bucket", "option")


def _imports(flows: Flows, columns: Mapping[str, pl.DataFrame], streams: pl.DataFrame) -> pl.DataFrame:
    """What arrives at a stream's plant from outside the home territory and pays what the scheme spares."""
    home = home_sites(flows.network)
    saved = worth.savings(flows, columns).join(worth.cif(flows, columns), on=["kind", "flow"], how="left")
    arrives = pl.concat(
        [
            columns["buy"].select("destination", "item", "bucket", kind=pl.lit("buy"), flow="column"),
            columns["ship"]
            .filter(~pl.col("origin").is_in(home))
            .select("destination", "item", "bucket", "origin", kind=pl.lit("ship"), flow="column"),
        ],
        how="diagonal",
    )
    buckets = streams.select("scheme", "bucket", destination="site").unique()
    found = arrives.join(saved, on=["kind", "flow"]).join(buckets, on=["scheme", "destination", "bucket"], how="semi")
    return found.with_columns(site="destination", imported=True, fob=None)


def _moves(flows: Flows, columns: Mapping[str, pl.DataFrame], streams: pl.DataFrame) -> pl.DataFrame:
    """What goes from a stream's plant to another plant's of the same scheme."""
    buckets = streams.select("scheme", "bucket", "site").unique()
    home = home_sites(flows.network)
    ship = columns["ship"].filter(pl.col("origin").is_in(home))
    ship = ship.select("origin", "destination", "item", "bucket", flow="column")
    both = ship.join(buckets.rename({"site": "destination"}), on=["destination", "bucket"]).join(
        buckets.rename({"site": "origin"}), on=["scheme", "origin", "bucket"], how="semi"
    )
    worths = worth.fob(flows, columns)
    return both.join(worths, on="flow").with_columns(
        kind=pl.lit("ship"), site="destination", imported=False, saving=0.0, cif="fob"
    )


def _nodes(flows: Flows, streams: pl.DataFrame, imports: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """The items of each stream: what it can have, as far as an export can come of it."""
    sites = streams.select("scheme", "site").unique()
    recipes = flows.needs.select("site", "component", parent="item").unique().join(sites, on="site")
    lanes = moves.select("scheme", "origin", "site", "item").unique()
    have = imports.select(NODE).unique()
    made = have.clear()
    while True:
        built = have.join(recipes, left_on=NODE, right_on=["scheme", "site", "component"])
        made = pl.concat([made, built.select("scheme", "site", item="parent")]).unique()
        carried = made.join(lanes, left_on=NODE, right_on=["scheme", "origin", "item"])
        arrived = carried.select("scheme", "item", site="site_right").select(NODE) if carried.height else have.clear()
        grown = pl.concat([have, made, arrived]).unique()
        if grown.height == have.height:
            break
        have = grown
    wanted = made.join(_leaving(flows), on=["site", "item"], how="semi")
    while True:
        parts = wanted.join(recipes, left_on=NODE, right_on=["scheme", "site", "parent"])
        sent = lanes.join(wanted, on=NODE, how="semi").select("scheme", "item", site="origin").select(NODE)
        more = pl.concat([parts.select("scheme", "site", item="component"), sent.join(made, on=NODE, how="semi")])
        grown = pl.concat([wanted, more.join(have, on=NODE, how="semi")]).unique()
        if grown.height == wanted.height:
            return wanted.sort(NODE)
        wanted = grown


def _leaving(flows: Flows) -> pl.DataFrame:
    """Return ``site``, ``item`` and ``origin``: from where at home an item that is built at a site is exported."""
    ship = flows.kinds["ship"].filter(pl.col("destination").is_in(abroad_sites(flows.network)))
    return reached(flows).join(ship.select("item", "origin").unique(), on=["item", "origin"], how="semi")


def _at(frame: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    return frame.join(nodes, on=NODE, how="semi")


def _built(moves: pl.DataFrame, nodes: pl.DataFrame, build: pl.DataFrame) -> pl.DataFrame:
    """Moves of what the origin's stream has built, to where the destination's has it."""
    made = build.select("scheme", "item", origin="site").unique()
    return moves.join(made, on=["scheme", "origin", "item"], how="semi").join(nodes, on=NODE, how="semi")


def _builds(
    columns: Mapping[str, pl.DataFrame], streams: pl.DataFrame, nodes: pl.DataFrame, flows: Flows
) -> pl.DataFrame:
    """Builds in an open bucket of what the stream has, from something that it has."""
    parts = nodes.rename({"item": "component"})
    fed = flows.needs.join(parts, on=["site", "component"]).select("scheme", *BUILD).unique()
    builds = columns["build"].select(*BUILD, "lead_days", "yield", flow="column")
    open_ = streams.select("scheme", "site", "bucket").unique()
    return (
        builds.join(fed, on=BUILD, nulls_equal=True)
        .join(open_, on=["scheme", "site", "bucket"], how="semi")
        .join(nodes, on=NODE, how="semi")
    )


def _uses(flows: Flows, build: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    parts = nodes.rename({"item": "component"})
    taken = flows.needs.join(build.select("scheme", *BUILD), on=BUILD, nulls_equal=True)
    return taken.join(parts, on=["scheme", "site", "component"], how="semi").rename({"item": "parent"})


def _exports(flows: Flows, columns: Mapping[str, pl.DataFrame], build: pl.DataFrame) -> pl.DataFrame:
    made = build.select(NODE).unique().join(_leaving(flows), on=["site", "item"])
    ship = columns["ship"].filter(pl.col("destination").is_in(abroad_sites(flows.network)))
    ship = ship.select(*LANE, "item", "bucket", flow="column").join(worth.fob(flows, columns), on="flow")
    given_up = worth.forgone(flows, columns)
    return (
        made.join(ship, on=["item", "origin"])
        .join(given_up, on=["flow", "scheme"], how="left")
        .with_columns(pl.col("forgone").fill_null(0.0))
    )


def _conform(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = SCHEMAS[kind]
    if "limit" in schema:
        frame = frame.with_columns(limit=pl.col("per_week") * pl.col("days") / 7)
    keys = [name for name in schema if name in _KEYS]
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(keys)


_KEYS: Final = {"scheme", "site", "parent", "option", "group", "component", "offer", "item", "bucket", *LANE}

"""One change on one line."""

import pytest
from tests.building import small_network

from boxbuild.errors import UsageError
from boxbuild.network.changes import Change, apply_changes, parse_assignment


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (
            "resources.noida-final.per_week=120",
            Change("resources", {"resource": "noida-final"}, set={"per_week": "120"}),
        ),
        ("resources.noida-*.per_week=-20%", Change("resources", {"resource": "noida-*"}, scale={"per_week": 0.8})),
        (
            "resources.noida-final.per_week=+20%",
            Change("resources", {"resource": "noida-final"}, scale={"per_week": 1.2}),
        ),
        ("demand.*.quantity=*1.5", Change("demand", {"demand": "*"}, scale={"quantity": 1.5})),
        ("receipts.PO-1.due=+14", Change("receipts", {"reference": "PO-1"}, plus={"due": 14.0})),
        (
            "uses.site=noida,item=board.quantity=0.03",
            Change("uses", {"site": "noida", "item": "board"}, set={"quantity": "0.03"}),
        ),
        ("items.phone.v2.value=9", Change("items", {"item": "phone.v2"}, set={"value": "9"})),
        (
            "targets.t.scope=family=phone; site=noida",
            Change("targets", {"target": "t"}, set={"scope": "family=phone; site=noida"}),
        ),
        ("sites.noida.name=+91 Noida", Change("sites", {"site": "noida"}, set={"name": "+91 Noida"})),
        ("settings.buckets=8w", Change("settings", set={"buckets": "8w"})),
        ("lanes.mode=air.per_unit=*2", Change("lanes", {"mode": "air"}, scale={"per_unit": 2.0})),
    ],
)
def test_an_assignment_is_one_change(text: str, change: Change) -> None:
    found = parse_assignment(text)
    assert (found.table, found.where, found.set, found.scale, found.plus) == (
        change.table,
        change.where,
        change.set,
        change.scale,
        change.plus,
    )
    assert found.because == f"--set {text}"


def test_an_assignment_can_be_applied() -> None:
    network = apply_changes(small_network(), [parse_assignment("resources.noida-final.per_week=-20%")])
    assert network["resources"]["per_week"].to_list() == [80, 60, 80]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("per_week=3", "write table.row.column=value"),
        ("resource.x.per_week=3", "there is no table resource (did you mean resources?)"),
        ("resources.x.per_weak=3", "per_weak is not a column of resources (did you mean per_week?)"),
        ("resources.x.per_week=many", "many is not a number"),
        ("resources.sight=noida.per_week=1", "sight is not a column of resources (did you mean site?)"),
    ],
)
def test_an_assignment_of_another_form_says_why(text: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_assignment(text)
    assert says in str(raised.value)

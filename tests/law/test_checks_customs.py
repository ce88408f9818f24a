"""What is wrong with what a network imports is said before it is planned, with the row that it stands in."""

from __future__ import annotations

from dataclasses import replace

from tests.building import add_rows, drop_rows, edit_rows
from tests.customs_network import customs_network

from boxbuild.law.checks import find
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def of(network: Network, code: str) -> list[Issue]:
    return [issue for issue in find(network) if issue.code == code]


def test_a_right_network_has_nothing_to_be_said() -> None:
    """Everything that it imports has a rate, and the law changes only where a bucket begins."""
    assert find(customs_network()) == []


def test_goods_without_a_rate() -> None:
    """A form that no parameter asks for has no rate; the hint names the parameters that are near."""
    network = edit_rows(customs_network(), "sources", {"offer": "display-cn"}, form="test_bear")
    (issue,) = of(network, "no-rate-of-duty")
    assert (issue.severity, issue.table, issue.row, issue.column) == ("error", "sources", 0, "item")
    assert "display (hs 85177990, form test_bear, origin CN) into IN" in issue.reason
    assert "in.bcd.test_display asks for hs 85177990, form test_bare" in issue.hint
    (claim,) = of(network, "unknown-claim")
    assert (claim.severity, claim.value, claim.hint) == ("warning", "test_bear", "did you mean test_bare?")


def test_a_row_of_duties_is_a_rate() -> None:
    """What the book does not have may stand in the table; without its row the chips on the lane have no rate."""
    (issue,) = of(drop_rows(customs_network(), "duties", hs="8542"), "no-rate-of-duty")
    assert (issue.table, issue.row) == ("lanes", 0)
    assert "chip (hs 85423100, origin CN) into IN" in issue.reason
    network = edit_rows(customs_network(), "sources", {"offer": "display-cn"}, form=None)
    assert of(network, "no-rate-of-duty")
    rated = add_rows(network, "duties", {"country": "IN", "hs": "85177990", "rate": "0.1"})
    assert not of(rated, "no-rate-of-duty")


def test_what_the_country_makes_needs_no_rate() -> None:
    """Goods of the country of destination pay nothing there, whatever their form."""
    network = edit_rows(customs_network(), "sources", {"offer": "display-cn"}, form="test_bear", origin="IN")
    assert not of(network, "no-rate-of-duty")


def test_law_that_changes_inside_a_bucket() -> None:
    """The day of the change is named; only what is imported counts."""
    network = customs_network(buckets="2m")
    (issue,) = of(network, "law-inside-bucket")
    assert issue.severity == "warning"
    assert "in.bcd.test_display changes from 10 to 5 on 2023-06-26" in issue.reason
    elsewhere = edit_rows(network, "sources", {"offer": "display-cn"}, origin="IN")
    assert not of(elsewhere, "law-inside-bucket")


def test_benefits_in_rupees_need_a_rate_of_exchange() -> None:
    """A plan in another currency has to say what a rupee is worth."""
    network = customs_network(home_currency="USD")
    network = network.with_table("rates", network.tables["rates"].clear())
    (issue,) = of(network, "no-rupee")
    assert (issue.severity, issue.table) == ("error", "rates")


def test_law_that_cannot_be_read_is_said() -> None:
    """The mistakes of the project's own files are issues like any other."""
    broken = replace(customs_network(), law_files={"own.yaml": "in.bcd.x:\n  levy: bcd\n"})
    assert find(broken)
    assert all(issue.file.endswith("own.yaml") for issue in find(broken))


def test_only_the_book_is_checked() -> None:
    """A plan by the table alone, or by no law, asks nothing of the book."""
    network = edit_rows(customs_network(), "sources", {"offer": "display-cn"}, form="test_bear")
    for law in ("tables", "off"):
        assert find(replace(network, settings=replace(network.settings, law=law))) == []

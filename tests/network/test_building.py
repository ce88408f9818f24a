"""The small network is what it says it is."""

from tests.building import START, add_rows, drop_rows, edit_rows, small_network


def test_the_small_network_covers_eight_weeks() -> None:
    network = small_network()
    assert network.calendar.count == 8
    assert network.settings.start == START


def test_rows_can_be_added_edited_and_dropped() -> None:
    network = small_network()
    more = add_rows(network, "rates", {"currency": "EUR", "home_per_unit": 90})
    assert more["rates"].height == 2
    cheap = edit_rows(network, "sources", {"offer": "chip-cn"}, price="3.5", from_="2023-06-19")
    assert float(cheap["sources"].row(1, named=True)["price"]) == 3.5
    assert drop_rows(network, "lanes", origin="noida")["lanes"].height == 4

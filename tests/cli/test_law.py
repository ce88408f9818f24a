"""``boxbuild law``: the book by name, levy and day, with a project's own law, and what check says of that."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

OWN = """
in.bcd.phone:
  title: The rate of a reform
  levy: bcd
  unit: percent
  goods: {hs: ["8517"]}
  values:
    2022-01-01: {value: 0, published: 2021-06-01, instrument: Reform, reference: synthetic}
"""


def with_law(project: Path, text: str = OWN, rows: str = "") -> Path:
    (project / "law").mkdir()
    (project / "law" / "own.yaml").write_text(text, "utf-8")
    if rows:
        head = "parameter,from,value,until,published,instrument,reference"
        (project / "tables" / "law.csv").write_text(f"{head}\n{rows}\n", "utf-8")
    return project


def test_one_parameter_on_a_day(run: Run) -> None:
    page = run("law", "show", "in.bcd.phone", "--on", "2023-05-31").out
    for word in (
        "20 percent",
        "2018-02-02",
        "2024-07-23",
        "Finance Bill 2018",
        "https://",
        "HS 851712, 851713, 851714",
    ):
        assert word in page


def test_one_parameter_as_json(run: Run) -> None:
    found = run("law", "show", "in.bcd.phone", "--on", "2024-08-01", "--known-on", "2024-07-22", "--json").json
    assert (found["on"], found["known_on"]) == ("2024-08-01", "2024-07-22")
    (phone,) = found["parameters"]
    assert (phone["value"], phone["since"], phone["until"]) == ("20", "2018-02-02", None)
    assert phone["goods"]["hs"] == ["851712", "851713", "851714"]
    assert phone["in_force"] is True


def test_the_first_words_name_several(run: Run) -> None:
    lines = run("law", "show", "in.bcd.display", "--on", "2023-05-31").out.splitlines()
    shown = {line.split()[0]: " ".join(line.split()[1:3]) for line in lines[1:]}
    assert shown["in.bcd.display.bare"] == "10 percent"
    assert shown["in.bcd.display.with_parts"] == "15 percent"
    found = run("law", "show", "in.bcd.display", "--on", "2023-05-31", "--json").json["parameters"]
    assert [each["id"] for each in found] == list(shown)
    assert [each["id"] for each in found if not each["in_force"]] == ["in.bcd.display.integrated"]


def test_a_ladder_and_a_yes(run: Run) -> None:
    assert "6 / 6 / 5 / 5 / 4 percent" in run("law", "show", "in.pli.lsem.domestic.rate", "--on", "2023-05-31").out
    assert "on 2023-05-31   yes" in run("law", "show", "in.aa.duty_free", "--on", "2023-05-31").out
    ladder = run("law", "show", "in.pli.lsem.domestic.rate", "--on", "2023-05-31", "--json").json["parameters"][0]
    assert ladder["value"] == {"1": "6", "2": "6", "3": "5", "4": "5", "5": "4"}


def test_what_is_not_in_force_says_why(run: Run) -> None:
    assert (
        "not yet in force: from 2024-06-07" in run("law", "show", "in.bcd.display.integrated", "--on", "2023-05-31").out
    )
    assert "no longer in force: until 2024-01-29" in run("law", "show", "in.bcd.keypad", "--on", "2024-05-31").out
    words = run("law", "show", "in.rodtep.phone", "--on", "2021-03-01", "--known-on", "2021-04-01").out
    assert "nothing was published by 2021-04-01" in words


def test_a_history(run: Run) -> None:
    page = run("law", "history", "in.bcd.phone").out
    assert [line.split()[2:4] for line in page.splitlines() if "percent" in line] == [
        [rate, "percent"] for rate in ("10", "15", "20")
    ] + [["15", "percent"]]
    values = run("law", "history", "in.bcd.phone", "--known-on", "2020-01-01", "--json").json["parameters"][0]["values"]
    assert [value["value"] for value in values] == ["10", "15", "20"]
    assert values[-1]["until"] is None


def test_a_list_by_levy_and_country(run: Run) -> None:
    found = run("law", "list", "--levy", "bcd", "--country", "br", "--json").json["parameters"]
    assert [(each["id"], each["value"]) for each in found] == [("br.bcd.phones", "14")]
    whole = run("law", "list", "--on", "2023-05-31").out
    assert "in.bcd.phone " in whole
    assert len(whole.splitlines()) > 100
    line = run("law", "list", "--country", "IN", "--levy", "landing", "--on", "2017-08-01").out.splitlines()[1]
    assert line.split()[:3] == ["in.landing", "1", "percent"]


def test_words_that_are_almost_right(run: Run) -> None:
    for words, hint in (
        (("show", "in.bcd.phome"), "did you mean in.bcd.phone?"),
        (("history", "in.bcd.phome"), "did you mean in.bcd.phone?"),
        (("list", "--levy", "igts"), "did you mean igst?"),
        (("list", "--country", "XX"), "one of AE"),
        (("show", "in.bcd.phone", "--on", "31.5.2023"), "write 2023-05-31"),
    ):
        done = run("law", *words)
        assert (done.status, done.out) == (2, "")
        assert hint in done.err
    assert run("law", "show", "in.bcd.phome", "--json").json["error"]["code"] == "usage"


def test_the_law_of_a_project(run: Run, project: Path) -> None:
    with_law(project, rows="in.bcd.charger,2023-01-01,7,,,Reform,synthetic")
    shown = {
        name: run("law", "show", name, "--on", "2023-05-31", "--project", project, "--json").json["parameters"][0]
        for name in ("in.bcd.phone", "in.bcd.charger", "in.bcd.pcba")
    }
    assert {name: each["value"] for name, each in shown.items()} == {
        "in.bcd.phone": "0", "in.bcd.charger": "7", "in.bcd.pcba": "20",
    }  # fmt: skip
    assert shown["in.bcd.phone"]["place"] == "law/own.yaml:2"
    assert run("law", "show", "in.bcd.phone", "--on", "2023-05-31", "--json").json["parameters"][0]["value"] == "20"


def test_check_reads_the_law_of_a_project(run: Run, project: Path) -> None:
    with_law(project, OWN.replace("percent", "per cent"), "in.bcd.chager,2023-01-01,7,,,Reform,synthetic")
    done = run("check", project, "--json")
    assert done.status == 1
    places = {issue["code"]: (issue["file"], issue["line"]) for issue in done.json["issues"]}
    assert places["L004"] == ("law/own.yaml", 2)
    assert places["law-unknown"] == ("law.csv", 2)

"""The rules that every parameter keeps: for each rule a text that breaks it and nothing else."""

from __future__ import annotations

import pytest
from tests.law.texts import dated, one, parameter, wrong

from boxbuild.law.integrity import RULES

LADDER = dated("2020-01-01", value="{1: 6, 3: 5}")
FIRST, SECOND = dated("2020-01-01", until="2020-12-31"), dated("2021-01-01")

BREAKS = {
    "L001": parameter(values=dated("2020-01-01", reference="")),
    "L002": parameter(values=dated("2020-01-01", instrument="")),
    "L003": parameter(values=dated("2020-01-01", published="")),
    "L004": parameter(unit="percents"),
    "L005": parameter(levy="bdc", goods=""),
    "L006": parameter(values=f"{FIRST}, {dated('2020-12-31')}"),
    "L007": parameter(values=f"{FIRST}, {dated('2021-01-02')}"),
    "L008": parameter() + parameter("in.bcd.charger"),
    "L009": parameter(goods='{hs: ["8504 40"]}'),
    "L010": parameter(goods='{hs: ["851712"]}'),
    "L011": parameter(values=dated("2020-01-01", published="2026-01-01")),
    "L012": parameter(values=LADDER),
    "L013": parameter(values=dated("2020-01-01", value="1000.1")),
    "L014": parameter("ae.bcd.phone"),
    "L015": parameter("in.bcd.Phone"),
    "L016": parameter(values=""),
    "L017": parameter(levy="incentive"),
    "L018": parameter(goods="{origin: [CHN]}"),
    "L019": parameter(values=f"{FIRST}, {SECOND}", gaps="[[2021-01-01, 2021-02-01]]"),
    "L020": parameter(),
    "L021": parameter(goods="{form: Display-bare}"),
    "L022": parameter(unit="INR", values=dated("2020-01-01", value="-1")),
    "L023": parameter(values=dated("2020-01-01", confidence="sure")),
    "L024": parameter(title=""),
}


def test_every_rule_has_a_text_that_breaks_it() -> None:
    assert set(BREAKS) == set(RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "L020"])
def test_a_rule_is_broken_alone(rule: str) -> None:
    found = wrong(BREAKS[rule])
    assert [issue.code for issue in found] == [rule]
    assert RULES[rule] in found[0].reason
    assert (found[0].file, found[0].severity) == ("law/in/test.yaml", "error")
    assert found[0].line


def test_a_name_stands_once_in_all_files() -> None:
    from boxbuild.law import load

    _, issues = load.read({"law/in/a.yaml": BREAKS["L020"], "law/in/b.yaml": BREAKS["L020"]})
    assert [(issue.code, issue.file, issue.value) for issue in issues] == [
        ("L020", "law/in/b.yaml", "also in law/in/a.yaml:1")
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {"values": f"{FIRST}, {dated('2021-01-02')}", "gaps": "[[2021-01-01, 2021-01-01]]"},
        {"values": f"{FIRST}, {SECOND}"},
        {"goods": '{hs: ["851712", "851713"]}', "values": dated("2018-01-01")},
        {"goods": '{hs: ["851712"]}', "values": dated("2018-01-01", until="2021-12-31")},
        {"goods": '{hs: ["8517"]}', "values": dated("2018-01-01")},
        {"levy": "incentive", "goods": "", "values": dated("2020-01-01", value="{1: 6, 2: 5.5}")},
        {"unit": "yes_no", "values": dated("2020-01-01", value="yes")},
    ],
)
def test_what_keeps_the_rules_loads(keys: dict[str, str]) -> None:
    assert one(parameter(**keys)).values


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"values": dated("2020-01-01", until="2019-12-31")}, "L006"),
        ({"goods": '{hs: ["851713"]}', "values": dated("2021-12-31")}, "L010"),
        ({"goods": '{hs: ["85171210"]}', "values": dated("2018-01-01", until="2022-01-01")}, "L010"),
        ({"goods": '{hs: ["850"]}'}, "L009"),
        ({"goods": "{origin: [CN], not_origin: [CN]}"}, "L018"),
        ({"values": dated("2020-01-01", value="{}")}, "L012"),
        ({"values": dated("2020-01-01", value="{0: 6, 1: 6}")}, "L012"),
        ({"unit": "fraction", "values": dated("2020-01-01", value="1.5")}, "L022"),
        ({"unit": "yes_no", "values": dated("2020-01-01", value="2")}, "L022"),
        ({"values": dated("2026-01-02", published="2020-01-01")}, "L011"),
    ],
)
def test_edges_of_rules(keys: dict[str, str], rule: str) -> None:
    assert [issue.code for issue in wrong(parameter(**keys))][:1] == [rule]


@pytest.mark.parametrize(
    "other",
    [
        {"goods": '{hs: ["850440"]}'},
        {"goods": '{hs: ["8504"], form: charger}'},
        {"goods": '{hs: ["8504"], end_use: igcr_phone}'},
        {"goods": '{hs: ["8504"], agreement: aifta}'},
        {"goods": '{hs: ["8504"], origin: [HK]}'},
        {"goods": '{hs: ["8507"]}'},
        {"levy": "igst"},
        {"unit": "INR"},
        {"values": dated("2019-01-01", until="2019-12-31")},
    ],
)
def test_what_is_told_apart_is_no_tie(other: dict[str, str]) -> None:
    assert wrong(parameter() + parameter("in.bcd.other", **other)) == []


@pytest.mark.parametrize(
    "pair",
    [
        ("{origin: [HK, CN]}", "{origin: [CN, VN]}"),
        ('{hs: ["8504", "8507"]}', '{hs: ["8507", "39"]}'),
        ("{form: charger}", "{form: charger}"),
        ("{not_origin: [CN]}", "{not_origin: [VN]}"),
    ],
)
def test_a_tie_needs_one_kind_of_goods_only(pair: tuple[str, str]) -> None:
    text = parameter(goods=pair[0]) + parameter("in.bcd.other", goods=pair[1])
    assert [issue.code for issue in wrong(text)] == ["L008"]


def test_origins_that_exclude_each_other_do_not_tie() -> None:
    text = parameter(goods="{origin: [HK, CN], not_origin: [VN]}") + parameter("in.bcd.other", goods="{origin: [VN]}")
    assert wrong(text) == []

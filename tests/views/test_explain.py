"""The page and the tree of an explanation: they stand alone, say everything and let nothing in."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from tests.building import small_network

from boxbuild.law.trace import Given, Read, Trace
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.questions import Document, explain
from boxbuild.views.explain import page, tree
from boxbuild.views.explain.accounts import by_account
from boxbuild.views.explain.numbers import shown
from boxbuild.views.text import WIDTH

VOID = {"meta", "br", "link", "img", "input", "hr"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(small_network(), release=False)


@pytest.fixture(scope="module")
def cost(plan: Plan) -> Document:
    return explain(plan, "cost", "phone-a@hamburg")


@pytest.fixture(scope="module")
def law(plan: Plan) -> Document:
    """A document with a step of every kind, and with signs that HTML has a meaning for."""
    read = Read(
        "in.bcd.display",
        "Display <assemblies>",
        date(2023, 6, 5),
        date(2020, 10, 1),
        Decimal(10),
        "percent",
        date(2020, 9, 30),
        'No. "57/2017" & S.No.5D',
        "https://example.org/a?b=1&c=2",
    )
    part = Trace("basic <duty>", Decimal("121.125"), "INR", "customs.basic", "bcd / 100 × av", reads=(read,), note="n")
    given = (Given("fob", Decimal(1000), "INR", "sources row 3"),)
    top = Trace("duty on display", Decimal("375.24525"), "INR", "customs", "sum", given, (), (part,))
    return Document.of(plan, "duty", "display-cn", top)


class Seen(HTMLParser):
    """The tags of a page, with a check that they are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(document: Document) -> Seen:
    parser = Seen()
    parser.feed(page(document))
    assert not parser.open
    return parser


@pytest.mark.parametrize("name", ["cost", "law"])
def test_the_page_loads_and_runs_nothing(name: str, request: pytest.FixtureRequest) -> None:
    document: Document = request.getfixturevalue(name)
    text, found = page(document), seen(document)
    assert not {"script", "img", "link", "iframe", "object", "form"} & {tag for tag, _ in found.tags}
    for tag, attributes in found.tags:
        assert not [key for key in attributes if key.startswith("on") or key in {"style", "src"}], tag
    policy = next(a["content"] or "" for tag, a in found.tags if a.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    hashed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{hashed}'" in policy
    assert "default-src 'none'" in policy
    assert "url(" not in style[1]


def test_the_page_says_everything(law: Document) -> None:
    text = " ".join(seen(law).text)
    for words in (
        "basic <duty>",
        "bcd / 100 × av",
        "INR 121.125",
        "sources row 3",
        "in.bcd.display",
        "Display <assemblies>",
        "10 %",
        "2020-10-01",
        "2020-09-30",
        'No. "57/2017" & S.No.5D',
        law.trace.digest,
        law.plan["input_hash"],
        law.plan["sha256"],
        "boxbuild explain PLAN --verify answer.json",
    ):
        assert words in text, words
    links = [attributes["href"] for tag, attributes in seen(law).tags if tag == "a"]
    assert links == ["https://example.org/a?b=1&c=2"]


def test_a_reference_that_is_no_address_is_no_link(law: Document) -> None:
    read = replace(law.trace.parts[0].reads[0], reference="javascript:alert(1)")
    bad = Trace("x", Decimal(1), "INR", parts=(Trace("y", Decimal(1), "INR", reads=(read,)),))
    text = page(Document(law.question, law.subject, law.plan, bad))
    assert "<a " not in text
    assert "javascript:alert(1)" in text


def test_every_step_of_the_cost_is_on_the_page(cost: Document) -> None:
    text = " ".join(seen(cost).text)
    for step in cost.trace.walk():
        assert step.name in text


def test_accounts_add_up_to_the_cost(cost: Document) -> None:
    accounts = by_account(cost.trace)
    assert abs(sum(amount for _, amount in accounts) - cost.trace.value) < Decimal("0.001")
    assert {"material", "duty", "freight", "conversion"} <= {name for name, _ in accounts}


def test_the_tree_fits_a_terminal(cost: Document, law: Document) -> None:
    for document in (cost, law):
        lines = tree(document)
        assert lines[-1] == f"sha256 {document.trace.digest}"
        assert max(map(len, lines)) <= WIDTH
    assert len(tree(cost, whole=True)) > len(tree(cost))
    text = "\n".join(tree(law))
    for words in ("= bcd / 100 × av", "fob: INR 1,000 (sources row 3)", "§ in.bcd.display = 10 % since 2020-10-01"):
        assert words in text, words
    assert "https://example.org/a?b=1&c=2" in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("375.24525", "INR", "INR 375.24525"),
        ("1.2", "INR", "INR 1.20"),
        ("0.0001234567", "", "0.0001235"),
        ("1250000", "units", "1,250,000 units"),
        ("10", "percent", "10 %"),
        ("0.11", "fraction", "11 %"),
        ("1", "yes_no", "yes"),
        ("0", "INR", "INR 0"),
    ],
)
def test_numbers_are_short(value: str, unit: str, text: str) -> None:
    assert shown(Decimal(value), unit) == text

"""Short files of law for tests."""

from __future__ import annotations

from boxbuild.law import integrity, load
from boxbuild.law.parameter import Parameter
from boxbuild.network.issues import Issue

VALUE = "{value: 10, published: 2020-01-01, instrument: 1/2020, reference: synthetic}"


def parameter(name: str = "in.bcd.phone", values: str = f"2020-01-01: {VALUE}", **keys: str) -> str:
    """The text of one parameter; a key that is given replaces the usual one, a blank leaves it out."""
    usual = {"title": "A rate", "levy": "bcd", "unit": "percent", "goods": '{hs: ["8504"]}', "values": f"{{{values}}}"}
    lines = [f"  {key}: {text}" for key, text in {**usual, **keys}.items() if text]
    return "\n".join([f"{name}:", *lines, ""])


def dated(since: str, **keys: str) -> str:
    """The text of one value with its day; a key that is given replaces the usual one, a blank leaves it out."""
    usual = {"value": "10", "published": since, "instrument": "1/2020", "reference": "synthetic"}
    return f"{since}: {{{', '.join(f'{key}: {text}' for key, text in {**usual, **keys}.items() if text)}}}"


def one(text: str) -> Parameter:
    """The one parameter of a text that is right."""
    found, issues = load.read({"law/in/test.yaml": text})
    assert [*issues, *integrity.issues(found)] == []
    assert len(found) == 1
    return found[0]


def wrong(text: str, file: str = "law/in/test.yaml") -> list[Issue]:
    """Everything that is wrong in a text."""
    found, issues = load.read({file: text})
    return [*issues, *integrity.issues(found), *integrity.ties(found)]

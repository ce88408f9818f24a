"""Files of law: YAML to parameters, with the line of every mistake, and every mistake at once.

Scalars are read as the text that stands in the file: 0.1 is the decimal 0.1, and a day is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Final

import yaml

from boxbuild.law.integrity import broken
from boxbuild.law.parameter import Amount, Goods, Parameter, Value
from boxbuild.network.issues import Issue, did_you_mean

_Loader: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

PARAMETER_KEYS: Final = ("title", "levy", "unit", "goods", "ends", "gaps", "values", "note")
GOODS_KEYS: Final = ("hs", "form", "end_use", "origin", "not_origin", "agreement")
VALUE_KEYS: Final = ("value", "until", "published", "instrument", "reference", "confidence")

Fields = dict[str, yaml.Node]


def package_texts() -> dict[str, str]:
    """Return the files of the book that comes with boxbuild, as ``law/in/pli.yaml`` to text."""
    root = resources.files("boxbuild.law")
    return {
        f"law/{folder.name}/{file.name}": file.read_text("utf-8")
        for folder in sorted(root.iterdir(), key=lambda each: each.name)
        if re.fullmatch("[a-z]{2}", folder.name) and folder.is_dir()
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".yaml")
    }


def read(texts: Mapping[str, str]) -> tuple[list[Parameter], list[Issue]]:
    """Read files of law.

    Parameters
    ----------
    texts
        Name of the file to its text.

    Returns
    -------
    list of Parameter
        Those that could be read, in the order of the files.
    list of Issue
        Everything that could not.
    """
    parameters: list[Parameter] = []
    issues: list[Issue] = []
    for file, text in texts.items():
        reader = _Reader(file, issues)
        for parameter in reader.parameters(text):
            earlier = next((each for each in parameters if each.id == parameter.id), None)
            if earlier is not None:
                line = int(parameter.place.rsplit(":", 1)[1])
                issues.append(broken("L020", parameter.id, file, line, value=f"also in {earlier.place}"))
            else:
                parameters.append(parameter)
    return parameters, issues


@dataclass
class _Reader:
    """Reads one file; what is wrong goes to ``issues``."""

    file: str
    issues: list[Issue]
    id: str = field(default="", init=False)
    line: int = field(default=0, init=False)

    def parameters(self, text: str) -> Iterator[Parameter]:
        try:
            root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            self.issues.append(Issue("law-syntax", f"is not YAML: {error.problem}", file=self.file, line=line))
            return
        except yaml.YAMLError as error:
            self.issues.append(Issue("law-syntax", f"is not YAML: {error}", file=self.file))
            return
        if root is None:
            return
        lines = {key.value: _line(key) for key, _ in reversed(root.value)} if isinstance(root, yaml.MappingNode) else {}
        for name, node in self._fields(root):
            self.id, self.line = name, lines[name]
            found = self._parameter(node)
            if found is not None:
                yield found
        self.id = ""

    def _parameter(self, node: yaml.Node) -> Parameter | None:
        fields = self._known(node, PARAMETER_KEYS)
        levy, unit = self._text(fields, "levy"), self._text(fields, "unit")
        goods = self._goods(fields["goods"]) if "goods" in fields else None
        values = self._values(fields, self._date(fields["ends"], "ends") if "ends" in fields else None)
        return Parameter(
            id=self.id,
            title=self._text(fields, "title"),
            country=self.id.split(".", 1)[0].upper(),
            levy=levy,
            unit=unit,
            goods=goods,
            values=values,
            note=" ".join(self._text(fields, "note").split()),
            place=f"{self.file}:{self.line}",
            gaps=tuple(self._gaps(fields["gaps"])) if "gaps" in fields else (),
        )

    def _goods(self, node: yaml.Node) -> Goods:
        fields = self._known(node, GOODS_KEYS)
        return Goods(
            hs=self._texts(fields, "hs"),
            form=self._text(fields, "form") or None,
            end_use=self._text(fields, "end_use") or None,
            origin=self._texts(fields, "origin"),
            not_origin=self._texts(fields, "not_origin"),
            agreement=self._text(fields, "agreement") or None,
        )

    def _values(self, fields: Fields, ends: date | None) -> tuple[Value, ...]:
        found = []
        dated = list(self._fields(fields["values"])) if "values" in fields else []
        if not dated:
            self.issues.append(broken("L016", self.id, self.file, self.line))
        for day, node in dated:
            since = self._day(day, "values", _line(node))
            value = self._value(since, node) if since is not None else None
            if value is not None:
                found.append(value)
        found.sort(key=lambda value: value.since)
        if found and ends is not None and found[-1].until is None:
            last = found[-1]
            found[-1] = Value(
                last.since, last.value, ends, last.published, last.instrument, last.reference, last.confidence,
                line=last.line,
            )  # fmt: skip
        return tuple(found)

    def _value(self, since: date, node: yaml.Node) -> Value | None:
        fields = self._known(node, VALUE_KEYS)
        texts = {key: self._text(fields, key) for key in ("reference", "instrument", "published", "confidence")}
        for key, rule in (("reference", "L001"), ("instrument", "L002"), ("published", "L003")):
            if not texts[key]:
                self.issues.append(broken(rule, self.id, self.file, _line(node), value=str(since)))
        amount = self._amount(fields["value"]) if "value" in fields else None
        if "value" not in fields:
            self._wrong("law-number", "a value says what it is", node, key="value", hint="value: 10")
        published = self._date(fields["published"], "published") if texts["published"] else None
        until = self._date(fields["until"], "until") if "until" in fields else None
        if amount is None or published is None or not texts["reference"] or not texts["instrument"]:
            return None
        return Value(
            since, amount, until, published, texts["instrument"], texts["reference"], texts["confidence"],
            line=_line(node),
        )  # fmt: skip

    def _amount(self, node: yaml.Node) -> Amount | None:
        if not isinstance(node, yaml.MappingNode):
            return self._number(node)
        rungs: dict[int, Decimal] = {}
        for year, rung in self._fields(node):
            number = self._number(rung)
            if not re.fullmatch("[0-9]{1,3}", year):
                self._wrong("law-number", "is no year of a scheme", rung, key="value", value=year, hint="1, 2, 3 ...")
            elif number is not None:
                rungs[int(year)] = number
        return rungs

    def _number(self, node: yaml.Node) -> Decimal | None:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        text = {"yes": "1", "no": "0"}.get(text, text)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite():
            return number
        hint = "a decimal number such as 2.5, yes or no, or a ladder {1: 6, 2: 6}"
        self._wrong("law-number", "is not a number", node, key="value", value=text, hint=hint)
        return None

    def _gaps(self, node: yaml.Node) -> Iterator[tuple[date, date]]:
        for pair in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            days = [self._date(day, "gaps") for day in pair.value] if isinstance(pair, yaml.SequenceNode) else []
            if len(days) != 2:
                hint = "gaps: [[2019-01-01, 2019-05-01]]"
                self._wrong("law-date", "a gap has a first and a last day", pair, key="gaps", hint=hint)
            elif days[0] is not None and days[1] is not None:
                yield days[0], days[1]

    def _date(self, node: yaml.Node, key: str) -> date | None:
        return self._day(node.value if isinstance(node, yaml.ScalarNode) else "", key, _line(node))

    def _day(self, text: str, key: str, line: int) -> date | None:
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        issue = Issue(
            "law-date", f"{self.id}: is not a date", table=self.id, column=key, value=text, hint="write 2024-01-30",
            file=self.file, line=line,
        )  # fmt: skip
        self.issues.append(issue)
        return None

    def _texts(self, fields: Fields, key: str) -> tuple[str, ...]:
        node = fields.get(key)
        if isinstance(node, yaml.SequenceNode):
            texts = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
            return tuple(text for text in texts if text)
        text = self._text(fields, key)
        return (text,) if text else ()

    def _text(self, fields: Fields, key: str) -> str:
        node = fields.get(key)
        if node is None or isinstance(node, yaml.ScalarNode):
            return str(node.value).strip() if node is not None else ""
        self._wrong("law-key", "is a text", node, key=key)
        return ""

    def _known(self, node: yaml.Node, keys: Iterable[str]) -> Fields:
        """The fields of a mapping, without those that no such mapping has."""
        found: Fields = {}
        for key, value in self._fields(node):
            if key in keys:
                found[key] = value
            else:
                hint = did_you_mean(key, keys) or f"one of {', '.join(keys)}"
                self._wrong("law-key", "is no key here", value, value=key, hint=hint)
        return found

    def _fields(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values of a mapping, each key once."""
        if not isinstance(node, yaml.MappingNode):
            if not (isinstance(node, yaml.ScalarNode) and not node.value):
                self._wrong("law-syntax", "keys with values are expected here", node, hint="key: value")
            return
        seen = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if not key or key in seen:
                reason = "stands twice" if key else "is no key"
                self._wrong("law-duplicate" if key else "law-key", reason, key_node, value=key)
                continue
            seen.add(key)
            yield key, value

    def _wrong(
        self, code: str, reason: str, node: yaml.Node, *, key: str = "", value: str = "", hint: str = ""
    ) -> None:
        reason = f"{self.id}: {reason}" if self.id else reason
        issue = Issue(code, reason, table=self.id, column=key, value=value, hint=hint, file=self.file, line=_line(node))
        self.issues.append(issue)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1

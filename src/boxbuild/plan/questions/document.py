"""A document: an answer with its question, the plan that it is computed from, and a digest to check it by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from boxbuild.errors import DataError
from boxbuild.plan.fingerprint import fingerprint
from boxbuild.plan.landed import SUM

if TYPE_CHECKING:
    from boxbuild.law.trace import Trace
    from boxbuild.plan.plan import Plan

FORMAT: Final = "boxbuild-explanation/1"

_ADDED: Final = "landed."
"""Steps of these rules are the sum of their parts, as are those that say so."""

_ROUNDED: Final = Decimal("0.00001")
"""What one rounded part may be off."""


@dataclass(frozen=True)
class Document:
    """An answer.

    Parameters
    ----------
    question, subject
        What was asked.
    plan
        ``network``, ``scenario``, ``start``, ``buckets``, ``home_currency``, ``law``, ``known_on``, ``input_hash`` of
        the tables, ``version`` of boxbuild that made the plan, and the plan's own ``sha256``.
    trace
        The answer.
    """

    question: str
    subject: str
    plan: Mapping[str, str]
    trace: Trace

    @classmethod
    def of(cls, plan: Plan, question: str, subject: str, trace: Trace) -> Document:
        """Return the document of an answer."""
        summary, settings = plan.summary, plan.network.settings
        head = {
            "network": summary.network,
            "scenario": summary.scenario or "base",
            "start": summary.start.isoformat(),
            "buckets": summary.buckets,
            "home_currency": summary.home_currency,
            "law": settings.law,
            "known_on": settings.known_on.isoformat() if settings.known_on else "",
            "input_hash": summary.input_hash or plan.network.digest,
            "version": summary.versions.get("boxbuild", ""),
            "sha256": fingerprint(plan),
        }
        return cls(question, subject, head, trace)

    def as_dict(self) -> dict[str, Any]:
        """Return the document as JSON values."""
        return {
            "format": FORMAT,
            "question": self.question,
            "subject": self.subject,
            "plan": dict(self.plan),
            "sha256": self.trace.digest,
            "trace": self.trace.as_dict(),
        }

    def text(self) -> str:
        """Return the document as a JSON text, as it is written to a file."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n"


def read(text: str) -> dict[str, Any]:
    """Return a document from its text.

    Raises
    ------
    DataError
        It is no explanation of boxbuild.
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError("this is no explanation", hint="give the file that boxbuild explain --out wrote")
    missing = [name for name in ("question", "subject", "plan", "sha256", "trace") if name not in found]
    if missing:
        raise DataError(f"the explanation lacks {', '.join(missing)}", hint="explain it again")
    return found


def wrong(document: Mapping[str, Any], again: Document | None = None) -> list[str]:
    """Return what is wrong with a document, one sentence each; empty where nothing is.

    Parameters
    ----------
    document
        As :func:`read` gives it.
    again
        The same question answered again, to compare with: its plan, and every value.
    """
    found = []
    digest = _digest(document["trace"])
    if digest != document["sha256"]:
        found.append(f"the digest of the trace is {digest}, and the document says {document['sha256']}")
    found += _sums(document["trace"])
    if again is not None:
        fresh = again.as_dict()
        found += [
            f"the plan's {name} is {fresh['plan'][name] or 'blank'}, and the document says {document['plan'].get(name)}"
            for name in fresh["plan"]
            if fresh["plan"][name] != document["plan"].get(name)
        ]
        found += list(_differences(fresh["trace"], document["trace"], str(fresh["trace"]["name"])))[:10]
    return found


def _digest(trace: Mapping[str, Any]) -> str:
    text = json.dumps(trace, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sums(step: Mapping[str, Any]) -> list[str]:
    found = []
    parts = step.get("parts", [])
    if parts and (str(step.get("rule", "")).startswith(_ADDED) or step.get("formula") == SUM):
        total = sum((_number(part["value"]) for part in parts), Decimal(0))
        if not abs(total - _number(step["value"])) <= _ROUNDED * (len(parts) + 1):
            found.append(f"the parts of {step['name']} add up to {total:f}, and it says {step['value']}")
    return [*found, *(sentence for part in parts for sentence in _sums(part))]


def _number(text: object) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return Decimal("nan")


def _differences(should: Mapping[str, Any], said: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield where two traces differ, deepest step first named by its way from the top."""
    for name in should:
        if name != "parts" and should[name] != said.get(name):
            yield f"{path}: {name} is {_shown(should[name])}, and the document says {_shown(said.get(name))}"
    here, there = should["parts"], said.get("parts", [])
    if len(here) != len(there):
        yield f"{path}: there are {len(here)} parts, and the document has {len(there)}"
    for one, other in zip(here, there, strict=False):
        yield from _differences(one, other, f"{path} › {one['name']}")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"

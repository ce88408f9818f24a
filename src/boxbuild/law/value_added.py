"""Value added: how much of a product is made in a country, by every definition that counts.

Each definition is a ratio of two sums over *value components*. What goes into a product is followed down its bill of
materials to where an input is bought, or was made in another country, or stands at the depth that is asked for; such
an input is a *leaf*. A unit of a leaf has the components of :data:`LEAF`, a unit of the product those of
:data:`MADE`. The components are sums, so one definition gives an exact evaluator (:func:`evaluate`) and, multiplied
out, a linear row: ``numerator - at_least × denominator >= 0``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from boxbuild.law.formula import Formula, Name
from boxbuild.law.trace import Given, Trace

SALES, FOB, CONVERSION = Name("sales"), Name("fob"), Name("conversion")
ORIGINATING, NON_ORIGINATING = Name("originating"), Name("non_originating")
IMPORTED, DUTY, ROYALTY = Name("imported"), Name("duty"), Name("royalty")
LOCAL_PARTS, FOREIGN_PARTS = Name("local_parts"), Name("foreign_parts")

MADE: Final = ("sales", "fob", "conversion")
"""Components of what is made: what the plant invoices, the standard value, the cost of making it (of the assemblies
that are looked through as well)."""

_value, _local, _semiconductor = Name("value"), Name("local"), Name("semiconductor")

LEAF: Final[Mapping[str, Formula]] = {
    "originating": _local * _value,
    "non_originating": (1 - _local) * _value,
    "imported": _local * Name("content"),
    "duty": (1 - _local) * Name("paid"),
    "royalty": Name("licence"),
    "local_parts": _local * (1 - _semiconductor) * _value,
    "foreign_parts": (1 - _local) * (1 - _semiconductor) * _value,
}
"""Components of a leaf, from what is known of it: ``value`` (price with freight and insurance; of an assembly or of
stock its standard value), ``content`` (the imported part of the value of a local input), ``paid`` (customs duties on
it), ``licence`` (royalties), and two marks that are 0 or 1: ``local`` (it originates in the country) and
``semiconductor``."""

COMPONENTS: Final = (*MADE, *LEAF)
"""Every component, in home currency."""

GIVEN: Final = ("value", "content", "paid", "licence", "local", "semiconductor")
"""What is known of a leaf."""


@dataclass(frozen=True)
class Definition:
    """A definition of value added: a ratio of two sums of components.

    Parameters
    ----------
    name
        As the metric of a target is called.
    title
        What it is, in words.
    numerator, denominator
        Formulas over :data:`COMPONENTS`, without constant terms.
    reference
        Where it can be read.
    depth
        Levels of the bill of materials that it looks through where nothing else is said; ``None``: all.
    note
        What the reader should know.
    """

    name: str
    title: str
    numerator: Formula
    denominator: Formula
    reference: str
    depth: int | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """The definition as it is evaluated."""
        return f"({self.numerator}) / ({self.denominator})"


_PERCENTAGE_RULES = "https://beta.trade.gov/article?id=Percentage-Based-Rules-Doing-the-Math"

_ALL = (
    Definition(
        "va_pli",
        "domestic value addition, guidelines of the production-linked incentive",
        SALES - NON_ORIGINATING - IMPORTED - ROYALTY,
        SALES,
        "https://www.slideshare.net/slideshow/pliguidelinespresentationpdf/255572062",
        note="reported, not a threshold",
    ),
    Definition(
        "va_ppp",
        "local content, Public Procurement (Preference to Make in India) Order 2017",
        SALES - NON_ORIGINATING - IMPORTED - DUTY - ROYALTY,
        SALES,
        "https://morulaa.com/make-in-india-public-procurement-order-2017",
        note="imported content counts with customs duties",
    ),
    Definition(
        "va_gross",
        "share of the inputs' value that is bought or made in the country",
        ORIGINATING,
        ORIGINATING + NON_ORIGINATING,
        "https://www.sify.com/finance/xiaomi-ropes-in-2-new-smartphone-manufacturing-partners-in-india-news-news-"
        "vczh4Ohbgbahe.html",
        depth=1,
        note="an assembly that is made in the country counts at its full value, imported chips and all",
    ),
    Definition(
        "va_non_semiconductor",
        "share of the value of the purchased parts that are not semiconductors and are supplied locally",
        LOCAL_PARTS,
        LOCAL_PARTS + FOREIGN_PARTS,
        "https://hotdeals360.com/gadgets/xiaomi-partners-with-optiemus-to-make-wireless-audio-products-in-india-plan-"
        "to-source-50-smartphone-components-locally-4082538",
    ),
    Definition(
        "rvc_build_down",
        "regional value content, build-down: (FOB - VNM) / FOB",
        FOB - NON_ORIGINATING,
        FOB,
        _PERCENTAGE_RULES,
    ),
    Definition(
        "rvc_build_up",
        "regional value content, build-up: VOM / FOB",
        ORIGINATING,
        FOB,
        _PERCENTAGE_RULES,
    ),
    Definition(
        "rvc_net_cost",
        "regional value content, net cost: (NC - VNM) / NC",
        ORIGINATING + CONVERSION,
        ORIGINATING + NON_ORIGINATING + CONVERSION,
        _PERCENTAGE_RULES,
        note="net cost is material and conversion, without royalties, shipping and packing for shipment",
    ),
)

DEFINITIONS: Final[Mapping[str, Definition]] = {one.name: one for one in _ALL}
"""The definitions by name."""


def levels(definition: Definition, depth: int | None = None) -> int | None:
    """Return the levels that a definition looks through, given what a target asks for; ``None``: all."""
    return definition.depth if depth is None else depth


def leaf(given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the components of a leaf from what is known of it (:data:`GIVEN`)."""
    return {name: formula.exact(given) for name, formula in LEAF.items()}


@cache
def parts_of_leaf(*, local: bool, semiconductor: bool) -> tuple[tuple[str, str], ...]:
    """Return each component of a leaf that is not 0, with the name of what it is equal to.

    Parameters
    ----------
    local, semiconductor
        Its marks.

    Returns
    -------
    tuple
        Pairs of one of :data:`LEAF` and one of :data:`GIVEN`.
    """
    marks = {"local": Decimal(local), "semiconductor": Decimal(semiconductor)}
    nothing = dict.fromkeys(GIVEN, Decimal(0)) | marks
    return tuple(
        (name, one)
        for name, formula in LEAF.items()
        for one in GIVEN
        if one not in marks and formula.exact(nothing | {one: Decimal(1)})
    )


def sides(definition: Definition, components: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """Return numerator and denominator; components that are not given are 0."""
    full = {name: components.get(name, Decimal(0)) for name in COMPONENTS}
    return definition.numerator.exact(full), definition.denominator.exact(full)


def evaluate(definition: Definition, components: Mapping[str, Decimal], name: str, unit: str = "INR") -> Trace:
    """Return the share as a trace.

    Parameters
    ----------
    definition
        One of :data:`DEFINITIONS`.
    components
        Sums of :data:`COMPONENTS` in home currency; what is not given is 0.
    name
        What is evaluated, such as ``phone-a|noida|2023-24``.
    unit
        Home currency.

    Returns
    -------
    Trace
        Its value is the share, 0 where the denominator is 0; its parts are numerator and denominator.
    """
    numerator, denominator = sides(definition, components)
    asked = definition.numerator.names | definition.denominator.names
    given = tuple(Given(one, components.get(one, Decimal(0)), unit) for one in COMPONENTS if one in asked)
    parts = (
        Trace("numerator", numerator, unit, definition.name, str(definition.numerator)),
        Trace("denominator", denominator, unit, definition.name, str(definition.denominator)),
    )
    share = numerator / denominator if denominator else Decimal(0)
    note = f"{definition.note}; {definition.reference}" if definition.note else definition.reference
    return Trace(name, share, "fraction", definition.name, definition.text, given, (), parts, note)

"""Formulas: one definition of a rule, compiled twice.

A formula is a small tree of named values and arithmetic. :meth:`Formula.exact` evaluates it in decimals, for the
audit and for the trace that a person reads; :meth:`Formula.linear` turns the same tree into a polars expression, for
the coefficients of the model. There is no second text of a rule, so the two cannot drift apart; that they agree in
numbers is checked on every plan.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl


class Formula(ABC):
    """A value that follows from named values."""

    @abstractmethod
    def exact(self, values: Mapping[str, Decimal]) -> Decimal:
        """Return the value for named values, in exact decimals; ``KeyError`` where one is missing."""

    @abstractmethod
    def linear(self) -> pl.Expr:
        """Return the same as an expression over columns of the same names, Float64."""

    @property
    @abstractmethod
    def names(self) -> frozenset[str]:
        """The names that it asks for."""

    def __add__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("+", self, formula(other))

    def __sub__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("-", self, formula(other))

    def __rsub__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("-", formula(other), self)

    def __radd__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("+", formula(other), self)

    def __mul__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("×", self, formula(other))

    def __rmul__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("×", formula(other), self)

    def __truediv__(self, other: Formula | Decimal | int) -> Formula:
        return _Binary("/", self, formula(other))


@dataclass(frozen=True)
class Name(Formula):
    """A value that is given: an input of the plan, or a parameter of the law."""

    name: str

    def exact(self, values: Mapping[str, Decimal]) -> Decimal:
        """Return the value of that name."""
        return values[self.name]

    def linear(self) -> pl.Expr:
        """Return the column of that name."""
        return pl.col(self.name).cast(pl.Float64)

    @property
    def names(self) -> frozenset[str]:
        """The name."""
        return frozenset({self.name})

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Constant(Formula):
    """A number of the rule itself."""

    value: Decimal

    def exact(self, values: Mapping[str, Decimal]) -> Decimal:
        """Return the number."""
        return self.value

    def linear(self) -> pl.Expr:
        """Return the number."""
        return pl.lit(float(self.value))

    @property
    def names(self) -> frozenset[str]:
        """No name."""
        return frozenset()

    def __str__(self) -> str:
        return f"{self.value}"


@dataclass(frozen=True)
class _Binary(Formula):
    sign: str
    left: Formula
    right: Formula

    def exact(self, values: Mapping[str, Decimal]) -> Decimal:
        left, right = self.left.exact(values), self.right.exact(values)
        if self.sign == "+":
            return left + right
        if self.sign == "-":
            return left - right
        return left * right if self.sign == "×" else left / right

    def linear(self) -> pl.Expr:
        left, right = self.left.linear(), self.right.linear()
        if self.sign == "+":
            return left + right
        if self.sign == "-":
            return left - right
        return left * right if self.sign == "×" else left / right

    @property
    def names(self) -> frozenset[str]:
        return self.left.names | self.right.names

    def __str__(self) -> str:
        left, right = str(self.left), str(self.right)
        if self.sign in "×/":
            left = f"({left})" if _weak(self.left) else left
            right = f"({right})" if _weak(self.right) or (self.sign == "/" and _strong(self.right)) else right
        elif self.sign == "-" and _weak(self.right):
            right = f"({right})"
        return f"{left} {self.sign} {right}"


@dataclass(frozen=True)
class _Least(Formula):
    left: Formula
    right: Formula

    def exact(self, values: Mapping[str, Decimal]) -> Decimal:
        return min(self.left.exact(values), self.right.exact(values))

    def linear(self) -> pl.Expr:
        return pl.min_horizontal(self.left.linear(), self.right.linear())

    @property
    def names(self) -> frozenset[str]:
        return self.left.names | self.right.names

    def __str__(self) -> str:
        return f"min({self.left}, {self.right})"


def formula(value: Formula | Decimal | int) -> Formula:
    """Return a number as a formula, a formula as it is."""
    return value if isinstance(value, Formula) else Constant(Decimal(value))


def least(left: Formula, right: Formula) -> Formula:
    """Return the smaller of two values. Constant per unit of a flow, so it stays a coefficient."""
    return _Least(left, right)


def percent(name: str) -> Formula:
    """Return a parameter that the book states in percent, as a fraction."""
    return Name(name) / 100


def _weak(part: Formula) -> bool:
    return isinstance(part, _Binary) and part.sign in "+-"


def _strong(part: Formula) -> bool:
    return isinstance(part, _Binary) and part.sign in "×/"

"""Exchange: networks that come in from, and plans that go out to, the formats of others. One format, one file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from boxbuild.exchange import ems_case
from boxbuild.exchange.format import Format

FORMATS: Final[Mapping[str, Format]] = MappingProxyType({one.name: one for one in (ems_case.FORMAT,)})
"""Every format by its name. A new one is a file with a ``FORMAT`` and a place in this line."""

__all__ = ["FORMATS", "Format"]

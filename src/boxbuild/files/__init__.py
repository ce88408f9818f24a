"""Files: project folders, CSV, Excel and Parquet in and out; templates; issues marked where they stand."""

from __future__ import annotations

from boxbuild.files.project import Loaded, load, read
from boxbuild.files.write import write

__all__ = ["Loaded", "load", "read", "write"]

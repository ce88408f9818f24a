"""The objective: what one unit of every column costs, one file per group of accounts."""

from boxbuild.model.objective.objective import objective

__all__ = ["objective"]

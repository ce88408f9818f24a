"""What moved between two plans, and why, as far as data say it."""

from boxbuild.study.change_why.answer import MOST, ChangeWhy, change_why
from boxbuild.study.change_why.moves import Move
from boxbuild.study.change_why.reason import Reason

__all__ = ["MOST", "ChangeWhy", "Move", "Reason", "change_why"]

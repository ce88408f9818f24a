"""Changes: dated edits of a network, each with a reason and a source. There is no other way to ask "what if"."""

from boxbuild.network.changes.apply import apply, apply_changes
from boxbuild.network.changes.assignment import parse_assignment
from boxbuild.network.changes.change import Change

__all__ = ["Change", "apply", "apply_changes", "parse_assignment"]

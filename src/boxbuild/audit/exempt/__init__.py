"""The audit of export schemes: what is exempt is part of a flow, exported, earned and allowed."""

from boxbuild.audit.exempt.check import exemptions

__all__ = ["exemptions"]

"""The recomputation of a plan from its tables and its network alone, never from the model."""

from boxbuild.audit.audit import audit
from boxbuild.audit.result import Audit, Check, Failure

__all__ = ["Audit", "Check", "Failure", "audit"]

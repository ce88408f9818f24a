"""Questions that a plan answers with a trace: each gives the subject in words and a tree of how it was computed."""

from boxbuild.plan.questions.document import Document
from boxbuild.plan.questions.question import QUESTIONS, answer, explain

__all__ = ["QUESTIONS", "Document", "answer", "explain"]

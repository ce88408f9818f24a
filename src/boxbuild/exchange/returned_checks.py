"""What is wrong with a project after the edits of a workbook: the checks between tables, placed in the workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boxbuild.exchange.returned import Returned, key_of, said
from boxbuild.network.checks import check
from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from boxbuild.network.network import Network


def new_issues(returned: Returned, before: Network, after: Network) -> list[Issue]:
    """Return what the checks find after the edits and did not find before, each where it stands in the workbook."""
    known = {said(issue) for issue in check(before)}
    lines: dict[str, dict[tuple[object, ...], int]] = {}
    found = []
    for issue in check(after):
        if said(issue) in known:
            continue
        where = returned.places.get(issue.table)
        if where is None:
            found.append(issue)
            continue
        issue = replace(issue, file=where.file, sheet=where.sheet)
        if issue.row is not None and issue.table in returned.tables and where.lines is not None:
            if issue.table not in lines:
                keys = key_of(issue.table, returned.tables[issue.table])
                lines[issue.table] = dict(zip(keys, where.lines.to_list(), strict=True))
            key = key_of(issue.table, after.tables[issue.table][issue.row])[0]
            issue = replace(issue, line=lines[issue.table].get(key))
        elif where.columns is not None:
            issue = replace(issue, line=where.columns.get(issue.column))
        found.append(issue)
    return found

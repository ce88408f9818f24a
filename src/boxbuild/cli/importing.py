"""``boxbuild import``: a network from the format of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import UsageError


def import_(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="ems-case")],
    source: Annotated[Path, typer.Argument(metavar="SRC", help="File or folder to read.")],
    out: Annotated[Path, typer.Option("--out", metavar="NETWORK", help="Project folder or workbook to write.")],
    json: Json = False,
) -> None:
    """Read a network in the format of others and write it as a project."""
    from boxbuild import files
    from boxbuild.exchange import FORMATS
    from boxbuild.network.checks import check
    from boxbuild.network.issues import did_you_mean

    found = FORMATS.get(form) or FORMATS.get(form.replace("_", "-"))
    if found is None or found.read is None:
        readable = [one.name for one in FORMATS.values() if one.read]
        hint = did_you_mean(form, readable) or f"there is {', '.join(readable)}"
        raise UsageError(f"{form!r} is not a format that can be read", hint)
    network = found.read(source)
    written = files.write(network, out, "xlsx" if out.suffix == ".xlsx" else "csv")
    issues = check(network)
    rows = {name: frame.height for name, frame in network.tables.items() if frame.height}
    for issue in issues[:5]:
        talk(str(issue))
    if json:
        say_json({"network": str(written), "rows": rows, "issues": [issue.as_dict() for issue in issues]})
    else:
        say([f"{height:>9,} {name}" for name, height in rows.items()])
        say([f"wrote {written}; the check has {len(issues)} things to say", f"next: boxbuild plan {written}"])

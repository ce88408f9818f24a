"""``python -m boxbuild.cli``: the same as ``boxbuild``."""

from boxbuild.cli.main import main

main()

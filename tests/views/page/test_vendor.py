"""The libraries in the page are the ones that the manifest names, with their licences."""

from __future__ import annotations

import hashlib
from pathlib import Path

import boxbuild.views.page
from boxbuild.views.page import assets

VENDOR = Path(boxbuild.views.page.__file__).parent / "vendor"


def test_every_file_has_its_hash_and_every_hash_its_file() -> None:
    named = {"manifest.json"}
    for row in assets.manifest():
        for file, digest in [(row["file"], row["sha256"]), *((term["file"], term["sha256"]) for term in row["terms"])]:
            assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest, file
            named.add(file)
        assert row["home"].startswith("https://")
        assert row["version"]
        assert row["terms"]
    assert {path.name for path in VENDOR.iterdir()} == named
    assert set(assets.LIBRARIES) == {row["file"] for row in assets.manifest()}


def test_the_notice_names_every_library() -> None:
    notice = (Path(__file__).parents[3] / "NOTICE").read_text("utf-8")
    for row in assets.manifest():
        assert row["home"] in notice


def test_every_page_carries_the_licences() -> None:
    for (line, text), row in zip(assets.licences(), assets.manifest(), strict=True):
        assert row["version"] in line
        assert len(text) > 500


def test_no_script_ends_before_its_end() -> None:
    for script in assets.scripts():
        assert "</script" not in script
        assert "\u2028" not in script

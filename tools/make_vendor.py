"""Build the libraries of the report again, smaller: only what ``tools/vendor/*.js`` asks for.

Usage: ``make vendor``. Needs node and npm, on a maintainer's machine only: what it writes to
``src/boxbuild/views/page/vendor`` is committed. The same versions give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENTRIES = ROOT / "tools" / "vendor"
TARGET = ROOT / "src" / "boxbuild" / "views" / "page" / "vendor"
BUILDER = "esbuild@0.28.2"

LIBRARIES = (
    # file, name, package, version, licence, licence files in the package, home
    (
        "echarts.min.js",
        "Apache ECharts",
        "echarts",
        "6.1.0",
        "Apache-2.0",
        ("LICENSE", "NOTICE"),
        "https://echarts.apache.org/",
    ),
    (
        "echarts.min.js",
        "zrender",
        "zrender",
        "6.1.0",
        "BSD-3-Clause",
        ("LICENSE",),
        "https://github.com/ecomfe/zrender",
    ),
    ("echarts.min.js", "tslib", "tslib", "2.3.0", "0BSD", ("LICENSE.txt",), "https://www.typescriptlang.org/"),
    ("tabulator.min.js", "Tabulator", "tabulator-tables", "6.5.3", "MIT", ("LICENSE",), "https://tabulator.info/"),
)


def build(entry: Path, desk: Path) -> Path:
    """Return the file that an entry becomes: one script that leaves one global name."""
    copy = desk / entry.name
    shutil.copy(entry, copy)
    made = desk / "made" / f"{entry.stem}.min.js"
    flags = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=inline", "--charset=utf8"]
    call = [desk / "node_modules/.bin/esbuild", copy, *flags, f"--global-name={entry.stem}", f"--outfile={made}"]
    subprocess.run(call, check=True, cwd=desk)
    return made


def main() -> int:
    """Write the scripts, their licences and the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        packages = [f"{package}@{version}" for _, _, package, version, *_ in LIBRARIES]
        subprocess.run(["npm", "init", "--yes"], check=True, cwd=desk, stdout=subprocess.DEVNULL)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", BUILDER, *packages], check=True, cwd=desk)
        TARGET.mkdir(parents=True, exist_ok=True)
        for old in TARGET.iterdir():
            old.unlink()
        for entry in sorted(ENTRIES.glob("*.js")):
            shutil.copy(build(entry, desk), TARGET)
        manifest = []
        for file, name, package, version, licence, texts, home in LIBRARIES:
            terms = []
            for text in texts:
                kept = TARGET / f"{package}.{Path(text).stem}.txt"
                plain = (desk / "node_modules" / package / text).read_text("utf-8").replace("\r\n", "\n")
                kept.write_text(plain, "utf-8")
                terms.append({"file": kept.name, "sha256": digest(kept)})
            row = {"name": name, "version": version, "file": file, "sha256": digest(TARGET / file)}
            manifest.append({**row, "licence": licence, "terms": terms, "home": home})
        (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return 0


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())

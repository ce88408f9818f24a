"""Progress: one line says phase, seconds, cost, bound and gap; plain lines where there is no terminal."""

from __future__ import annotations

import pytest

from boxbuild.cli.progress import QUIET_SECONDS, sentence, watched
from boxbuild.solve.progress import Progress


def test_a_line_says_all_that_is_known() -> None:
    line = sentence(Progress("solve", 1.0, cost=1.5e6, bound=1.4e6, gap=0.0667), 12.34)
    assert line == "solve      12.3 s  cost 1.50 m  bound 1.40 m  gap 6.67 %"
    assert sentence(Progress("model", 0.0), 0.0) == "model       0.0 s"


def test_plain_lines_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    with watched() as listen:
        listen(Progress("solve", 0.0))
        for tick in range(100):
            listen(Progress("solve", tick / 100, cost=1.0))
        listen(Progress("solve", 1.0, note="done"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == ["solve       1.0 s  done"]
    assert QUIET_SECONDS > 1


def test_on_a_terminal_one_line_is_drawn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with watched() as listen:
        listen(Progress("solve", 0.0, cost=2e9, bound=1e9, gap=0.5))
    assert capsys.readouterr().out == ""

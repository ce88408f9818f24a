"""Hints for misspelled words."""

import polars as pl

from boxbuild.network.closest import closest_hints
from boxbuild.network.issues import did_you_mean


def test_a_word_far_from_all_others_has_no_hint() -> None:
    assert closest_hints(["dispaly", "xyz"], pl.Series(["display", "chip"])) == {"dispaly": "did you mean display?"}


def test_of_many_known_words_the_same_is_found_as_by_comparing_with_each() -> None:
    known = pl.Series([f"part-{number:04d}" for number in range(3000)] + ["battery-pack", "Display"])
    for word in ("part-01234", "batery-pack", "dispay", "prt-2999"):
        assert closest_hints([word], known).get(word, "") == did_you_mean(word, known.to_list())

"""Places of a question's stretches, against a slow count of each text by itself."""

from __future__ import annotations

import random

import numpy as np
import pytest

from summarizer.search.marks import Texts


def slowly(text: str, stretches, weights, within):
    """(which stretches the text says, most weight within so many characters, where that begins)."""
    places = []
    for number, stretch in enumerate(stretches):
        all_of = [at for at in range(len(text)) if text.startswith(stretch, at)]
        places += [(at, number) for at in all_of[:4]]
    best, begins = 0.0, 0
    places.sort()
    for end, (at, _) in enumerate(places):
        inside = [place for place in places[: end + 1] if place[0] >= at - within]
        weight = sum(float(weights[number]) for number in {number for _, number in inside})
        if weight > best:
            best, begins = weight, inside[0][0]
    return [float(stretch in text) for stretch in stretches], best, begins


@pytest.mark.parametrize("seed", range(20))
def test_all_texts_at_once_say_what_each_says(seed) -> None:
    chance = random.Random(seed)
    texts = ["".join(chance.choices("云溪水库A\n。", k=chance.randrange(60))) for _ in range(30)]
    stretches = list({"".join(chance.choices("云溪水库a", k=chance.randrange(1, 4))) for _ in range(8)})
    weights = np.array([chance.randrange(80) / 16 for _ in stretches], np.float32)
    marks = Texts(texts).marks(stretches)
    best, begins = marks.densest(weights, 10)
    for number, text in enumerate(texts):
        said, weight, begin = slowly(text.lower(), stretches, weights, 10)
        assert marks.said()[number].tolist() == said
        assert (best[number], begins[number]) == (weight, begin)


def test_a_stretch_never_goes_over_the_end_of_a_text() -> None:
    assert Texts(["云溪水", "库"]).marks(["水库", "水"]).said().tolist() == [[0, 1], [0, 0]]


def test_a_word_counts_where_it_overlaps_itself_and_four_times_at_most() -> None:
    marks = Texts(["云云云", "云云云云云云云"]).marks(["云云"])
    assert marks.places.tolist() == [0, 1, 0, 1, 2, 3] and marks.texts.tolist() == [0, 0, 1, 1, 1, 1]


def test_a_word_as_long_as_a_question_may_be() -> None:
    marks = Texts(["a" * 1200, "云溪"]).marks(["a" * 1000])
    assert marks.said().tolist() == [[1], [0]] and marks.places.tolist() == [0, 1, 2, 3]


def test_nothing_to_look_for_and_nothing_to_look_in() -> None:
    assert Texts(["云溪"]).marks([]).said().shape == (1, 0)
    assert Texts([""]).marks(["云"]).said().tolist() == [[0]]
    best, begins = Texts(["", "云"]).marks(["溪"]).densest(np.ones(1, np.float32), 10)
    assert best.tolist() == begins.tolist() == [0, 0]

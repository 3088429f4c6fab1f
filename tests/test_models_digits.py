import torch

from summarizer.models.bundled.reference import SourceDigits

# A vocabulary of 14: digit d has id d, 10 is the end mark, 11 to 13 are words.
DIGITS = range(10)


def allowed(source, written, beams=1):
    processor = SourceDigits([source], DIGITS, beams)
    scores = processor(torch.tensor([written]), torch.zeros(1, 14))
    return {i for i in range(14) if scores[0, i] > -torch.inf}


SOURCE = [11, 2, 0, 2, 4, 12, 5, 13]  # … 2024 … 5 …


def test_a_run_may_only_begin_as_one_of_the_source():
    assert allowed(SOURCE, [11]) == {2, 5, 10, 11, 12, 13}


def test_half_a_number_can_only_go_on():
    assert allowed(SOURCE, [11, 2, 0]) == {2}


def test_a_whole_number_cannot_grow():
    assert allowed(SOURCE, [11, 2, 0, 2, 4]) == {10, 11, 12, 13}


def test_a_number_that_begins_another_may_stop_or_go_on():
    assert allowed([5, 11, 5, 8], [5]) == {8, 10, 11, 12, 13}


def test_a_source_without_digits_allows_none():
    assert allowed([11, 12], [11]) == {10, 11, 12, 13}


def test_every_beam_follows_its_own_source():
    processor = SourceDigits([[1], [7]], DIGITS, 2)
    scores = processor(torch.full((4, 1), 11), torch.zeros(4, 14))
    assert [scores[r, 1].item() == 0 for r in range(4)] == [True, True, False, False]
    assert [scores[r, 7].item() == 0 for r in range(4)] == [False, False, True, True]


def test_the_scores_it_was_given_stay_as_they_were():
    scores = torch.zeros(1, 14)
    SourceDigits([[1]], DIGITS, 1)(torch.tensor([[11]]), scores)
    assert scores.eq(0).all()

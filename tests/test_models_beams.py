"""The quick beam search finds what `generate()` finds, whatever the model, the sources and the batch."""

from __future__ import annotations

import pytest
import torch

from summarizer.models.bundled.beams import _likeliest, search
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.reference import generated
from summarizer.models.bundled.shortlist import Shortlist
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights

# Ids 2 to 11 are the digits 0 to 9; 0 is padding and start, 1 the end.
DIGITS = list(range(2, 12))
PIECES = 16


@pytest.fixture(scope="module", params=[True, False], ids=["copy", "plain"])
def model(request):
    """Random weights, a few times as large as usual, so that headlines differ and end."""
    torch.manual_seed(3)
    config = bundled_config(PIECES, copy_head=request.param)
    config.d_model, config.d_ff, config.num_layers = 64, 128, 2
    model = HeadlineT5(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "layer_norm" not in name:
                weight.mul_(2.0)
    return model


def sources(count, seed):
    """Padded ids and mask of sources of 3 to 30 tokens, digits among them."""
    torch.manual_seed(seed)
    ids = torch.zeros(count, 30, dtype=torch.long)
    for row in range(count):
        length = int(torch.randint(3, 31, ()))
        ids[row, :length] = torch.randint(2, PIECES, (length,))
    return ids, (ids != 0).long()


def quick(model, ids, mask, beams, steps, common=None):
    weights = Weights.of(model)
    encoder, stepper = Encoder(weights), Stepper(weights)
    hidden = encoder(ids, mask)
    runs = DigitRuns([row[keep.bool()].tolist() for row, keep in zip(ids, mask, strict=True)], DIGITS)
    shortlist = None if common is None else Shortlist(ids, PIECES, common)
    memory = stepper.memory(ids, mask, hidden, encoder.odds(hidden), beams, steps, shortlist)
    found = search(stepper, memory, runs, beams=beams, steps=steps, shortlist=shortlist)
    return [[(beam.tokens, beam.score) for beam in row] for row in found]


def slow(model, ids, mask, beams, steps):
    return generated(model, ids, mask, DIGITS, beams=beams, steps=steps)


@pytest.mark.parametrize(
    ("beams", "steps", "seed"), [(4, 12, 0), (4, 24, 1), (2, 12, 2), (6, 9, 3), (3, 1, 4)]
)
def test_it_finds_what_generate_finds(model, beams, steps, seed):
    ids, mask = sources(9, seed)
    found, wanted = quick(model, ids, mask, beams, steps), slow(model, ids, mask, beams, steps)
    for mine, theirs in zip(found, wanted, strict=True):
        assert [tokens for tokens, _ in mine] == [tokens for tokens, _ in theirs]
        assert [score for _, score in mine] == pytest.approx([score for _, score in theirs], abs=1e-4)


def test_headlines_end_at_different_lengths_and_a_source_does_not_care_who_is_beside_it(model):
    ids, mask = sources(12, 7)
    together = quick(model, ids, mask, 4, 16)
    for row in range(len(ids)):
        length = int(mask[row].sum())
        (alone,) = quick(model, ids[row : row + 1, :length], mask[row : row + 1, :length], 4, 16)
        assert [tokens for tokens, _ in alone] == [tokens for tokens, _ in together[row]]
    assert len({len(row[0][0]) for row in together}) > 1


def test_one_beam_is_greedy(model):
    ids, mask = sources(6, 11)
    found, wanted = (how(model, ids, mask, 1, 10) for how in (quick, slow))
    assert [row[0][0] for row in found] == [row[0][0] for row in wanted]


def test_what_can_neither_go_on_nor_end_is_no_headline(model):
    """33333 may not be written in part, and not as a whole: no three tokens twice."""
    ids = torch.tensor([[5, 5, 5, 5, 5, 13, 14, 15]])
    for tokens, score in quick(model, ids, torch.ones_like(ids), 4, 8)[0]:
        assert score > -100 and (5 not in tokens or tokens[-1] != 1)  # one that was cut may


def test_digits_stay_those_of_the_source(model):
    ids, mask = sources(8, 5)
    for row, found in zip(ids.tolist(), quick(model, ids, mask, 4, 20), strict=True):
        runs = set(_runs(row))
        for tokens, _ in found:
            if tokens[-1] == 1:  # one that was cut may end with half a number
                assert set(_runs(tokens[:-1])) <= runs


def _runs(tokens):
    run = ()
    for token in [*tokens, 0]:
        if token in DIGITS:
            run = (*run, token)
        elif run:
            yield run
            run = ()


def test_a_list_of_all_pieces_changes_nothing(model):
    ids, mask = sources(7, 11)
    assert quick(model, ids, mask, 3, 12, common=PIECES) == quick(model, ids, mask, 3, 12)


@pytest.mark.parametrize("size", [1, 13, 97, 192])
def test_the_likeliest_are_found_in_a_table_of_any_size(size):
    torch.manual_seed(13)
    chances, scores = torch.rand(5, 3, size).softmax(-1), torch.randn(5, 3) * 0.1
    count = min(6, 3 * size)
    best, own, tokens = _likeliest(chances, scores, count)
    wanted, places = (chances.log() + scores[:, :, None]).flatten(1).topk(count)
    assert best.equal(wanted) and (own * size + tokens).equal(places)


def test_a_list_is_filled_up_with_what_nothing_is_written_with():
    sources = torch.tensor([[300, 301, 0], [450, 0, 0]])
    short = Shortlist(sources, 500, 100)
    assert len(short.ids) == 128 and set(range(100)) | {300, 301, 450} < set(short.ids.tolist())
    assert short.ids[short.places(sources)].equal(sources)
    allowed = [set(short.ids[row == 0].tolist()) for row in short.others]
    assert allowed == [set(range(100)) | {300, 301}, set(range(100)) | {450}]


def test_a_source_is_written_with_its_own_pieces_and_the_common_ones_whoever_is_beside_it(model):
    ids, mask = sources(10, 12)
    ids[:, 6:], mask[:, 6:] = 0, 0
    common = 13
    together = quick(model, ids, mask, 4, 12, common)
    for row in range(len(ids)):
        (alone,) = quick(model, ids[row : row + 1], mask[row : row + 1], 4, 12, common)
        assert [tokens for tokens, _ in alone] == [tokens for tokens, _ in together[row]]
        own = set(ids[row].tolist()) | set(range(common))
        assert all(own.issuperset(tokens) for tokens, _ in alone)
    assert any(token >= common for row in together for tokens, _ in row for token in tokens)

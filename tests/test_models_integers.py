"""Products in whole numbers are near those in floats, the same for a row whatever stands beside it."""

from __future__ import annotations

import pytest
import torch

from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.integers import Product, Whole
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(1, 64, 8), (17, 256, 300), (64, 1024, 256)])
def test_a_product_is_within_two_hundredths(rows, inputs, outputs):
    torch.manual_seed(0)
    weight, states = torch.randn(outputs, inputs), torch.randn(rows, inputs) * torch.rand(rows, 1) * 100
    wanted, found = Product(weight)(states), Whole(weight)(states)
    assert (found - wanted).norm() < 0.02 * wanted.norm()


def test_a_row_does_not_care_who_is_beside_it():
    torch.manual_seed(1)
    whole, states = Whole(torch.randn(40, 64)), torch.randn(9, 64)
    together = whole(states)
    for row in range(9):
        assert whole(states[row : row + 1]).equal(together[row : row + 1])


def test_nothing_times_anything_is_nothing():
    whole = Whole(torch.randn(12, 16))
    assert whole(torch.zeros(3, 16)).equal(torch.zeros(3, 12))
    assert Whole(torch.zeros(12, 16))(torch.randn(3, 16)).equal(torch.zeros(3, 12))


def test_the_encoder_reads_what_transformers_reads():
    torch.manual_seed(2)
    model = HeadlineT5(bundled_config(50)).eval()
    ids = torch.randint(2, 50, (3, 90))
    mask = torch.ones_like(ids)
    mask[1, 40:] = 0
    with torch.inference_mode():
        wanted, weights = model.encode(ids, mask), Weights.of(model)
        exact, near = Encoder(weights), Encoder(weights, exact=False)
        odds = model.keep_logits(wanted)
    real = mask.bool()
    assert exact(ids, mask)[real].sub(wanted[real]).abs().max() < 1e-4
    assert exact.odds(exact(ids, mask))[real].sub(odds[real]).abs().max() < 1e-4
    found = near(ids, mask)[real]
    assert (found - wanted[real]).norm() < 0.02 * wanted[real].norm() and not found.equal(wanted[real])


@pytest.mark.parametrize("copy_head", [True, False])
def test_a_title_is_as_likely_as_the_model_says(copy_head):
    torch.manual_seed(3)
    model = HeadlineT5(bundled_config(50, copy_head=copy_head)).eval()
    source, mask = torch.randint(2, 50, (2, 12)), torch.ones(2, 12, dtype=torch.long)
    mask[1, 7:] = 0
    titles = torch.tensor([[5, 9, 1, 0], [7, 1, 0, 0], [8, 4, 3, 1]])
    with torch.inference_mode():
        hidden = model.encode(source, mask)
        weights, odds = Weights.of(model), model.keep_logits(hidden)
        exact, near = Stepper(weights), Stepper(weights, exact=False)
        for row in range(2):
            one = slice(row, row + 1)
            wanted = model.title_log_likelihood(
                source[one].expand(3, -1), mask[one].expand(3, -1), hidden[one].expand(3, -1, -1), titles
            )
            means = (wanted * (titles != 0)).sum(1) / (titles != 0).sum(1)
            memory = exact.memory(source, mask, hidden, odds, 0, 0).row(row)
            assert exact.likelihood(titles, memory).tolist() == pytest.approx(means.tolist(), abs=1e-4)
            memory = near.memory(source, mask, hidden, odds, 0, 0).row(row)
            assert near.likelihood(titles, memory).tolist() == pytest.approx(means.tolist(), abs=0.1)

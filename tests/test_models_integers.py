"""Products in whole numbers are near those in floats, the same for a row whatever stands beside it."""

from __future__ import annotations

import pytest
import torch

from summarizer.models.bundled import integers
from summarizer.models.bundled.encoder import Encoder
from summarizer.models.bundled.integers import FixedProduct
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.products import Product
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights


def whole(product, states, **given):
    """`product` in whole numbers, its steps fixed by `states`."""
    product(states)
    return product.fixed(**given)


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(1, 64, 8), (17, 256, 300), (64, 1024, 256)])
def test_a_product_is_within_two_hundredths(rows, inputs, outputs):
    torch.manual_seed(0)
    weight, states = torch.randn(outputs, inputs), torch.randn(rows, inputs) * 100
    plus = torch.randn(rows, outputs)
    wanted = Product(weight)(states)
    found = whole(Product(weight, watched=True), states)
    assert (found(states) - wanted).norm() < 0.02 * wanted.norm()
    assert found(states, plus).sub(found(states) + plus).abs().max() < 1e-3
    assert Product(weight)(states, plus).sub(wanted + plus).abs().max() < 1e-3


def test_a_row_does_not_care_who_is_beside_it():
    torch.manual_seed(1)
    states = torch.randn(9, 64)
    product = whole(Product(torch.randn(40, 64), watched=True), states)
    together = product(states)
    for row in range(9):
        assert product(states[row : row + 1]).equal(together[row : row + 1])


def test_nothing_times_anything_is_nothing():
    product = whole(Product(torch.randn(12, 16), watched=True), torch.randn(3, 16))
    assert product(torch.zeros(3, 16)).equal(torch.zeros(3, 12))
    empty = whole(Product(torch.zeros(12, 16), watched=True), torch.zeros(3, 16))
    assert empty(torch.randn(3, 16)).equal(torch.zeros(3, 12))


def test_a_norm_is_part_of_a_product():
    torch.manual_seed(4)
    weight, norm, states = torch.randn(300, 256), torch.rand(256) + 0.5, torch.randn(40, 256) * 7
    wanted = torch.nn.functional.rms_norm(states, (256,), norm, 1e-6) @ weight.T
    exact = Product(weight, norm, 1e-6, watched=True)
    assert exact(states).sub(wanted).abs().max() < 1e-3
    product = whole(exact, states)
    assert (product(states) - wanted).norm() < 0.02 * wanted.norm()
    some = torch.tensor([3, 9, 250])
    assert product.only(some)(states).equal(product(states)[:, some])
    assert exact.only(some)(states).sub(wanted[:, some]).abs().max() < 1e-3


def test_what_is_larger_than_was_ever_met_is_the_largest_and_not_a_small_one():
    product = whole(Product(torch.eye(4), watched=True), torch.tensor([[1.0, -1.0, 0.5, 0.0]]))
    found = product(torch.tensor([[9.0, -9.0, 0.5, 0.0]]))
    assert found.tolist()[0] == pytest.approx([1.0, -1.0, 0.5, 0.0], abs=0.02)
    roomy = whole(Product(torch.eye(4), watched=True), torch.tensor([[1.0, 0, 0, 0]]), room=2.0)
    assert roomy(torch.tensor([[1.9, 0, 0, 0]])).tolist()[0] == pytest.approx([1.9, 0, 0, 0], abs=0.02)


def test_no_row_is_lost():
    torch.manual_seed(5)
    states = torch.randn(200, 8)
    product = whole(Product(torch.randn(6000, 8), watched=True), states)
    assert product(states)[150:].equal(product(states[150:]))
    assert product(states[:0]).shape == (0, 6000)


def test_a_feed_forward_layer_is_two_products_and_what_is_above_zero():
    torch.manual_seed(6)
    norm, states, plus = torch.rand(64) + 0.5, torch.randn(30, 64), torch.randn(30, 64)
    wide = Product(torch.randn(256, 64), norm, watched=True)
    narrow = Product(torch.randn(64, 256), watched=True)
    wanted = wide.feed(states, narrow, plus)
    first, second = wide.fixed(), narrow.fixed(zero=0)
    found = first.feed(states, second, plus)
    assert (found - wanted).norm() < 0.02 * wanted.norm()
    assert found[7:9].equal(first.feed(states[7:9], second, plus[7:9]))


FUSED = pytest.mark.skipif(not integers.is_fused(), reason="no VNNI, or torch without oneDNN")


@pytest.mark.parametrize("fused", [False, pytest.param(True, marks=FUSED)])
@pytest.mark.parametrize("zero", [0, 128])
def test_a_product_of_fixed_steps_is_the_same_in_one_pass_and_in_several(fused, zero):
    torch.manual_seed(7)
    weight, numbers = torch.randn(96, 320), torch.randint(0, 256, (50, 320), dtype=torch.uint8)
    plus = torch.randn(50, 96)
    wanted = (numbers.float() - zero) * 0.02 @ weight.T
    made = FixedProduct(weight, 0.02, zero, fused=fused)
    assert (made(numbers) - wanted).norm() < 0.01 * wanted.norm()
    step = float(wanted.max()) / 200
    counted = made.above_zero(numbers, step)
    assert counted.dtype == torch.uint8 and int(counted.max()) <= 255
    assert (counted.float() * step - made(numbers).relu()).abs().max() < 0.51 * step
    # what is larger than was ever seen is the largest number, not a small one
    assert int(made.above_zero(numbers, step / 4).max()) == 255
    apart = FixedProduct(weight, 0.02, zero, fused=False)
    assert made(numbers).sub(apart(numbers)).abs().max() < 1e-3
    assert made(numbers, plus).sub(apart(numbers, plus)).abs().max() < 1e-3
    assert made(numbers, plus).sub(made(numbers) + plus).abs().max() < 1e-3
    assert counted.int().sub(apart.above_zero(numbers, step).int()).abs().max() <= 1


def test_the_encoder_reads_the_same_without_fused_products(monkeypatch):
    torch.manual_seed(8)
    weights = Weights.of(HeadlineT5(bundled_config(50)).eval())
    ids, mask = torch.randint(2, 50, (3, 40)), torch.ones(3, 40, dtype=torch.long)
    found = Encoder(weights, exact=False)(ids, mask)
    monkeypatch.setattr(integers, "is_fused", lambda: False)
    assert (Encoder(weights, exact=False)(ids, mask) - found).norm() < 0.01 * found.norm()


def test_the_encoder_reads_a_text_the_same_whatever_stands_beside_it():
    torch.manual_seed(9)
    encoder = Encoder(Weights.of(HeadlineT5(bundled_config(50)).eval()), exact=False)
    ids, mask = torch.randint(2, 50, (30, 96)), torch.ones(30, 96, dtype=torch.long)
    together = encoder(ids, mask)
    for row in (0, 15, 29):
        alone = encoder(ids[row : row + 1], mask[row : row + 1])
        assert alone[0].sub(together[row]).abs().max() < 0.02 * together.abs().max()


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
    assert (found - wanted[real]).norm() < 0.03 * wanted[real].norm() and not found.equal(wanted[real])


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

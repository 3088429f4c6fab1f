"""What the automaton lets through can be had by deletion, whatever the model would rather write."""

from __future__ import annotations

import pytest
import torch

from summarizer.config import Settings
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.beams import search
from summarizer.models.bundled.derivations import Derivations
from summarizer.models.bundled.digits import DigitRuns
from summarizer.models.bundled.generator import BundledGenerator
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.stepping import Stepper
from summarizer.models.bundled.weights import Weights
from summarizer.models.deletion import SHORTEST, fault

SOURCES = [
    "柳湾县供销社昨天起收购小麦。收购价每公斤2.6元，比去年高一角。县里的三家粮站同时开秤。",
    "清河市客运站8月26日启用。站内设候车座位480个，每天发车312班。",
    "云溪河涨水",
]
DIGITS = "0123456789"
VOCABULARY = {
    piece: number
    for number, piece in enumerate(
        [
            "<pad>",
            "</s>",
            "▁",
            *sorted({*"".join(SOURCES), *DIGITS, *"县长方大看望公交司机"}),
            "柳湾县",
            "小麦",
            "收购",
            "客运站",
            "粮站",
        ]
    )
}
TEXTS = {number: piece for piece, number in VOCABULARY.items()}


def part(text):
    return [VOCABULARY[char] for char in text]


def state_after(automaton, row, tokens):
    rows = torch.tensor([row])
    state = automaton.begun(rows)
    for token in tokens:
        chances = torch.ones(1, len(VOCABULARY))
        automaton.forbid(chances, state, rows)
        if not chances[0, token]:
            return None
        state = automaton.after(state, torch.tensor([token]), rows)
    return state


@pytest.fixture(scope="module")
def automaton():
    return Derivations(SOURCES, VOCABULARY)


@pytest.mark.parametrize(
    ("row", "text", "can"),
    [
        (0, "柳湾县收购小麦", True),
        (0, "收购价高一角", True),
        (0, "小麦高一角", False),  # of two sentences
        (0, "小麦收购", False),  # another order
        (0, "三家粮站", False),  # what stands behind 的 begins no part
        (1, "客运站启用", True),
        (1, "柳湾县启用", False),  # of another source
    ],
)
def test_a_part_keeps_the_order_of_one_sentence(automaton, row, text, can):
    assert (state_after(automaton, row, part(text)) is not None) is can


def test_a_part_ends_when_it_says_something(automaton):
    rows = torch.tensor([1])
    for text, may in (("客运", False), ("客运站启", True)):
        assert (len(text) >= SHORTEST) is may
        chances = torch.ones(1, len(VOCABULARY))
        automaton.forbid(chances, state_after(automaton, 1, part(text)), rows)
        assert all(bool(chances[0, VOCABULARY[piece]]) is may for piece in ("</s>", "▁", "，"))
    after = state_after(automaton, 1, [*part("客运站启"), VOCABULARY["▁"], *part("每天发车")])
    assert after is not None


def beams_of_any_model(automaton, seed):
    """(source, headline) of random weights over random pieces, those that came to an end."""
    torch.manual_seed(seed)
    config = bundled_config(len(VOCABULARY))
    config.d_model, config.d_ff, config.num_layers = 64, 128, 2
    stepper = Stepper(Weights.of(HeadlineT5(config).eval()))
    ids = torch.randint(2, len(VOCABULARY), (3, 12))
    memory = stepper.memory(ids, torch.ones_like(ids), torch.randn(3, 12, 64), torch.randn(3, 12), 3, 14)
    runs = DigitRuns([part(source) for source in SOURCES], part(DIGITS))
    found = search(stepper, memory, runs, beams=3, steps=14, derivations=automaton)
    return [
        (source, "".join(TEXTS[token] for token in beam.tokens if token > 1).replace("▁", " "))
        for source, row in zip(SOURCES, found, strict=True)
        for beam in row
        if beam.tokens[-1] == 1
    ]


def test_beams_of_any_model_are_derivable(automaton):
    made = [pair for seed in range(6) for pair in beams_of_any_model(automaton, seed)]
    assert len(made) > 6
    for source, text in made:
        why = fault(text, source)
        assert not why.startswith(("no one sentence", "a fragment", "begins inside")), (text, source)


def test_where_no_beam_passes_the_model_is_asked_again(monkeypatch):
    model = BundledGenerator(FOLDER, Settings())
    body = (
        "“天还没亮就来排队了。”家住河口村的种粮户方大成说。柳湾县供销社昨天起收购小麦，收购价每公斤2.6元，"
        "比去年高一角。县里三家粮站同时开秤，当场付款，不打白条。"
    )
    monkeypatch.setattr(model, "fault", lambda text, proposal: "")
    free = [one.text for one in model.propose([body], style="headline", limit=30)[0] if one.origin == "beam"]
    monkeypatch.setattr(model, "fault", lambda text, proposal: "breaks a word")
    both = [one.text for one in model.propose([body], style="headline", limit=30)[0] if one.origin == "beam"]
    assert both[: len(free)] == free and len(both) > len(free)
    assert not any(fault(text, body).startswith("no one sentence") for text in set(both) - set(free))


def test_a_name_with_a_rare_character_is_left_out_whole():
    automaton = Derivations(["县长方大岇看望公交司机"], VOCABULARY)
    rows = torch.tensor([0])
    chances = torch.ones(1, len(VOCABULARY))
    automaton.forbid(chances, automaton.begun(rows), rows)
    allowed = {TEXTS[number] for number in chances[0].nonzero().flatten().tolist()}
    assert "县" in allowed and not allowed & set("方大岇看望")

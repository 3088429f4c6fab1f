"""The harness's own tests hold on honest metrics, and each catches the trap it is there for."""

import pytest
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU

from eval import controls as module
from eval.controls import controls
from eval.metrics import Rouge, rouge
from summarizer.text import fold

ROWS = [
    (["渔网织到球场边", "从渔网到球网"], "10月16日清晨，蒲湾镇39家网厂的织机已经响成一片。订单共2400张。"),
    (["四条公交线路下周起调整"], "记者11日获悉，四条公交线路将从18日起调整走向，涉及站点26个。"),
    (["无"], "短得不能用。"),
]


def broken(rows=ROWS, **options):
    return {c.name for c in controls(rows, **options) if not c.held}


def test_honest_metrics_hold_on_any_rows():
    assert broken() == broken([]) == broken(ROWS * 150, seed=3) == set()
    assert len({c.name for c in controls(ROWS)}) == len(controls(ROWS))
    assert controls(ROWS * 150, seed=3) == controls(ROWS * 150, seed=3)


def test_words_are_tested_when_words_are_counted():
    pytest.importorskip("jieba")
    assert broken(words=True) == set()
    assert len(controls(ROWS, words=True)) == len(controls(ROWS)) + 2


def test_a_tokenizer_that_drops_chinese_is_caught(monkeypatch):
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])

    def default(output, reference, **_):
        scores = scorer.score(reference, output)
        return Rouge(*(100 * scores[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")))

    monkeypatch.setattr(module, "rouge", default)
    assert "identical text: lowest ROUGE-L, at least" in broken()


def test_sets_instead_of_multisets_are_caught(monkeypatch):
    def as_sets(output, reference, **_):
        one, other = set(fold(output)), set(fold(reference))
        share = 200 * len(one & other) / max(1, len(one) + len(other))
        return Rouge(share, rouge(output, reference).two, rouge(output, reference).long)

    monkeypatch.setattr(module, "rouge", as_sets)
    assert broken() == {"text three times over: highest ROUGE-1, at most"}


def test_bleu_without_the_chinese_tokenizer_is_caught(monkeypatch):
    plain = BLEU(effective_order=True)
    monkeypatch.setattr(module, "bleu", lambda output, texts: plain.sentence_score(output, texts).score)
    assert broken() == {"two thirds of a text: mean BLEU, at least"}


def test_order_that_does_not_count_is_caught(monkeypatch):
    def bag(output, reference, **_):
        found = rouge(output, reference)
        return Rouge(found.one, found.one, found.long)

    monkeypatch.setattr(module, "rouge", bag)
    assert broken() == {"shuffled text: mean ROUGE-2, at most"}


def test_scores_that_favour_everything_are_caught(monkeypatch):
    monkeypatch.setattr(module, "rouge", lambda output, reference, **_: Rouge(50.0, 50.0, 50.0))
    assert {
        "another article's reference: mean ROUGE-L, at most",
        "empty output: highest ROUGE-1, at most",
    } <= (broken())


def test_a_check_that_sees_nothing_and_one_that_sees_too_much_are_caught(monkeypatch):
    honest = module.support
    monkeypatch.setattr(module, "support", lambda output, body: honest("", body))
    assert broken() == {"the same with a number changed: share flagged, %, at least"}
    monkeypatch.setattr(module, "support", lambda output, body: honest(output, ""))
    assert broken() == {"an article's own sentence: share with a number held unsupported, %, at most"}

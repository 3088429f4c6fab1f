"""chrF, BLEU, lengths, support and ranking, by hand and against reference implementations."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu import corpus_bleu as reference_bleu
from sacrebleu import corpus_chrf as reference_chrf
from sklearn.metrics import ndcg_score

from eval.metrics import lengths, ranking
from eval.metrics.overlap import bleu, chrf, corpus_bleu, corpus_chrf
from eval.metrics.support import support
from eval.records import Mark

TITLE = "柳湾县32万亩小麦收割完毕"
BODY = "本县32.5万亩小麦已全部收割完毕，平均亩产512公斤。县农业局局长谷雨桥说：“今年是个丰收年。”"
TEXTS = st.text(st.sampled_from("县城路，小麦12 收割"), max_size=14)
SAID = TEXTS.filter(str.strip)


def test_chrf_by_hand():
    # 小麦 against 麦子: 1 of 2 characters, 0 of 1 bigram; chrF is the mean of F-beta over the two orders
    assert chrf("小麦", ["麦子"]) == pytest.approx(25)
    assert chrf("小麦", ["麦子", "小麦"]) == 100  # the best reference
    assert chrf("", ["小麦"]) == chrf("小麦", [""]) == 0


def test_bleu_by_hand():
    # 4 characters, all n-grams found in the two references together, the closest length is 5:
    # brevity penalty exp(1 - 5/4)
    references = ["小麦喜获丰收", "小麦丰收了"]
    assert bleu("小麦丰收", references) == pytest.approx(100 * np.exp(1 - 5 / 4))
    assert bleu(TITLE, [TITLE]) == pytest.approx(100) and bleu("小麦", ["小麦"]) == pytest.approx(100)
    assert bleu("", ["小麦"]) == bleu("小麦", [""]) == 0
    # 3/3 characters, 1/2 pairs, 0/1 triples smoothed to 1/2: the geometric mean of the orders there are
    assert bleu("小麦收", ["收小麦"]) == pytest.approx(100 * (1 * 1 / 2 * 1 / 2) ** (1 / 3))


@given(SAID, SAID)
def test_one_pair_scores_as_a_corpus_of_one(output, reference):
    wanted = reference_chrf([output], [[reference]]).score
    assert chrf(output, [reference]) == pytest.approx(wanted) == corpus_chrf([output], [[reference]])
    wanted = reference_bleu([output], [[reference]], tokenize="zh", use_effective_order=True).score
    assert bleu(output, [reference]) == pytest.approx(wanted)
    wanted = reference_bleu([output], [[reference]], tokenize="zh").score
    assert corpus_bleu([output], [[reference]]) == pytest.approx(wanted)


def test_a_corpus_may_have_more_references_of_one_text_than_of_another():
    outputs, references = ["小麦丰收了", TITLE], [["小麦喜获丰收", "小麦丰收了"], [TITLE]]
    assert corpus_bleu(outputs, references) == pytest.approx(100)
    assert corpus_bleu(outputs, [["小麦喜获丰收"], [TITLE]]) < 90
    for many in (corpus_bleu, corpus_chrf):
        with pytest.raises(ValueError, match="2 outputs"):
            many(outputs, references[:1])
        with pytest.raises(ValueError, match="at least one"):
            many(outputs, [[], [TITLE]])
        with pytest.raises(ValueError, match="0 outputs"):
            many([], [])
    for one in (bleu, chrf):
        with pytest.raises(ValueError, match="at least one"):
            one(TITLE, [])


def test_lengths_by_hand():
    assert lengths.compression("小麦丰收", "小麦" * 20) == pytest.approx(10)
    assert lengths.compression("", BODY) == 0
    with pytest.raises(ValueError, match="expected a body"):
        lengths.compression("小麦", "")
    assert lengths.within_limit("小麦丰收", 4) and not lengths.within_limit("小麦丰收", 3)
    assert lengths.within_limit("", 1)


def test_novelty_by_hand():
    # 小麦, 麦喜, 喜收, 收割: the middle two are new
    assert lengths.novelty("小麦喜收割", BODY) == pytest.approx(50)
    assert lengths.novelty("３２.５万亩 小麦", BODY) == 0  # folded, so width and blanks are nothing new
    assert lengths.novelty("新新新", BODY) == 100
    assert lengths.novelty("", BODY) == lengths.novelty("新", BODY) == 0


def test_repetition_by_hand():
    # 丰收, 收丰, 丰收, 收丰, 丰收: three of five stood there before
    assert lengths.repeated("丰收丰收丰收") == pytest.approx(60)
    assert lengths.repeated("小麦丰收") == lengths.repeated("") == lengths.repeated("麦") == 0
    assert lengths.repeats("柳湾县" * 4) and not lengths.repeats(TITLE) and not lengths.repeats("")


def test_support_counts_and_marks_what_the_article_does_not_say():
    output = "本县38万亩小麦收割完毕 局长谷雨桥：“亩产最高”"
    found = support(output, BODY)
    assert (found.numbers, found.names) == (1, 1)
    assert [output[slice(*mark.span)] for mark in found.marks] == ["38万亩", "亩产最高"]
    assert all(isinstance(mark, Mark) and mark.reason for mark in found.marks)
    assert found.marks[0].reason.startswith("number: ") and found.marks[1].reason.startswith("quote: ")
    assert support("本县32.5万亩小麦收割完毕", BODY).marks == support("", BODY).marks == ()


def test_support_reads_relative_dates_by_the_page():
    body = "昨天，客运站启用。"
    assert support("8月26日客运站启用", body, date="2024-08-27").numbers == 0
    assert support("8月25日客运站启用", body, date="2024-08-27").numbers == 1


def test_ranking_by_hand():
    ranked = ["a", "b", "c", "d"]
    assert ranking.recall(ranked, {"b", "d", "z"}, 3) == pytest.approx(100 / 3)
    assert ranking.recall(ranked, {"b", "d"}, 4) == 100 and ranking.recall([], {"b"}, 4) == 0
    assert ranking.mrr(ranked, {"d", "c"}) == pytest.approx(100 / 3) and ranking.mrr(ranked, {"z"}) == 0
    assert ranking.first_rank(ranked, ["b"]) == 2 and ranking.first_rank(ranked, []) is None
    wanted = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3))
    assert ranking.ndcg(ranked, {"b", "d"}, 4) == pytest.approx(100 * wanted)
    assert ranking.ndcg(ranked, {"a"}, 1) == 100 and ranking.ndcg([], {"a"}, 3) == 0


def test_an_id_takes_one_place():
    assert ranking.recall(["a", "a", "b"], {"b"}, 2) == 100 and ranking.mrr(["a", "a", "b"], {"b"}) == 50
    assert ranking.ndcg(["b", "b", "b"], {"b"}, 3) == 100


def test_nothing_relevant_is_no_question():
    for measure in (ranking.recall, ranking.ndcg):
        for relevant, k in ((set(), 3), ({"a"}, 0)):
            with pytest.raises(ValueError, match="relevant ids and k from 1"):
                measure(["a"], relevant, k)
    with pytest.raises(ValueError, match="relevant ids"):
        ranking.mrr(["a"], set())


@given(st.permutations(range(9)), st.sets(st.integers(0, 8), min_size=1), st.integers(1, 9))
def test_ndcg_is_that_of_sklearn(order, relevant, k):
    ranked = [str(n) for n in order]
    truth = [[float(n in relevant) for n in order]]
    wanted = ndcg_score(truth, [list(range(9, 0, -1))], k=k)
    assert ranking.ndcg(ranked, {str(n) for n in relevant}, k) == pytest.approx(100 * wanted)

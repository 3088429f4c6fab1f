"""The table of metrics and the functions that fill it."""

import pytest

from eval.data import Evidence
from eval.metrics import declared
from eval.metrics.answers import overlap, scored
from eval.metrics.declared import (
    ANSWER_METRICS,
    BRIEF_METRICS,
    EVIDENCE_METRICS,
    HEADLINE_METRICS,
    READING_METRICS,
    RETRIEVAL_METRICS,
    answer_scores,
    headline_metrics,
    headline_scores,
    retrieval_scores,
)
from summarizer.records import Answer, Check, Citation

BODY = "柳湾县32万亩小麦已全部收割完毕。平均亩产512公斤，比去年增加18公斤。"
REFERENCES = ["柳湾县32万亩小麦收割完毕", "柳湾小麦平均亩产512公斤"]
TABLES = (HEADLINE_METRICS, BRIEF_METRICS, RETRIEVAL_METRICS, (*ANSWER_METRICS, *EVIDENCE_METRICS))


def values(scores):
    return {name: score.value for name, score in scores.items()}


def cited(article, start, end, quote=""):
    return Citation(article, start, end, quote or "字" * (end - start), "")


def answer(*citations, text="512公斤", refused=False, **fields):
    return Answer("？", text, refused, citations, 0.7, "bundled", **fields)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_names_each_metric_once_and_says_how_it_is_counted(table):
    assert len({m.name for m in table}) == len({m.title for m in table}) == len(table)
    assert all(m.meaning and m.unit == "%" for m in table)
    assert set(READING_METRICS) < set(ANSWER_METRICS)


def test_what_is_guarded_and_what_is_yes_or_no():
    guarded = {m.name for m in HEADLINE_METRICS if m.guarded}
    assert guarded == {"rouge_l_best", "unsupported_numbers", "within_limit"}
    yesno = {m.name for m in HEADLINE_METRICS if m.yesno}
    assert yesno == {"within_limit", "unsupported_numbers", "unsupported_names", "repeats", "empty"}
    worst = {m.name: m.worst for m in HEADLINE_METRICS}
    assert (worst["rouge_l_best"], worst["empty"], worst["novelty"]) == (0.0, 100.0, None)


def test_the_scores_are_those_declared():
    scores, marks = headline_scores(REFERENCES[0], REFERENCES, BODY, 30)
    assert list(scores) == [m.name for m in HEADLINE_METRICS if m.name in scores] and not marks
    assert set(scores) == {m.name for m in HEADLINE_METRICS}
    found = values(scores)
    assert found["rouge_l_best"] == found["rouge2_best"] == 100 and 0 < found["rouge_l_mean"] < 100
    assert found["chrf"] == 100 and found["bleu"] == pytest.approx(100)
    assert found["within_limit"] == 100
    assert [found[n] for n in ("unsupported_numbers", "unsupported_names", "repeats", "empty")] == [0] * 4
    assert {m.name for m in BRIEF_METRICS} < set(scores)


def test_yes_and_no_are_all_or_nothing():
    output = "柳湾县38万亩小麦，9月收割"
    scores, marks = headline_scores(output, REFERENCES, BODY, 10)
    found = values(scores)
    assert found["unsupported_numbers"] == 100 and found["within_limit"] == 0  # two faults, one output
    assert [output[slice(*mark.span)] for mark in marks] == ["38万亩", "9月"]


def test_an_empty_output_earns_nothing_and_shares_no_length():
    scores, marks = headline_scores("……", REFERENCES, BODY, 30)
    found = values(scores)
    assert found["empty"] == 100 and found["rouge_l_best"] == found["chrf"] == 0 and not marks
    assert "novelty" not in found and "compression" not in found


def test_without_references_what_needs_one_is_missing():
    scores, _ = headline_scores(REFERENCES[0], [], BODY, 30)
    assert "rouge_l_best" not in scores and "bleu" not in scores and scores["within_limit"].value == 100


def test_words_are_declared_as_words():
    pytest.importorskip("jieba")
    metrics = headline_metrics(words=True)
    assert [m.name for m in metrics] == [m.name for m in HEADLINE_METRICS]
    assert "jieba" in metrics[0].meaning and "按词" in metrics[0].title
    words, _ = headline_scores("柳湾小麦收割", REFERENCES, BODY, 30, words=True)
    characters, _ = headline_scores("柳湾小麦收割", REFERENCES, BODY, 30)
    assert words["rouge1_best"] != characters["rouge1_best"] and words["chrf"] == characters["chrf"]


def test_retrieval_scores_are_those_declared():
    scores = retrieval_scores(["a", "b"], ["b", "z"])
    assert list(scores) == [m.name for m in RETRIEVAL_METRICS]
    found = values(scores)
    assert (found["recall_1"], found["recall_5"], found["mrr"]) == (0, 50, 50)
    assert declared.CUTOFFS == (1, 5, 10)


EVIDENCE = [Evidence("p#1", (10, 20), "字" * 10), Evidence("p#2", (0, 10), "字" * 10)]


def test_citations_are_held_against_the_places_of_the_evidence():
    half = overlap([cited("p#1", 0, 15), cited("p#9", 10, 20)], EVIDENCE)
    assert (half.recall, half.precision) == (0.25, 0.5)  # 5 of 20 characters; one of two citations
    whole = overlap([cited("p#1", 0, 30), cited("p#2", 0, 10), cited("p#2", 0, 10)], EVIDENCE)
    assert (whole.recall, whole.precision) == (1.0, 1.0)
    assert overlap([cited("p#1", 0, 10)], EVIDENCE) == overlap([], EVIDENCE)  # spans are half open
    with pytest.raises(ValueError, match="expected evidence"):
        overlap([cited("p#1", 0, 30)], [])


def test_answer_scores_are_those_declared():
    said = answer(cited("p#1", 0, 15, "平均亩产512公斤"), cited("p#2", 30, 40, "别的话"))
    scores, marks = answer_scores(said, ["512公斤", "512公斤。"], EVIDENCE)
    assert list(scores) == [m.name for m in (*ANSWER_METRICS, *EVIDENCE_METRICS)] and not marks
    found = values(scores)
    assert (found["f1"], found["exact"], found["cited"], found["citation_precision"]) == (100, 100, 100, 50)
    assert (found["evidence_recall"], found["evidence_precision"]) == (25, 50)
    assert list(answer_scores(said, ["512公斤"])[0]) == [m.name for m in ANSWER_METRICS]


def test_a_refusal_earns_nothing_even_where_its_nearest_passage_is_right():
    scores, _ = answer_scores(answer(cited("p#1", 0, 30, "512公斤"), refused=True), ["512公斤"], EVIDENCE)
    assert set(values(scores).values()) == {0.0}


def test_an_answer_without_citations_is_not_cited():
    one = scored(answer(), ["512公斤"])
    assert (one.exact, one.cited, one.first, one.precision) == (1.0, 0.0, 0.0, 0.0)
    for accepted in ([], ["，"]):
        with pytest.raises(ValueError, match="expected accepted answers"):
            scored(answer(), accepted)


def test_marks_of_a_written_answer_stand_in_order():
    check = Check("9月", "date", (4, 6), False, None, "not in the text")
    said = answer(text="别的话。9月", checks=(check,), unsupported=((0, 4),))
    _, marks = answer_scores(said, ["512公斤"])
    assert [mark.span for mark in marks] == [(0, 4), (4, 6)]

"""Every number that a task may report, declared once; and the numbers of one output, by those names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.data import Evidence
from eval.metrics import lengths, ranking
from eval.metrics.answers import overlap, scored
from eval.metrics.overlap import BLEU_DECLARED, CHRF_DECLARED, bleu, chrf
from eval.metrics.rouge import Tokens, best, declared, mean
from eval.metrics.support import support
from eval.records import Mark, Metric, Score
from summarizer.records import Answer

__all__ = [
    "ANSWER_METRICS",
    "BRIEF_METRICS",
    "EVIDENCE_METRICS",
    "HEADLINE_METRICS",
    "READING_METRICS",
    "RETRIEVAL_METRICS",
    "answer_scores",
    "headline_metrics",
    "headline_scores",
    "retrieval_scores",
]

Scores = dict[str, Score]
Scored = tuple[Scores, tuple[Mark, ...]]
_GROUNDING = "by summarizer.grounding against the article"


def headline_metrics(words: bool = False, *, several: bool = True) -> tuple[Metric, ...]:
    """What `headline_scores` counts, ROUGE on jieba's words when asked. Raises ModelError without jieba.

    Unless there are `several` references the means are left out: best and mean are the same.
    """
    how = declared("words" if words else "characters")
    unit = "（按词）" if words else ""
    kinds = (("rouge1", "ROUGE-1"), ("rouge2", "ROUGE-2"), ("rouge_l", "ROUGE-L"))
    kinds_of_reference = (("best", "取高", "best reference"), ("mean", "平均", "mean over references"))
    rouges = [
        Metric(f"{name}_{key}", f"{title}{unit}（{label}）", f"{title}, {how}; {over}",
               guarded=f"{name}_{key}" == "rouge_l_best")
        for key, label, over in kinds_of_reference[: 1 + several]
        for name, title in kinds
    ]  # fmt: skip
    return (*rouges, *_OTHERS)


_OTHERS = (
    Metric("chrf", "chrF", f"{CHRF_DECLARED}; best reference"),
    Metric("bleu", "BLEU", f"{BLEU_DECLARED}; all references together"),
    Metric("compression", "压缩比", "characters of the output for 100 of the body", better="neither"),
    Metric(
        "novelty", "新字对", "character bigrams of the output that the body lacks, folded", better="neither"
    ),
    Metric("within_limit", "不超字数", "at most as many characters as asked for", yesno=True, guarded=True),
    Metric("unsupported_numbers", "数字无据", f"outputs with an unsupported number or date, {_GROUNDING}",
           better="lower", yesno=True, guarded=True),
    Metric("unsupported_names", "名称引语无据",
           f"outputs with an unsupported name, quote or Latin word, {_GROUNDING}",
           better="lower", yesno=True),
    Metric("repeats", "原地打转", "outputs that go in circles, by summarizer.models.selftest.looping",
           better="lower", yesno=True),
    Metric("empty", "空白", "outputs without a letter, ideograph or digit", better="lower", yesno=True),
)  # fmt: skip

HEADLINE_METRICS = headline_metrics()
BRIEF_METRICS = headline_metrics(several=False)
"""There is one reference brief."""

CUTOFFS = (1, 5, 10)
RETRIEVAL_METRICS = (
    *(Metric(f"recall_{k}", f"召回@{k}", f"share of the relevant articles among the first {k}",
             guarded=k == 5) for k in CUTOFFS),
    Metric("mrr", "MRR", "100 / rank of the first relevant article, 0 where none was found"),
    Metric("ndcg_10", "nDCG@10", "binary relevance, discount log2(rank + 1)"),
)  # fmt: skip

READING_METRICS = (
    Metric("f1", "F1（字）", "F1 of character counts, folded, best accepted answer", guarded=True),
    Metric("exact", "完全一致", "equal to an accepted answer, folded", yesno=True),
)
ANSWER_METRICS = (
    *READING_METRICS,
    Metric("cited", "引句含答案", "a cited sentence holds an accepted answer", yesno=True, guarded=True),
    Metric("first_cited", "首句含答案", "the first cited sentence holds an accepted answer", yesno=True),
    Metric("citation_precision", "引用准确率", "share of cited sentences that hold an accepted answer"),
)
EVIDENCE_METRICS = (
    Metric("evidence_recall", "证据召回", "characters of the gold evidence that are cited, same article"),
    Metric("evidence_precision", "证据准确率", "share of citations that touch the gold evidence"),
)
"""Where the data say at which place the answer stands."""


def headline_scores(
    output: str,
    references: Sequence[str],
    body: str,
    limit: int,
    date: str | None = None,
    words: bool = False,
) -> Scored:
    """The scores of one output by name, as `headline_metrics` declares them, and what no article says.

    ROUGE, chrF and BLEU are missing without a reference; compression and novelty of an empty output are
    too. Raises ModelError for words without jieba, ValueError for an empty body.
    """
    found: Scores = {}
    if references:
        tokenizer: Tokens = "words" if words else "characters"
        for key, score in (
            ("best", best(output, references, tokenizer=tokenizer)),
            ("mean", mean(output, references, tokenizer=tokenizer)),
        ):
            found[f"rouge1_{key}"] = Score(score.one)
            found[f"rouge2_{key}"] = Score(score.two)
            found[f"rouge_l_{key}"] = Score(score.long)
        found["chrf"] = Score(chrf(output, references))
        found["bleu"] = Score(bleu(output, references))
    empty = not any(map(str.isalnum, output))
    if not empty:
        found["compression"] = Score(lengths.compression(output, body))
        found["novelty"] = Score(lengths.novelty(output, body))
    faults = support(output, body, date=date)
    found["within_limit"] = _yes(lengths.within_limit(output, limit))
    found["unsupported_numbers"] = _yes(faults.numbers > 0)
    found["unsupported_names"] = _yes(faults.names > 0)
    found["repeats"] = _yes(lengths.repeats(output))
    found["empty"] = _yes(empty)
    return found, faults.marks


def retrieval_scores(ranked: Sequence[str], relevant: Sequence[str]) -> Scores:
    """By the names of `RETRIEVAL_METRICS`; ValueError when nothing is relevant."""
    found = {f"recall_{k}": Score(ranking.recall(ranked, relevant, k)) for k in CUTOFFS}
    found["mrr"] = Score(ranking.mrr(ranked, relevant))
    found["ndcg_10"] = Score(ranking.ndcg(ranked, relevant, 10))
    return found


def answer_scores(answer: Answer, accepted: Sequence[str], evidence: Sequence[Evidence] = ()) -> Scored:
    """By the names of `ANSWER_METRICS`, with evidence of `EVIDENCE_METRICS` too; a refusal earns 0.

    The marks are what the answer's own checks did not bear out. ValueError without an accepted answer.
    """
    one = scored(answer, accepted)
    shares: Mapping[str, float] = {
        "f1": one.f1, "exact": one.exact, "cited": one.cited, "first_cited": one.first,
        "citation_precision": one.precision,
    }  # fmt: skip
    if evidence:
        places = overlap(() if answer.refused else answer.citations, evidence)
        shares = {**shares, "evidence_recall": places.recall, "evidence_precision": places.precision}
    marks = [Mark(c.span, f"{c.kind}: {c.reason}") for c in answer.checks if not c.supported]
    marks += [Mark(span, "no passage bears it out") for span in answer.unsupported]
    scores = {name: Score(100 * share) for name, share in shares.items()}
    return scores, tuple(sorted(marks, key=lambda mark: mark.span))


def _yes(held: bool) -> Score:
    return Score(100.0 if held else 0.0)

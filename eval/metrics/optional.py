"""Scores that need a further model: BERTScore, and a chat model that compares two texts. Off by default.

Neither judges what an output says of its article: small judges are at chance on Chinese details, and
BERTScore hardly sees a changed number. support.py does that.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, cast

from eval.records import Metric, Score
from summarizer import models
from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import safety
from summarizer.models.dialogue import Talker, without_thinking
from summarizer.prompts import load_prompt
from summarizer.text import fold, strip_hidden

__all__ = ["BertScore", "Verdict", "judge", "judge_metrics", "judge_scores", "load_judge"]

# Tokens of a text where the model does not say: BERT's window. Outputs are headlines and briefs.
_WINDOW = 512
# Tokens of a verdict: one character, and what some models put around it.
_BUDGET = 16
_SAID = re.compile(r"(?:答案|结论|判断|结果|选择)?[:：\s]*[“\"'‘（(【]?([甲乙平])[”\"'’）)】]?[。.!！\s]*")


class BertScore:
    """BERTScore F1 (Zhang et al. 2020) by a model folder on this machine, no idf, no baseline rescaling."""

    def __init__(self, folder: Path, *, layer: int | None = None) -> None:
        """`layer` is the one whose vectors are compared, from 1; by default what the package's authors
        found for a model of the folder's name, else the last.

        Raises ModelError for a missing package, a folder that is none or is unsafe.
        """
        try:
            package: Any = importlib.import_module("bert_score")
        except ModuleNotFoundError as error:
            raise ModelError(
                f"BERTScore needs the package {error.name}: pip install 'summarizer[bertscore]'"
            ) from error
        safety.scan(folder)
        shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if "t5" in str(folder) and "t5" not in str(shape.get("model_type")):
            raise ModelError(
                f"{folder}: bert-score takes a path with 't5' in it for a T5; rename the folder."
            )
        best = package.utils.model2layers.get(folder.name, shape.get("num_hidden_layers"))
        self.layer = int(layer or best)
        self.name, self.fingerprint = folder.name, safety.fingerprint(folder)
        self._scorer = package.BERTScorer(
            model_type=str(folder), num_layers=self.layer, use_fast_tokenizer=True, device="cpu"
        )
        tokenizer = self._scorer._tokenizer
        # the package asks for as many tokens as the tokenizer states, which may be a number beyond all
        tokenizer.model_max_length = min(
            tokenizer.model_max_length, shape.get("max_position_embeddings", _WINDOW)
        )

    @property
    def metric(self) -> Metric:
        meaning = (
            f"bert-score {version('bert-score')}, {self.name}, layer {self.layer}, F1, no idf, no rescaling"
        )
        return Metric("bertscore", "BERTScore", f"{meaning}; best reference")

    def scores(self, outputs: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """Cosines, so -100 to 100 and mostly 50 to 100, each output against the reference that favours it.

        0.0 for an output or references without a letter; [] for none.
        """
        rows = [
            (at, output, [text for text in texts if fold(text)])
            for at, (output, texts) in enumerate(zip(outputs, references, strict=True))
        ]
        asked = [row for row in rows if fold(row[1]) and row[2]]
        found = [0.0] * len(outputs)
        if asked:
            f1 = self._scorer.score([row[1] for row in asked], [row[2] for row in asked])[2].tolist()
            for (at, _, _), value in zip(asked, f1, strict=True):
                found[at] = 100 * float(value)
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge said of two texts, asked in both orders."""

    winner: Literal["one", "other", "tie", "unparsable"]
    replies: tuple[str, str]
    """As they came, without thinking: first with `one` as 甲, then with `other` as 甲."""


def load_judge(name: str, settings: Settings | None = None) -> Talker:
    """The chat model `name`, "chat:FOLDER" or "server:NAME@URL". Raises ModelError for any other kind."""
    model = models.load(name, settings)
    if not hasattr(model, "replies"):
        raise ModelError(f"judge {name!r}: expected a chat model, chat:FOLDER or server:NAME@URL")
    return cast(Talker, model)


def judge(talker: Talker, body: str, one: str, other: str, *, kind: str = "标题") -> Verdict:
    """Which of two texts on `body` is better? Asked in both orders, because small models prefer a place.

    One wins only when it does so in both (Zheng et al. 2023); otherwise it is a tie. A reply that is not 甲,
    乙 or 平 is not guessed at: the verdict is "unparsable". Raises ModelError when the model fails or cannot
    hold the article.
    """
    replies = (_reply(talker, body, one, other, kind), _reply(talker, body, other, one, kind))
    said = [_SAID.fullmatch(reply.strip()) for reply in replies]
    if not all(said):
        return Verdict("unparsable", replies)
    picks = tuple(match[1] for match in said if match)
    winners: dict[tuple[str, ...], Literal["one", "other"]] = {("甲", "乙"): "one", ("乙", "甲"): "other"}
    return Verdict(winners.get(picks, "tie"), replies)


def _reply(talker: Talker, body: str, first: str, second: str, kind: str) -> str:
    prompt = load_prompt("judge")
    article, *texts = (talker.neutral(strip_hidden(text)) for text in (body, first, second))
    empty = prompt.render(article="", first=texts[0], second=texts[1], kind=kind)
    room, size = talker.room(empty, budget=_BUDGET), talker.count(article)
    if size > room:
        raise ModelError(
            f"the judge can read only {max(room, 0)} tokens beside the prompt, too few for an article of "
            f"{size}; use a model, or start the server, with a longer context."
        )
    messages = prompt.render(article=article, first=texts[0], second=texts[1], kind=kind)
    answers = talker.replies(messages, budget=_BUDGET, count=1)
    return without_thinking(answers[0].text) if answers else ""


def judge_metrics(name: str) -> tuple[Metric, ...]:
    """What `judge_scores` counts, by the judge `name`."""
    how = f"{name}, prompt judge version {load_prompt('judge').version}, both orders"
    return (
        Metric("judge", "评审", f"{how}: 100 where preferred to the person's text, 50 for a tie"),
        Metric("judge_unparsable", "评审答非所问", f"{how}: a reply that is no verdict", better="lower",
               yesno=True),
    )  # fmt: skip


def judge_scores(verdict: Verdict) -> dict[str, Score]:
    """Of the output as `one` against a person's text as `other`; "judge" is missing without a verdict."""
    worth = {"one": 100.0, "tie": 50.0, "other": 0.0}
    found = {"judge": Score(worth[verdict.winner])} if verdict.winner in worth else {}
    return {**found, "judge_unparsable": Score(0.0 if found else 100.0)}

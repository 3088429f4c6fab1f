"""A question and passages, read together: what a re-ranker must do, and where one is loaded by name.

    load_reranker("bundled")                    the reader: how sure it is that the passage answers
    load_reranker("BAAI/bge-reranker-v2-m3")    any CrossEncoder of sentence-transformers

Slower than the shipped ranking by a factor of thirty and more: for those who have the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models.reading import Reader, load_reader
from summarizer.models.running import running

__all__ = ["CrossReranker", "ReaderReranker", "Reranker", "load_reranker"]

BATCH = 16
# Log-odds of a passage with nothing to point at.
WORST = -30.0


class Reranker(Protocol):
    """Judges how well each passage answers a question."""

    name: str

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score a passage, in order; higher is better, comparable for one question. Raises ModelError."""


class CrossReranker:
    """A `Reranker` around one CrossEncoder with a single output."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Fetches nothing unless `settings.offline` is off. Raises ModelError."""
        from sentence_transformers import CrossEncoder

        from summarizer.models import loading

        self.name = name
        self._model, _ = loading.sentence_model(CrossEncoder, name, settings)
        labels = self._model.config.num_labels
        if labels != 1:
            raise ModelError(f"{name}: expected a re-ranker with one score, found {labels}; use another.")

    def score(self, question: str, passages: Sequence[str]) -> list[float]:

        if not passages:
            return []
        with running(self.name):
            pairs = [(question, passage) for passage in passages]
            scores = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return [float(score) for score in scores]


class ReaderReranker:
    """A `Reranker` by a reader: the passage it would answer from comes first."""

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self._reader = reader

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """The reader's log-odds of its answer, at least WORST."""
        return [max(extraction.score, WORST) for extraction in self._reader.read(question, passages)]


def load_reranker(name: str, settings: Settings | None = None) -> Reranker:
    """ "bundled", or the CrossEncoder `name`, a folder or a Hugging Face name. Raises ModelError."""
    settings = Settings() if settings is None else settings
    if name == "bundled":
        return ReaderReranker(load_reader(name, settings))
    return CrossReranker(name, settings)

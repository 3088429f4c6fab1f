"""An Answer as one line of JSON and back: what is kept of a conversation is what was shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from summarizer.errors import StoreError
from summarizer.records import Answer, Check, Citation

__all__ = ["answer_of", "json_of"]


def json_of(answer: Answer) -> str:
    """Every field, by its name."""
    return json.dumps(asdict(answer), ensure_ascii=False, allow_nan=False)


def answer_of(text: str) -> Answer:
    """Equal to the Answer it was made of. Raises StoreError for anything else."""
    try:
        row: dict[str, Any] = json.loads(text)
        return Answer(
            **row
            | {
                "citations": tuple(Citation(**citation) for citation in row["citations"]),
                "checks": tuple(_check(check) for check in row["checks"]),
                "unsupported": tuple((int(start), int(end)) for start, end in row["unsupported"]),
            }
        )
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            "expected a kept answer of this version, found something else. "
            "Delete the conversation, or start the version that wrote it.",
            reason="store.older",
        ) from error


def _check(row: dict[str, Any]) -> Check:
    source = row["source"]
    return Check(**row | {"span": tuple(row["span"]), "source": None if source is None else tuple(source)})

"""The gold of the grounding check, and the scorer that reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.grounding import NUMBERS, GoldError, load, main, score, unannotated

ROW = {
    "id": "a", "split": "dev", "source": "共5人。", "output": "共6人",
    "claims": [{"text": "6人", "kind": "number", "span": [1, 3], "supported": False, "reason": "5人"}],
}  # fmt: skip


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def test_the_gold_is_sound_and_complete() -> None:
    pairs = load()
    assert len(pairs) >= 180
    assert unannotated(pairs) == []
    flags = sum(not c.supported for p in pairs for c in p.claims)
    assert 0.3 < flags / sum(len(p.claims) for p in pairs) < 0.6


def test_one_source_stays_in_one_split() -> None:
    splits: dict[str, set[str]] = {}
    for pair in load():
        splits.setdefault(pair.source, set()).add(pair.split)
    assert all(len(s) == 1 for s in splits.values())


def test_the_target_on_dev() -> None:
    total, _ = score([p for p in load() if p.split == "dev"], NUMBERS)
    assert total.precision >= 0.97
    assert total.recall >= 0.95


def test_a_flag_counts_once_on_each_side(tmp_path: Path) -> None:
    claims = [{**ROW["claims"][0], "supported": True}]  # type: ignore[dict-item]
    pairs = load(write(tmp_path / "g.jsonl", ROW, {**ROW, "id": "b", "claims": claims}))
    total, errors = score(pairs, NUMBERS)
    assert (total.precision, total.recall) == (0.5, 1.0)
    assert len(errors) == 1 and errors[0].startswith("b false")


def test_nothing_to_flag_is_perfect() -> None:
    total, errors = score([], NUMBERS)
    assert (total.precision, total.recall, errors) == (1.0, 1.0, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"split": "train"}, "split"),
        ({"claims": [{**ROW["claims"][0], "span": [0, 2]}]}, "expected '6人'"),  # type: ignore[dict-item]
        ({"claims": [{**ROW["claims"][0], "kind": "size"}]}, "kind"),  # type: ignore[dict-item]
        ({"claims": [{**ROW["claims"][0], "reason": ""}]}, "reason"),  # type: ignore[dict-item]
        ({"claims": None}, "gold row"),
    ],
)
def test_bad_gold_exits_1(
    change: dict[str, object], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "g.jsonl", {**ROW, **change})
    with pytest.raises(GoldError):
        load(path)
    assert main(["--gold", str(path)]) == 1
    assert message in capsys.readouterr().err


def test_repeated_ids_and_empty_files_are_bad(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="id"):
        load(write(tmp_path / "g.jsonl", ROW, ROW))
    with pytest.raises(GoldError, match="at least one row"):
        load(write(tmp_path / "empty.jsonl"))


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--split", "dev", "--show"]) == 0
    assert "numbers" in capsys.readouterr().out

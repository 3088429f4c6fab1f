"""A newsroom teaches the model in the package: a folder that loads, or an error that says why not."""

from __future__ import annotations

import gzip
import json

import pytest

from summarizer.config import Settings
from summarizer.errors import SummarizerError
from summarizer.models import load
from summarizer.models.bundled import FOLDER, fingerprint, verify
from summarizer.training.finetune import finetune

PLACES = ("东河镇", "柳林乡", "青石县", "白沙湾", "北岭村")
THINGS = ("文化站", "敬老院", "农贸市场", "卫生室", "图书角")


def rows(count):
    """Invented openings of stations, markets and the like, each with its headline."""
    for at in range(count):
        place, thing = PLACES[at % 5], THINGS[at // 5 % 5]
        day, cost = at % 27 + 1, 30 + at
        body = (
            f"{place}{thing}{day}日建成开放，总投资{cost}万元。{thing}建筑面积{200 + at}平方米，可同时接待"
            f"{40 + at % 60}人。{place}负责人说，附近居民今后不用再跑远路，开放时间为每天8时至18时。"
        )
        yield {"id": f"own-{at}", "title": f"{place}{thing}建成开放 总投资{cost}万元", "body": body}


def written(path, made):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["own.jsonl", "own.jsonl.gz"])
def test_a_model_comes_out_that_loads_and_is_another(tmp_path, capsys, name):
    gain = finetune(written(tmp_path / name, rows(230)), tmp_path / "out", steps=3)
    verify(tmp_path / "out")
    assert fingerprint(tmp_path / "out") != fingerprint(FOLDER)
    assert len(gain.before) == len(gain.after) > 10 and gain.after.mean() > 0.3
    told = capsys.readouterr().out
    assert "before" in told and "after" in told and "kept apart" in told
    model = load(f"bundled:{tmp_path / 'out'}", Settings(beams=2))
    assert model.propose([next(rows(1))["body"]], style="headline", limit=30)[0]


def test_a_few_pairs_are_too_few(tmp_path):
    path = written(tmp_path / "own.jsonl", rows(50))
    with pytest.raises(SummarizerError, match="expected 200 usable pairs or more, found 50 among 50 rows"):
        finetune(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "told"), [("{", "row 2"), ('{"id": 1, "title": "东河镇文化站开放"}', "body"), ("[]", "row 2")]
)
def test_a_wrong_row_is_named(tmp_path, line, told):
    first = json.dumps(next(rows(1)), ensure_ascii=False)
    (tmp_path / "own.jsonl").write_text(f"{first}\n{line}\n", encoding="utf-8")
    with pytest.raises(SummarizerError, match=told):
        finetune(tmp_path / "own.jsonl", tmp_path / "out")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note.txt").write_text("ours", encoding="utf-8")
    with pytest.raises(SummarizerError, match="expected no folder or an empty one"):
        finetune(written(tmp_path / "own.jsonl", rows(230)), tmp_path / "out")

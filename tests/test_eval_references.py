"""The hand-written ruler is without mistakes, and its checker finds every kind of mistake."""

from __future__ import annotations

import copy
import json

import pytest

from eval.references import FOLDER, load, main, mistakes

PAGE = {
    "paper": "云溪日报",
    "date": "2025-03-18",
    "number": "2",
    "items": [
        {
            "kind": "article",
            "subject": "health",
            "headline": "夜间门诊方便群众",
            "kicker": None,
            "byline": None,
            "body": "云溪县人民医院夜间门诊累计接诊6800人次。\n院长高一帆介绍，门诊每晚开到九点。",
            "references": ["云溪县医院夜间门诊接诊6800人次", "县医院夜间门诊每晚开到九点"],
            "brief": "云溪县人民医院夜间门诊累计接诊6800人次，院长高一帆介绍门诊每晚开到九点。",
        }
    ],
    "questions": [
        {
            "id": "q1",
            "question": "夜间门诊看了多少人次？",
            "kind": "number",
            "answer": "6800人次",
            "accepted": ["6800"],
            "evidence": [{"item": 0, "quote": "夜间门诊累计接诊6800人次"}],
        },
        {
            "id": "q2",
            "question": "夜间门诊去年看了多少人次？",
            "kind": "number",
            "answer": "",
            "accepted": [],
            "evidence": [],
            "near": "只有累计数，没有去年的数。",
        },
    ],
}


def test_a_good_page_has_no_mistakes():
    assert list(mistakes(PAGE)) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("items", 0, "kind"), "advert", "expected a kind and a subject"),
        (("items", 0, "subject"), "gossip", "expected a kind and a subject"),
        (("items", 0, "body"), " ", "expected a body"),
        (("items", 0, "body"), "一段。\n\n又一段。", "expected a body"),
        (
            ("items", 0, "references"),
            ["县医院夜间门诊开诊", "县医院，夜间门诊开诊！"],
            "two different references",
        ),
        (("items", 0, "references"), ["县医院夜间门诊每晚开到九点", "太短"], "expected 6 to 30 characters"),
        (("items", 0, "brief"), "短", "expected 30 to 120 characters"),
        (
            ("items", 0, "references"),
            ["接诊7800人次", "县医院夜间门诊开到九点"],
            "7800 does not stand in the body",
        ),
        (("items", 0, "headline"), "县医院夜间门诊每晚开到九点", "a reference is the printed headline"),
        (("questions", 1, "id"), "q1", "expected one of this id"),
        (("questions", 0, "kind"), "riddle", "expected a kind that is known"),
        (("questions", 0, "kind"), "followup", "expected the history"),
        (("questions", 0, "near"), "别的。", "expected no answer where"),
        (("questions", 0, "evidence"), [], "expected an answer and its evidence"),
        (("questions", 0, "evidence"), [{"item": 0, "quote": "门诊"}], "found it 2 times"),
        (("questions", 0, "evidence"), [{"item": 9, "quote": "门诊"}], "found it 0 times"),
        (("questions", 0, "answer"), "七千人", "the answer stands in no quote"),
    ],
)
def test_every_mistake_is_told(path, value, told):
    page = copy.deepcopy(PAGE)
    place = page
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(told in mistake for mistake in mistakes(page))


def test_an_answer_that_is_concluded_need_not_stand_in_the_text():
    page = copy.deepcopy(PAGE)
    page["questions"][0] |= {"kind": "yesno", "answer": "是", "accepted": []}
    assert list(mistakes(page)) == []


def test_the_shipped_pages_have_no_mistakes(capsys):
    assert main([]) == 0, capsys.readouterr().out
    assert load(FOLDER)  # no page has no mistakes either


def test_pages_are_named_on_the_command_line(tmp_path, monkeypatch, capsys):
    broken = copy.deepcopy(PAGE)
    broken["items"][0]["kind"] = "advert"
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    (tmp_path / "good.json").write_text(json.dumps(PAGE), encoding="utf-8")
    monkeypatch.setattr("eval.references.load", lambda: load(tmp_path))
    assert main(["good"]) == 0 and "0 mistakes" in capsys.readouterr().out
    assert main([]) == 1 and "broken: item 0" in capsys.readouterr().out

"""Gold data come in several forms; a wrong row stops the load and is named."""

from __future__ import annotations

import copy
import json

import pytest

from eval.data import GoldDataError, load_gold
from tests.evaluating import PAGE, gold_of, written_page
from tests.running import write_rows


def test_our_own_pages_load_and_are_as_many_as_we_say():
    gold = load_gold()
    assert len(gold.pages) >= 12 and len(gold.stories) >= 90 and len(gold.questions) >= 240
    assert sum(not question.answerable for question in gold.questions) >= 60
    assert sum(story.injected for story in gold.stories) >= 10
    assert all(len(story.headlines) == 2 and story.brief for story in gold.stories)


def test_a_page_as_objects(tmp_path):
    gold = gold_of(tmp_path)
    story, notice = gold.stories
    assert (story.id, story.page, story.printed, story.date) == (
        "yunxi#1",
        "yunxi",
        "夜间门诊方便群众",
        "2025-03-18",
    )
    assert notice.document.kind == "notice" and notice.document.text == notice.body
    number, _, lost, follow = gold.questions
    assert number.accepted == ("6800人次", "6800")
    start, end = number.evidence[0].span
    assert story.body[start:end] == number.evidence[0].quote == "夜间门诊累计接诊6800人次"
    assert not lost.answerable and lost.near and follow.history[0].text == "45天"


def test_rows_of_titles_and_of_questions(tmp_path):
    rows = [
        {"id": "a", "body": "正文甲。", "title": "标题甲"},
        {"body": "正文乙。", "references": ["标题乙", "题乙"], "subject": "sport"},
        {"id": "q", "question": "几人？", "context": "来了三人。", "answers": ["三人"]},
        {"id": "n", "question": "几天？", "context": "来了三人。", "answers": []},
    ]
    gold = load_gold(write_rows(tmp_path / "rows.jsonl.gz", rows))
    assert [(s.id, s.headlines, s.subject) for s in gold.stories] == [
        ("a", ("标题甲",), "unknown"),
        ("2", ("标题乙", "题乙"), "sport"),
    ]
    assert [q.answerable for q in gold.questions] == [True, False]


@pytest.mark.parametrize("head", ["text,reference\n", ""])
def test_two_columns(tmp_path, head):
    path = tmp_path / "titles.csv"
    path.write_text(head + '"正文，第一段。\n第二段。",标题\n', encoding="utf-8-sig")
    (story,) = load_gold(path).stories
    assert story.body == "正文，第一段。\n第二段。" and story.headlines == ("标题",)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", "一,二,三\n", "row 1: expected two columns"),
        ("t.csv", "", "expected at least one row"),
        ("t.jsonl", '{"body": "正文。"}', "row 1: expected an id of its own and either body"),
        ("t.jsonl", "{", "row 1: expected JSON"),
        ("t.jsonl", "[1]", "row 1: expected an object"),
        ("t.jsonl", '{"id":"a","body":"甲","title":"乙"}\n' * 2, "row 2: expected an id of its own"),
        ("t.jsonl", '{"body": "", "title": "乙"}', "row 1: expected"),
        ("t.txt", "正文", "expected a .json page"),
        ("t.json", "{}", "expected a page in the form"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GoldDataError, match=told):
        load_gold(path)


def test_a_wrong_page_says_what(tmp_path):
    page = copy.deepcopy(PAGE)
    page["items"][0]["brief"] = "太短"
    (tmp_path / "p.json").write_text(json.dumps(page), encoding="utf-8")
    with pytest.raises(GoldDataError, match="item 0: expected 30 to 120 characters"):
        load_gold(tmp_path)


def test_missing_and_undecodable_data(tmp_path):
    with pytest.raises(GoldDataError, match="expected gold data"):
        load_gold(tmp_path / "nothing.jsonl")
    with pytest.raises(GoldDataError, match="found none"):
        load_gold(tmp_path)
    (tmp_path / "g.csv").write_bytes("正文,标题".encode("gb18030"))
    with pytest.raises(GoldDataError, match="UTF-8"):
        load_gold(tmp_path / "g.csv")
    (tmp_path / "g.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(GoldDataError):
        load_gold(tmp_path / "g.jsonl.gz")


def test_many_faults_are_counted(tmp_path):
    with pytest.raises(GoldDataError, match="and 10 more"):
        load_gold(write_rows(tmp_path / "t.jsonl", [{"no": 1}] * 30))


def test_other_data_have_another_fingerprint(tmp_path):
    one = gold_of(tmp_path).fingerprint
    path = written_page(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert load_gold(path).fingerprint != one

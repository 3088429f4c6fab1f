"""Every task on two invented stories, with the real rules and the bundled model."""

from __future__ import annotations

import pytest

from eval.data import load_gold
from eval.tasks import TASKS, make_task
from eval.tasks.articles import scores
from eval.tasks.opinions import Opinions
from eval.tasks.subject import Subject, slices_of
from summarizer.config import Settings
from tests.evaluating import gold_of
from tests.fakes import ScriptedTalker
from tests.running import write_rows


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gold")
    return Subject("bundled", gold_of(folder), Settings(), folder / "work")


@pytest.mark.parametrize("name", [name for name in TASKS if name not in ("articles", "speed")])
def test_a_task_scores_all_its_items_and_its_controls_hold(subject, name):
    task = make_task(name, subject)
    items = task.items()
    outcomes = task.outcomes(items)
    declared = {metric.name for metric in task.metrics}
    assert [o.id for o in outcomes] == [i.id for i in items] and items and task.fingerprint
    assert all(control.held for control in task.controls())
    assert all(set(o.scores) <= declared for o in outcomes) and any(o.scores for o in outcomes)
    for item, outcome in zip(items, outcomes, strict=True):
        assert item.applies is None or set(outcome.scores) - {"confidence"} <= item.applies
    for metric in task.metrics:
        found = [o.scores[metric.name].value for o in outcomes if metric.name in o.scores]
        assert metric.unit != "%" or all(0 <= value <= 100 for value in found if metric.name != "compression")
        assert not metric.yesno or set(found) <= {0.0, 100.0}


def test_reading_never_refuses_and_answers_may(subject):
    reading, answers = make_task("reading", subject), make_task("answers", subject)
    assert [i.id for i in reading.items()] == ["q1", "q2", "q4"] == [i.id for i in answers.items()]
    read = {o.id: o for o in reading.outcomes(reading.items())}
    assert not any(o.output.startswith("（拒答）") for o in read.values())
    assert read["q1"].scores["cited"].value == 100.0
    assert read["q4"].asked == "（柳河桥要封多久？——45天）\n那车子怎么走？"


def test_refusal_asks_everything_and_scores_what_applies(subject):
    task = make_task("refusal", subject)
    by_id = {o.id: o for o in task.outcomes(task.items())}
    assert len(by_id) == 4 and "kept" in by_id["q1"].scores and "refused" in by_id["q3"].scores
    assert (
        "refused" not in by_id["q1"].scores and by_id["q3"].note == "页面上有的是：只有累计数，没有去年的数。"
    )
    for outcome in by_id.values():
        refused = outcome.output.startswith("（拒答）")
        assert (outcome.scores["right"].value == 100.0) == (refused == (outcome.id == "q3"))


def test_what_is_asked_once_is_not_asked_again(subject, monkeypatch):
    make_task("answers", subject).outcomes(make_task("answers", subject).items())
    monkeypatch.setattr(type(subject.newspaper), "ask", lambda *a, **k: pytest.fail("asked again"))
    make_task("refusal", subject).outcomes(make_task("answers", subject).items())


def test_retrieval_finds_a_story_by_its_own_words(subject):
    task = make_task("retrieval", subject)
    found = {o.id: o for o in task.outcomes(task.items())}
    assert found["q2"].scores["recall_1"].value == 100.0 and found["q2"].output.startswith("1. yunxi#2")


def test_pages_are_scored_as_eval_pages_scores_them(tmp_path):
    subject = Subject("bundled", load_gold(), Settings(), tmp_path)
    task = make_task("articles", subject)
    items = [item for item in task.items() if item.id == "yunxi_daily"]
    (outcome,) = task.outcomes(items)
    assert outcome.scores["article_f1"].value == 100.0 and outcome.scores["article_f1"].weight == 14
    assert all(control.held for control in task.controls())


def test_an_empty_page_scores_nothing(tmp_path):
    gold = make_task("articles", Subject("x", load_gold(), Settings(), tmp_path))
    item = gold.items()[0]
    made = scores(gold._gold(item), [])
    assert made["article_f1"].value == 0.0 and "kicker" not in made
    assert scores([], [])["article_f1"].weight == 0.0


def test_speed_measures_stories_and_answers(subject, monkeypatch):
    from eval.tasks import speed

    monkeypatch.setattr(speed, "BATCH", 4)
    task = make_task("speed", subject)
    outcomes = {o.id: o for o in task.outcomes(task.items())}
    assert set(outcomes) == {"alone yunxi#1", "alone yunxi#2", "batch", "first q1", "first q2", "first q3"}
    assert set(outcomes["batch"].scores) == {"articles", "characters", "tokens"}
    assert all(s.value > 0 for o in outcomes.values() for s in o.scores.values())


def test_questions_that_bring_their_own_text(tmp_path):
    rows = [
        {
            "id": "a",
            "question": "客运站占地多少亩？",
            "context": "客运站昨日启用，占地42亩。",
            "answers": ["42亩"],
        },
        {"id": "n", "question": "谁出钱？", "context": "客运站昨日启用，占地42亩。", "answers": []},
    ]
    gold = load_gold(write_rows(tmp_path / "q.jsonl", rows))
    subject = Subject("bundled", gold, Settings(), tmp_path / "work")
    reading, refusal = make_task("reading", subject), make_task("refusal", subject)
    (outcome,) = reading.outcomes(reading.items())
    assert outcome.scores["exact"].value == 100.0 and "evidence_recall" not in outcome.scores
    assert [i.id for i in refusal.items()] == ["a", "n"] and not make_task("retrieval", subject).items()


def test_slices_of_a_story(tmp_path):
    story = gold_of(tmp_path).stories[0]
    assert slices_of(story) == {"subject": "health", "kind": "article", "length": "1–200", "injected": "no"}


def test_a_judge_is_asked_in_both_orders_when_there_is_one(tmp_path):
    talker = ScriptedTalker("甲", "乙")  # the output stands first, then second
    gold = gold_of(tmp_path)
    said = Opinions(judge=talker, name="chat:scripted")
    subject = Subject("lead", gold, Settings(), tmp_path / "work", opinions=said)
    task = make_task("headlines", subject)
    (outcome,) = task.outcomes(task.items()[:1])
    assert {metric.name for metric in said.metrics} <= {metric.name for metric in task.metrics}
    assert outcome.scores["judge"].value == 100.0 and len(talker.asked) == 2
    assert Opinions().metrics == () and Opinions().scores(["a"], [["b"]], ["c"], "标题") == [{}]

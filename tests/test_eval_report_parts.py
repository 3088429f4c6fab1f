"""The parts of a report: groups, tables, differences, items, plots."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.records import Mark, Metric, Outcome, Run, Score, TaskRun
from eval.report import plots
from eval.report.differences import Segment, closest, segments
from eval.report.groups import failed_words, groups, partial_words, run_labels, warnings
from eval.report.items import item_views
from eval.report.labels import shown, unique
from eval.report.tables import score_rows, slice_tables
from eval.scores import number
from tests.reporting import F1, LEAD, LIMIT, NUMBERS, answers, headlines, hostile, provenance, speed, system

TEXT = st.text(alphabet="甲乙丙丁1万人，", max_size=14)


def run(name, *values, metric=LEAD, failed=(), limit=None, weights=None, system=None):
    """A run of one task with these scores; None where the metric does not apply."""
    outcomes = tuple(
        Outcome(
            f"i{i}", {"half": "ab"[i % 2]}, f"问{i}", f"说{v}", ("参考",),
            {} if v is None else {metric.name: Score(v, 1.0 if weights is None else weights[i])},
            failure="gone" if i in failed else None,
        )
        for i, v in enumerate(values)
    )  # fmt: skip
    task = TaskRun("headlines", 1, system or name, "1", (metric,), outcomes, len(values), limit)
    return Run(name, (task,), provenance())


def cells(*runs):
    (group,) = groups(runs)
    return [row.cells[0] for row in score_rows(group)]


def test_a_cell_holds_the_weighted_mean_its_interval_and_n() -> None:
    (cell,) = cells(run("a", 0.0, 100.0, None, weights=(1.0, 3.0, 1.0)))
    assert (cell.value, cell.n) == ("75.0", 2)
    assert cell.interval == "0.0–100.0"
    assert cell.few
    assert not cell.best


@pytest.mark.parametrize(
    ("metric", "best"),
    [(LEAD, [False, True]), (NUMBERS, [True, False]), (replace(LEAD, better="neither"), [False] * 2)],
)
def test_the_best_is_where_better_is(metric, best) -> None:
    assert [cell.best for cell in cells(run("a", 10.0, metric=metric), run("b", 20.0, metric=metric))] == best


def test_equal_values_partial_runs_and_ceilings_are_not_the_best() -> None:
    a, b = run("a", 10.0), run("b", 20.0)
    assert not any(cell.best for cell in cells(a, run("b", 10.0)))
    cut = cells(a, b, run("c", 30.0, limit=1))
    assert [(cell.best, cell.partial) for cell in cut] == [(False, False), (True, False), (False, True)]
    assert [cell.best for cell in cells(a, b, run("oracle-sentence", 30.0))] == [False, True, False]
    assert [cell.best for cell in cells(a, b, run("oracle-sentence", 20.0))] == [False, True, False]
    assert [cell.best for cell in cells(a, b, run("c", 20.0))] == [False, True, True]
    assert not any(cell.best for cell in cells(a))


def test_a_metric_counted_in_another_way_is_a_column_of_its_own() -> None:
    words = replace(LEAD, title="ROUGE-L（按词）", meaning="words")
    (group,) = groups([run("a", 10.0), run("b", 20.0, metric=words)])
    assert [[cell and cell.value for cell in row.cells] for row in score_rows(group)] == [
        ["10.0", None],
        [None, "20.0"],
    ]


def test_slices_are_of_guarded_metrics_and_hold_every_part() -> None:
    (group,) = groups([run("a", 10.0, 20.0, 30.0), run("b", 1.0)])
    (table,) = slice_tables(group)
    assert [(part.name, part.first) for part in table.parts] == [("a", True), ("b", False)]
    assert [[cell and (cell.value, cell.n) for cell in part.cells] for part in table.parts] == [
        [("20.0", 2), ("1.0", 1)], [("20.0", 1), None],
    ]  # fmt: skip


def test_guarded_metrics_come_first_and_lead() -> None:
    (group,) = groups([Run("a", (headlines("a", 3, 1),), provenance())])
    assert [metric.name for metric in group.metrics][:3] == [LEAD.name, LIMIT.name, NUMBERS.name]
    assert group.lead == LEAD


def test_the_same_system_that_did_the_same_is_one_row() -> None:
    first, second = system("bundled", 1, 0.5), system("lead", 2, 0.5)
    articles, titles, *_ = groups([first, second])
    assert [(entry.label, entry.runs) for entry in articles.entries] == [("rules", ("bundled", "lead"))]
    assert [entry.label for entry in titles.entries] == ["bundled", "lead"]
    slower = replace(first, tasks=tuple(
        replace(task, outcomes=tuple(replace(o, seconds=9.0) for o in task.outcomes)) for task in first.tasks
    ))  # fmt: skip
    again = groups([first, slower])[1]
    assert [(entry.label, entry.runs) for entry in again.entries] == [("bundled", ("bundled", "bundled (2)"))]


def test_other_systems_with_the_same_scores_stay_apart() -> None:
    (group,) = groups([run("a", 10.0, 20.0), run("b", 10.0, 20.0)])
    assert len(group.entries) == 2


def test_runs_of_one_name_are_numbered() -> None:
    assert run_labels([run("a", 1.0), run("a", 2.0), run("a (2)", 2.0)]) == ["a", "a (2)", "a (2) (2)"]
    assert unique([]) == []


def test_failures_are_told_by_reason_and_parts_in_words() -> None:
    done = run("a", 1.0, 0.0, 0.0, failed={1, 2}).tasks[0]
    assert failed_words(done) == ["2 条：gone（i1、i2）"]
    assert partial_words(done) == ""
    cut = replace(done, limit=3, planned=94)
    assert partial_words(cut) == "部分运行，只做了 94 条中的 3 条，不能算结果。"
    told = warnings([Run("a", (cut,), provenance())], groups([Run("a", (cut,), provenance())]))
    assert told == ["headlines · a：部分运行，只做了 94 条中的 3 条，不能算结果。"]


def test_items_are_worst_first_by_the_first_run() -> None:
    first = run("a", 50.0, 0.0, None, 10.0, 0.0, failed={4})
    (group,) = groups([first, run("b", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)])
    assert [item.id for item in item_views(group)] == ["i4", "i1", "i3", "i0", "i2", "i5"]
    (lower,) = groups([run("a", 50.0, 0.0, 10.0, metric=NUMBERS)])
    assert [item.id for item in item_views(lower)] == ["i0", "i2", "i1"]


def test_equal_outcomes_of_systems_share_a_line() -> None:
    (group,) = groups([run("a", 10.0, 20.0), run("b", 10.0, 30.0)])
    first, second = item_views(group)
    assert [said.labels for said in first.said] == [("a", "b")]
    assert [said.labels for said in second.said] == [("a",), ("b",)]


def test_marks_and_yes_or_no_are_told_in_words() -> None:
    scores = {NUMBERS.name: Score(100.0), LIMIT.name: Score(100.0)}
    made = Outcome("i", {}, "问", "共8万人", ("共5万人",), scores, (Mark((1, 4), "无据"),))
    task = TaskRun("headlines", 1, "a", "1", (NUMBERS, LIMIT), (made,), 1)
    (group,) = groups([Run("a", (task,), provenance())])
    (item,) = item_views(group)
    (said,) = item.said
    assert [(chip.value, chip.bad) for chip in said.chips] == [("是 ✗", True), ("是 ✓", False)]
    assert said.faults == (("8万人", "无据"),)
    assert item.flagged
    assert said.segments == (
        Segment("共", "same"), Segment("5", "missing"), Segment("8", "added", ("无据",)),
        Segment("万人", "same", ("无据",)),
    )  # fmt: skip


def test_lists_are_not_compared_with_references() -> None:
    articles = groups([system("a", 1, 0.5)])[0]
    for item in item_views(articles):
        assert [said.compared for said in item.said] == [None]
        assert {segment.kind for said in item.said for segment in said.segments} == {"plain"}


def test_the_closest_reference_is_compared_and_a_strange_one_is_not() -> None:
    assert closest("县医院夜间门诊开诊", ["图书馆延长开放", "医院夜间门诊", "医院夜间门诊"]) == 1
    assert closest("县医院", ["图书馆延长开放"]) is None
    assert closest("县医院", []) is None


def test_single_letters_between_changes_are_no_agreement() -> None:
    assert segments("甲一乙丙丁", "子一丑丙丁") == [
        Segment("子一丑", "missing"), Segment("甲一乙", "added"), Segment("丙丁", "same"),
    ]  # fmt: skip


@given(TEXT, TEXT, st.lists(st.tuples(st.integers(0, 16), st.integers(0, 16)), max_size=3))
def test_segments_spell_the_output_and_the_reference(output, reference, spans) -> None:
    marks = [Mark((min(span), max(span)), f"r{i}") for i, span in enumerate(spans)]
    made = segments(output, reference, marks)
    assert "".join(one.text for one in made if one.kind != "missing") == output
    assert sum(len(one.text) for one in made if one.kind != "added") == len(reference)
    at = 0
    for one in made:
        if one.kind == "missing":
            assert one.reasons == ()
            continue
        for i in range(at, at + len(one.text)):
            assert one.reasons == tuple(mark.reason for mark in marks if mark.span[0] <= i < mark.span[1])
        at += len(one.text)


def test_numbers_as_people_read_them() -> None:
    seconds, rate = Metric("t", "t", "", "s"), Metric("t", "t", "", "ms")
    assert [number(v, seconds) for v in (12.345, 0.5, 0.04, 0.00123, 0.0)] == [
        "12.35",
        "0.50",
        "0.040",
        "0.0012",
        "0.00",
    ]
    assert number(12.6, rate) == "13"
    assert number(43.21, LEAD) == "43.2"


def test_what_prints_nothing_is_shown_as_its_code() -> None:
    assert shown("a\u202eb\u200bc\u3164\x00\x85\ue000\U000e0041") == (
        "a⟨U+202E⟩b⟨U+200B⟩c⟨U+3164⟩⟨U+0000⟩⟨U+0085⟩⟨U+E000⟩⟨U+E0041⟩"
    )
    assert shown(kept := "标题　“引号”—é🙂𠮷\n\tA") == kept


@given(st.lists(st.floats(0, 100), max_size=9))
def test_labels_keep_their_order_and_their_distance(values) -> None:
    made = plots.spaced(values, 7.5, 0, 100)
    order = sorted(range(len(values)), key=values.__getitem__)
    placed = [made[i] for i in order]
    assert all(after - before >= 7.5 - 1e-9 for before, after in pairwise(placed))
    assert all(-1e-9 <= value <= 100 + 1e-9 for value in made)


def test_speed_needs_two_systems_and_says_so() -> None:
    one, other = system("a", 1, 0.2), system("b", 2, 0.8)
    titles = groups([one])[1]
    assert "至少两个系统" in plots.paces([one], titles).note
    both = [one, other]
    made = plots.paces(both, groups(both)[1])
    assert len(made.plots) == 1
    assert "篇/秒" in made.plots[0].svg
    untimed = [replace(run, tasks=tuple(t for t in run.tasks if t.task != "speed")) for run in both]
    assert "条/秒" in plots.paces(untimed, groups(untimed)[1]).plots[0].svg
    elsewhere = [one, replace(other, provenance=provenance(machine="another"))]
    assert "不在同一种机器" in plots.paces(elsewhere, groups(elsewhere)[1]).note
    assert plots.paces(both, groups(both)[3]) is None


def test_lengths_are_of_what_is_written_and_skip_failures() -> None:
    made = Run("a", (headlines("a", 30, 1), answers("a", 30, 1)), provenance())
    titles, asked = groups([made])
    assert len(plots.lengths(titles).plots) == 1
    assert plots.lengths(asked) is None
    (failed,) = groups([run("a", 0.0, 0.0, failed={0, 1})])
    assert plots.lengths(failed).plots == ()
    assert "没有可画的" in plots.lengths(failed).note


def test_bars_have_a_plot_a_guarded_metric_and_say_when_there_is_none() -> None:
    (group,) = groups([run("a", 10.0), run("b", 20.0)])
    assert [plot.title for plot in plots.bars(group).plots] == ["ROUGE-L（取高）↑"]
    (blank,) = groups([run("a", None)])
    assert plots.bars(blank).plots == ()
    assert "没有可画的" in plots.bars(blank).note


def test_a_name_in_a_plot_is_text() -> None:
    (plot,) = plots.bars(groups([hostile()])[0]).plots
    assert "<script" not in plot.svg
    assert "&lt;/script" in plot.svg


def test_a_task_without_guarded_metrics_is_led_by_its_first() -> None:
    (group,) = groups([Run("a", (speed("a", 4.0),), provenance())])
    assert group.lead.name == "alone"
    assert item_views(group)[0].id == "alone 4"  # slowest first
    assert item_views(group)[-1].id == "batch"


def test_answers_with_a_weighed_metric_keep_their_n() -> None:
    (group,) = groups([Run("a", (answers("a", 20, 1),), provenance())])
    (row,) = score_rows(group)
    assert [cell.n for cell in row.cells] == [20, 15]
    assert group.metrics[0] == F1

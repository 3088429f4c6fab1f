"""The evaluation screen in a real browser: two runs side by side, a reference, a run begun with it."""

from __future__ import annotations

from pathlib import Path

from eval.data import load_gold
from tests.browsing import needs_chromium, unnamed

BASELINE = Path(__file__).resolve().parent.parent / "eval" / "baselines" / "bundled.json"

pytestmark = needs_chromium


def test_a_run_is_brought_and_shown_then_compared(page, tmp_path):
    page.get_by_role("tab", name="评测").click()
    page.wait_for_selector("#eval-runs :text('还没有评测')")
    other = tmp_path / "other.json"
    other.write_text(
        BASELINE.read_text(encoding="utf-8").replace('"name": "bundled"', '"name": "<b>另一个</b>"', 1),
        encoding="utf-8",
    )
    bring = page.locator("input[type=file][accept*=json]")
    bring.set_input_files(BASELINE)
    page.wait_for_selector("#eval-tables :text('95% 区间')")
    page.wait_for_selector("#eval-items .item")
    bring.set_input_files(other)
    page.wait_for_selector("#eval-tables :text('看不出差别')")
    assert page.locator("#eval-runs .run.chosen").count() == 2
    page.wait_for_selector("#eval-runs :text('<b>另一个</b>')")  # text of a file is text
    page.locator("#eval-runs .run").first.click()
    page.wait_for_selector("#eval-items .item")


def test_what_is_no_run_is_refused_in_chinese(page, tmp_path):
    page.get_by_role("tab", name="评测").click()
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    page.locator("input[type=file][accept*=json]").set_input_files(tmp_path / "x.json")
    page.wait_for_selector(".toast-message-text:has-text('这不是评测文件')")


def test_a_reference_is_written_refused_mended_and_measured_with(page, data):
    page.wait_for_selector("#loading:not(:has(.stage))", state="attached")
    page.get_by_role("tab", name="评测").click()
    page.get_by_role("tab", name="参考标题与答案").click()
    page.locator("#reference-find input, #reference-find textarea").first.fill("夜间门诊")
    page.locator("#reference-list .card:has-text('夜间门诊')").first.click()
    page.wait_for_selector("#reference-article :text('6800')")
    page.locator("#reference-headlines textarea").fill("县医院夜间门诊接诊9900人次")
    page.locator("#reference-save").click()
    page.wait_for_selector(".toast-message-text:has-text('原文没有 9900')")
    page.locator("#reference-headlines textarea").fill("县医院夜间门诊接诊6800人次")
    page.locator("#reference-question input, #reference-question textarea").first.fill("接诊多少人次？")
    page.locator("#reference-answers textarea").fill("6800人次")
    page.locator("#reference-save").click()
    page.wait_for_selector("#reference-status:has-text('标题 1 个，问题 1 个')")
    page.wait_for_selector("#reference-questions .card:has-text('6800人次')")
    gold = load_gold(data / "evaluation" / "references.jsonl")
    assert gold.stories[0].headlines == ("县医院夜间门诊接诊6800人次",)
    assert gold.questions[0].accepted == ("6800人次",)
    page.get_by_role("tab", name="评测结果").click()
    page.get_by_label("本社写的参考").check()
    page.locator("#eval-begin").click()
    page.wait_for_selector("#eval-standing:has-text('评测完成')", timeout=180_000)
    page.locator("#eval-runs .run:has-text('标题 · 阅读')").first.click()
    page.wait_for_selector("#eval-items .item:has-text('yunxi_daily')")
    page.locator("#eval-items .item").first.click()
    page.wait_for_selector("#reference-article :text('6800')")


def test_after_use_the_data_folder_holds_nothing_a_browser_may_not_be_denied(page, data):
    assert unnamed(data) == set()  # else name it in launch.KEPT

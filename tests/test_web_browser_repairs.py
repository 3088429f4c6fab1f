"""In a real browser: conversations renamed, found, exported and deleted; articles merged and split."""

from __future__ import annotations

from tests.browsing import SAMPLES, SUGGESTED, needs_chromium

pytestmark = needs_chromium


def test_a_conversation_is_renamed_found_exported_and_deleted(page):
    page.locator("#suggested").get_by_role("button", name=SUGGESTED).click()
    page.wait_for_selector("#talk .said:has-text('6800人次')")
    page.get_by_role("button", name="管理这个对话").click()
    page.locator("#talk-name textarea, #talk-name input").fill("夜间门诊的报道")
    page.locator("#talk-rename").click()
    page.wait_for_selector("#talks button.chosen:has-text('夜间门诊的报道')")
    page.locator("#talk-find textarea, #talk-find input").fill("不在任何对话里的词")
    page.wait_for_selector("#talks button", state="detached")
    page.locator("#talk-find textarea, #talk-find input").fill("6800")
    page.wait_for_selector("#talks button.chosen")
    for name, suffix in (("Markdown", ".md"), ("JSON", ".json")):
        with page.expect_download() as sent:
            page.get_by_role("button", name=name, exact=True).click()
            page.locator(f"#talk-fetched a[href$='{suffix}']").first.click()
        assert "6800人次" in sent.value.path().read_text(encoding="utf-8")
    page.locator("#talk-delete").click()
    page.wait_for_selector("#talks button:has-text('夜间门诊的报道')", state="detached")


def stories(page, count):
    page.wait_for_function(f"document.querySelectorAll('button.story').length === {count}")


def test_articles_are_merged_split_and_brought_back(page):
    page.get_by_role("tab", name="版面").click()
    page.locator("#page-file input[type=file]").set_input_files(SAMPLES / "tongchuan_evening.txt")
    page.wait_for_selector("text=写好 7 个标题")
    page.locator("button.story").nth(1).click()
    page.locator("#page-repair").get_by_role("button", name="手工修正").click()
    page.get_by_role("button", name="并入上一篇").click()
    stories(page, 6)
    page.get_by_role("button", name="撤销").click()
    stories(page, 7)
    page.locator("button.story").nth(2).click()
    page.wait_for_selector("#page-strip button.line.mine")
    page.locator("#page-strip button.line.mine").nth(3).click()
    page.wait_for_selector("#page-strip button.line.picked")
    page.get_by_role("button", name="从所选行分开").click()
    stories(page, 8)


def test_sending_nothing_leaves_the_conversation_as_it_is(page):
    page.locator("#suggested").get_by_role("button", name=SUGGESTED).click()
    page.wait_for_selector("#talk .said:has-text('6800人次')")
    page.locator("#question textarea").press("Enter")
    page.locator("#send").click()
    page.wait_for_timeout(1500)
    assert page.locator("#talk .said").count() == 1 and page.locator("#send").is_enabled()

"""Accounts in a real browser: wrong passwords, the lock-out, and two people who see nothing of each other."""

from __future__ import annotations

import pytest

from summarizer.web.accounts import Accounts
from tests.browsing import SUGGESTED, needs_chromium, started, unnamed, visitor

PASSWORDS = {"yuan": "four plain words here", "qin": "another four plain words"}

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(data):
    accounts = Accounts(data / "accounts.json")
    for name, password in PASSWORDS.items():
        accounts.add(name, password)
    with started(data) as where:
        yield where


def login(page, name, password):
    page.locator("input[type=text], textarea").first.fill(name)
    page.locator("input[type=password]").fill(password)
    with page.expect_response(lambda answer: answer.url.rstrip("/").endswith("/login")) as answer:
        page.locator("input[type=password]").press("Enter")
    return answer.value.status


def test_two_accounts_see_nothing_of_each_other(browser, address, data):
    with visitor(browser, address) as page:
        login(page, "yuan", PASSWORDS["yuan"])
        page.wait_for_selector("#send")
        page.locator("#suggested").get_by_role("button", name=SUGGESTED).click()
        page.wait_for_selector("#talk .said:has-text('6800人次')")
        assert page.locator("#talks button").count() == 1
    with visitor(browser, address) as page:
        login(page, "qin", PASSWORDS["qin"])
        page.wait_for_selector("#suggested button:visible")
        assert page.locator("#talks button").count() == 0
    assert unnamed(data) == set()


def test_too_many_wrong_passwords_are_told_to_wait(browser, address):
    with visitor(browser, address) as page:
        page.wait_for_selector("input[type=password]")
        assert [login(page, "yuan", "not the password") for _ in range(5)] == [400] * 5
        assert login(page, "yuan", PASSWORDS["yuan"]) == 429  # the right one waits, too
        page.wait_for_selector("#locked-out:has-text('请等')")
        assert login(page, "qin", PASSWORDS["qin"]) == 200  # another name does not
        page.wait_for_selector("#send")

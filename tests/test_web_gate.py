"""The door of the real server: nobody without an account, and whoever guesses waits."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from summarizer.web.accounts import Accounts
from tests.browsing import needs_chromium

ROOT = Path(__file__).resolve().parent.parent
WORD = "四个不相干的词语连写"


def start(data, *words):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return subprocess.Popen(
        [sys.executable, "app.py", "--data", str(data), "--port", str(port), *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def kept_in(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def address(kept_in):
    """The app with one account, for all tests of this file."""
    pytest.importorskip("gradio")
    data = kept_in
    Accounts(data / "accounts.json").add("编辑", WORD)
    with start(data) as server:
        told = server.stdout.readline().strip()
        if not told:
            raise AssertionError(server.stderr.read())
        yield told.rstrip("/")
        server.kill()


def login(client, address, password, name="编辑"):
    return client.post(f"{address}/login", data={"username": name, "password": password})


def test_nothing_is_told_without_an_account(address):
    with httpx.Client(timeout=60) as client:
        for path in ("/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=x"):
            assert client.get(address + path).status_code == 401, path
        joined = client.post(f"{address}/gradio_api/queue/join", json={"data": [], "fn_index": 0})
        assert joined.status_code == 401
        page = client.get(address)
        assert page.status_code == 200
        assert '"components":[],"dependencies":[]' in page.text  # the form to log in, nothing else


def test_the_right_password_opens_the_door(address):
    with httpx.Client(timeout=60) as client:
        assert login(client, address, WORD).json() == {"success": True}
        assert client.get(f"{address}/config").json()["components"]


def test_whoever_guesses_waits_and_is_told_so(address):
    with httpx.Client(timeout=60) as client:
        answers = [login(client, address, "wrong wrong", name="别人").status_code for _ in range(5)]
        locked = login(client, address, "wrong wrong", name="别人")
        assert login(client, address, WORD).status_code == 200  # the others come in
    assert answers == [400] * 5
    assert locked.status_code == 429 and int(locked.headers["retry-after"]) in range(20, 31)
    assert "Try again in" in locked.json()["detail"] and not locked.cookies


def test_another_password_ends_the_sessions_of_the_old_one(address, kept_in):
    with httpx.Client(timeout=60) as mine, httpx.Client(timeout=60) as others:
        accounts = Accounts(kept_in / "accounts.json")
        accounts.add("主任", WORD)
        assert login(mine, address, WORD, "主任").status_code == 200
        assert login(others, address, WORD).status_code == 200
        assert mine.get(f"{address}/config").status_code == 200
        accounts.add("主任", "另外四个不相干的词语")
        assert mine.get(f"{address}/config").status_code == 401
        assert others.get(f"{address}/config").status_code == 200
        assert login(mine, address, "另外四个不相干的词语", "主任").status_code == 200
        accounts.remove("主任")
        assert mine.get(f"{address}/config").status_code == 401


@needs_chromium
def test_the_form_shows_the_wait(browser, address):
    """In a real browser: five wrong passwords, then the right one."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)

    def log_in(password):
        page.locator("input").nth(0).fill("陌生人")
        page.locator("input[type=password]").fill(password)
        with page.expect_response("**/login") as answer:
            page.locator("button").last.click()
        return answer.value.status

    assert [log_in(f"wrong wrong {at}") for at in range(6)] == [400] * 5 + [429]
    told = page.locator("#locked-out").inner_text()
    assert re.fullmatch(r"输错的次数太多，请等 (2\d|30) 秒再试。 Too many .* seconds\.", told)
    context.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_others_are_not_let_in_without_an_account(tmp_path, host):
    pytest.importorskip("gradio")
    with start(tmp_path / "data", "--host", host) as server:
        out, err = server.communicate(timeout=120)
    assert server.returncode == 2 and out == ""
    assert "expected accounts" in err and "--add-user" in err


def test_add_user_asks_twice_and_shows_and_keeps_no_password(tmp_path):
    pty = pytest.importorskip("pty")
    data = tmp_path / "data"

    def add(*typed):
        """In a terminal of its own: the exit code, and what was to be seen there."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(ROOT)
            words = [sys.executable, "-m", "summarizer", "app", "--data", str(data), "--add-user", "editor"]
            os.execv(sys.executable, words)
        seen, answers = b"", list(typed)
        while True:
            try:
                seen += os.read(terminal, 1000)
            except OSError:  # it has ended
                break
            if seen.count(b": ") > len(typed) - len(answers) and answers:
                os.write(terminal, f"{answers.pop(0)}\n".encode())
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()

    word = "four-words-make-one"
    code, seen = add(word, word)
    assert code == 0 and word not in seen and "editor: may log in" in seen, seen
    accounts = Accounts(data / "accounts.json")
    assert accounts.check("editor", word) and accounts.path.stat().st_mode & 0o777 == 0o600
    code, seen = add("short", "short")
    assert code == 1 and "10 to 1,000 characters" in seen
    assert accounts.check("editor", word)

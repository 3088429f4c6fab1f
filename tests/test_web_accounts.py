"""Accounts: salted, slow, closed to others; too many wrong passwords wait, longer each time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading

import pytest

from summarizer.errors import AccountError, LockedOutError
from summarizer.web import accounts as module
from summarizer.web import lockout
from summarizer.web.accounts import Accounts
from summarizer.web.gate import Gate

WORD = "四个不相干的词语连写"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cheap(monkeypatch):
    """Hashes that take no time: most tests are about other things."""
    monkeypatch.setattr(module, "_COST", (16, 1, 1))


@pytest.fixture
def accounts(tmp_path, clock, cheap):
    accounts = Accounts(tmp_path / "data" / "accounts.json", clock=clock)
    accounts.add("编辑", WORD)
    return accounts


# --- who may come in


def test_there_is_no_account_until_one_is_made(tmp_path, cheap):
    accounts = Accounts(tmp_path / "accounts.json")
    assert accounts.names() == []
    for name in ("admin", "local", "root", ""):
        assert not accounts.check(name, name or "admin")
    assert not (tmp_path / "accounts.json").exists()


def test_the_right_password_and_no_other(accounts):
    assert accounts.check("编辑", WORD)
    for wrong in ("", WORD[:-1], WORD + "x", WORD * 200, "\0", "\ud800"):
        assert not accounts.check("编辑", wrong, address=wrong[:3])
    assert not accounts.check("别人", WORD)


def test_a_password_typed_on_another_machine_is_the_same(accounts):
    accounts.add("Zoé", "cafe\u0301 au lait")
    assert accounts.check("Zoé", "caf\u00e9 au lait")
    assert not accounts.check("Zoé", "CAFÉ AU LAIT")


def test_names_that_look_alike_cannot_be_two_accounts(accounts):
    accounts.add("Ｚｏｅ ", WORD)
    accounts.add("Zoe", "另外一个长一点的密码")
    assert accounts.names() == ["Zoe", "编辑"]
    # nor does another spelling log in: it would be another owner
    assert not accounts.check("Ｚｏｅ", "另外一个长一点的密码") and not accounts.knows("Ｚｏｅ")
    assert accounts.check("Zoe", "另外一个长一点的密码")


def test_other_spellings_are_no_way_round_the_lock(accounts):
    accounts.add("Zoe", WORD)
    for name in ("Zoe", "Ｚoe", "Zｏe", "Zoｅ", " Zoe"):
        assert not accounts.check(name, "wrong wrong", "10.0.0.1")
    with pytest.raises(LockedOutError):
        accounts.check("Zoe", WORD, "10.0.0.1")


def test_the_real_cost_is_kept_with_the_hash_and_can_be_raised(tmp_path, monkeypatch):
    accounts = Accounts(tmp_path / "accounts.json")
    accounts.add("编辑", WORD)
    row = json.loads((tmp_path / "accounts.json").read_text("utf-8"))["accounts"]["编辑"]
    # OWASP's least for scrypt: N = 2^15, r = 8, p = 3
    assert row["scrypt"] == {"n": 2**15, "r": 8, "p": 3}
    monkeypatch.setattr(module, "_COST", (16, 1, 1))
    assert accounts.check("编辑", WORD)


def test_every_hash_has_its_own_salt_and_no_password_is_in_the_file(accounts):
    accounts.add("另一个", WORD)
    raw = accounts.path.read_text("utf-8")
    rows = json.loads(raw)["accounts"]
    assert rows["编辑"]["salt"] != rows["另一个"]["salt"] and rows["编辑"]["hash"] != rows["另一个"]["hash"]
    assert WORD not in raw


def test_an_unknown_name_costs_the_same_work(accounts, monkeypatch):
    asked = []
    real = hashlib.scrypt

    def counted(password, **cost):
        asked.append((cost["n"], cost["r"], cost["p"], cost["dklen"], len(cost["salt"])))
        return real(password, **cost)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    accounts.check("编辑", "wrong wrong")
    accounts.check("没有这个人", "wrong wrong")
    assert len(asked) == 2 and asked[0] == asked[1]


def test_hashes_are_compared_in_constant_time(accounts, monkeypatch):
    import hmac

    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    assert accounts.check("编辑", WORD) and not accounts.check("x", WORD)
    assert [len(a) == len(b) == 32 for a, b in compared] == [True, True]


@pytest.mark.parametrize("password", ["", "aaaaaaaaaaaa", "1212121212", "x" * 1001, "Editor-A12"])
def test_a_weak_password_is_refused(accounts, password):
    with pytest.raises(AccountError, match="expected a password"):
        accounts.add("editor-a12", password)
    assert accounts.names() == ["编辑"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "x" * 41, "local", "ｌocal"])
def test_a_name_must_be_seen(accounts, name):
    with pytest.raises(AccountError, match="expected a name"):
        accounts.add(name, WORD)


def test_added_and_removed_counts_at_once(accounts, clock):
    other = Accounts(accounts.path, clock=clock)  # another process
    other.add("新人", WORD)
    assert accounts.knows("新人") and accounts.check("新人", WORD) and accounts.names() == ["新人", "编辑"]
    assert other.remove("新人") and not other.remove("新人")
    assert not accounts.knows("新人") and not accounts.check("新人", WORD)
    other.add("编辑", "另外一个长一点的密码")
    assert not accounts.check("编辑", WORD) and accounts.check("编辑", "另外一个长一点的密码")


def test_two_who_add_at_once_both_stay(accounts):
    def add(name):
        Accounts(accounts.path).add(name, WORD)

    threads = [threading.Thread(target=add, args=(f"user{at}",)) for at in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(accounts.names()) == 13


# --- the file


def test_only_its_owner_may_read_it(accounts):
    assert accounts.path.stat().st_mode & 0o777 == 0o600
    assert accounts.path.parent.stat().st_mode & 0o777 == 0o700
    accounts.path.chmod(0o644)
    with pytest.raises(AccountError, match="found mode 0644"):
        Accounts(accounts.path).names()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"format": 2, "accounts": {}}', '{"format": 1, "accounts": {"a": {}}}',
        '{"format": 1, "accounts": {"a": {"scrypt": {"n": 16, "r": 1, "p": 1}, "salt": "", "hash": ""}}}',
        '{"format": 1, "accounts": {"a": {"scrypt": {"n": 1099511627776, "r": 8, "p": 1}, '
        f'"salt": "{"A" * 24}", "hash": "{"A" * 43}="' + "}}}",
    ],
)  # fmt: skip
def test_a_damaged_file_lets_nobody_in(accounts, text):
    accounts.path.write_text(text, encoding="utf-8")
    fresh = Accounts(accounts.path)
    for act in (fresh.names, lambda: fresh.check("编辑", WORD), lambda: fresh.add("b", WORD)):
        with pytest.raises(AccountError, match="expected accounts in format 1"):
            act()
    assert accounts.path.read_text("utf-8") == text  # nor is it overwritten


# --- the lock


def wrong(accounts, times, name="编辑", address="10.0.0.1"):
    for _ in range(times):
        assert accounts.check(name, "wrong wrong", address) is False


def locked(accounts, name="编辑", address="10.0.0.1", password=WORD):
    with pytest.raises(LockedOutError) as error:
        accounts.check(name, password, address)
    return error.value.wait


def test_five_wrong_passwords_wait_and_longer_each_time(accounts, clock):
    wrong(accounts, 5)
    for wait in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        assert locked(accounts) == wait  # the right password too, else the lock would tell it
        clock.now += wait - 0.5
        assert locked(accounts) == 1
        clock.now += 0.5
        wrong(accounts, 1)


def test_it_is_told_politely(accounts):
    wrong(accounts, 5)
    with pytest.raises(LockedOutError, match="Try again in 30 seconds"):
        accounts.check("编辑", WORD, "10.0.0.1")


def test_others_and_other_places_are_not_locked(accounts):
    accounts.add("另一个", WORD)
    wrong(accounts, 5)
    assert accounts.check("另一个", WORD, "10.0.0.1")
    assert accounts.check("编辑", WORD, "10.0.0.2")


def test_the_right_password_forgives(accounts):
    for _ in range(10):
        wrong(accounts, 4)
        assert accounts.check("编辑", WORD, "10.0.0.1")


def test_an_address_that_tries_many_names_is_locked(accounts):
    for at in range(20):
        wrong(accounts, 1, name=f"user{at}")
    assert locked(accounts) == 30
    assert accounts.check("编辑", WORD, "10.0.0.2")


def test_a_right_password_between_does_not_unlock_an_address_that_guesses(accounts):
    accounts.add("eve", WORD)
    for at in range(20):
        wrong(accounts, 1, name=f"user{at}")
        if at < 19:
            assert accounts.check("eve", WORD, "10.0.0.1")
    assert locked(accounts, name="eve") == 30


def test_a_name_that_is_tried_from_everywhere_is_locked(accounts):
    for at in range(50):
        wrong(accounts, 1, address=f"10.0.1.{at}")
    assert locked(accounts, address="10.9.9.9") == 30


def test_a_day_later_all_is_forgotten(accounts, clock):
    wrong(accounts, 5)
    clock.now += 24 * 3600 + 1
    wrong(accounts, 5)
    assert locked(accounts) == 30


def test_a_thousand_at_once_are_no_way_round_the_lock(accounts):
    answers = []

    def guess():
        try:
            answers.append(accounts.check("编辑", "wrong wrong", "10.0.0.1"))
        except LockedOutError:
            answers.append("locked")

    threads = [threading.Thread(target=guess) for _ in range(60)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers.count(False) == 5 and answers.count("locked") == 55


def test_a_flood_of_names_fills_no_memory(accounts, monkeypatch):
    monkeypatch.setattr(lockout, "_MOST", 100)
    for at in range(300):
        accounts._lockout.attempt(f"user{at}", f"10.0.{at // 200}.{at % 200}")
    assert len(accounts._lockout._tries) == 100


# --- the door


def test_the_door_knows_where_a_guess_comes_from(accounts):
    from starlette.exceptions import HTTPException

    gate, answers = Gate(accounts), []

    async def login(scope, receive, send):
        try:
            answers.append(await gate.check("编辑", scope["password"]))
        except HTTPException as error:
            answers.append((error.status_code, error.headers["Retry-After"]))

    async def knock(address, password):
        scope = {"type": "websocket", "client": address and (address, 1), "password": password}
        await gate.middleware(login)(scope, None, None)

    async def guess():
        for _ in range(6):
            await knock("10.0.0.1", "wrong wrong")
        await knock("10.0.0.2", WORD)
        await knock(None, WORD)

    asyncio.run(guess())
    assert answers == [False] * 5 + [(429, "30"), True, True]


def test_only_the_form_to_log_in_is_changed(accounts):
    html, text = [(b"Content-Type", b"text/html; charset=utf-8")], [(b"content-type", b"text/event-stream")]
    form = b'<head></head>"auth_required":true'
    zipped = [*html, (b"content-encoding", b"br")]

    def answered(headers, *bodies):
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "headers": [*headers, (b"content-length", b"9")]})
            for body in bodies:
                more = body is not bodies[-1]
                await send(body if isinstance(body, dict) else {"type": "http.response.body", "body": body,
                                                                "more_body": more})  # fmt: skip

        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(Gate(accounts).middleware(app)({"type": "http", "client": None}, None, send))
        return sent

    start, body = answered(html, form[:10], form[10:])
    assert b"<script>" in body["body"] and body["body"].endswith(b'</head>"auth_required":true')
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    start, body = answered(html, b"<head></head>", b"page")
    assert body["body"] == b"<head></head>page" and dict(start["headers"])[b"content-length"] == b"9"
    for headers in (text, zipped):
        start, first, second = answered(headers, form[:10], form[10:])
        assert (first["body"], second["body"]) == (form[:10], form[10:])
    start, file = answered(html, {"type": "http.response.pathsend", "path": "/x"})
    assert (start["type"], file["type"]) == ("http.response.start", "http.response.pathsend")

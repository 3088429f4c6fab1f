"""The file of conversations: private, of one version, and whole whoever writes or dies."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from summarizer.errors import StoreError
from summarizer.web.conversations import Conversations
from summarizer.web.places import data_folder, private, written
from summarizer.web.store import Store

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def kept(store):
    return Conversations(store)


def test_only_its_owner_may_read_it(store, kept):
    kept.create("local", "一")
    modes = {path.stat().st_mode & 0o777 for path in store.path.parent.iterdir()}
    assert modes == {0o600} and store.path.parent.stat().st_mode & 0o777 == 0o700


def test_another_version_is_an_error_and_stays_as_it_is(store):
    with store.writing() as base:
        base.execute("PRAGMA user_version = 99")
    store.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="format 1, found format 99, which a newer version"):
        Store(store.path)
    assert store.path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path):
    base = sqlite3.connect(tmp_path / "a.sqlite")
    base.execute("CREATE TABLE notes (text)")
    base.commit()
    base.close()
    before = (tmp_path / "a.sqlite").read_bytes()
    with pytest.raises(StoreError, match="a database of another"):
        Store(tmp_path / "a.sqlite")
    assert (tmp_path / "a.sqlite").read_bytes() == before


def test_no_database_at_all_says_so(tmp_path):
    (tmp_path / "a.sqlite").write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="file is not a database"):
        Store(tmp_path / "a.sqlite")
    with pytest.raises(StoreError, match="expected a folder"):
        Store(tmp_path / "a.sqlite" / "below" / "b.sqlite")


def test_a_closed_store_says_so(store, kept):
    store.close()
    store.close()
    with pytest.raises(StoreError, match="found it closed"):
        kept.list("local")


def test_half_a_write_is_none(store, kept):
    with pytest.raises(ZeroDivisionError), store.writing() as base:
        base.execute("INSERT INTO conversations VALUES ('a', 'local', 't', 1, 1)")
        raise ZeroDivisionError
    assert kept.list("local") == []


# --- many at once

WRITER = """
import sys
from pathlib import Path
from summarizer.web.conversations import Conversations
from summarizer.web.store import Store
store = Store(Path(sys.argv[1]))
kept = Conversations(store)
for at in range(40):
    kept.add_turn("local", sys.argv[2], f"{sys.argv[3]} {at}", None)
store.close()
"""


def test_two_servers_and_eight_threads_lose_nothing(store, kept):
    talk = kept.create("local", "大家的")
    words = [sys.executable, "-c", WRITER, str(store.path), talk.id]
    servers = [subprocess.Popen([*words, name], cwd=ROOT) for name in ("a", "b")]

    def write(name):
        for at in range(20):
            kept.add_turn("local", talk.id, f"{name} {at}", None)

    names = [f"t{at}" for at in range(8)]
    threads = [threading.Thread(target=write, args=(name,)) for name in names]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [server.wait(120) for server in servers] == [0, 0]
    questions = [turn.question for turn in kept.turns("local", talk.id)]
    assert len(questions) == 2 * 40 + 8 * 20
    for name in ("a", "b", *names):  # each one's own order is kept
        mine = [question for question in questions if question.split()[0] == name]
        assert mine == [f"{name} {at}" for at in range(40 if name in "ab" else 20)]


STARTS = """
import sys
from pathlib import Path
from summarizer.web.store import Store
print(flush=True)
sys.stdin.read()  # until all are as far as this
for at in range(20):
    store = Store(Path(sys.argv[1]) / str(at) / "app.sqlite")
    if at % 2:
        store.close()
"""


def test_first_starts_at_once_make_one_store(tmp_path):
    code = [sys.executable, "-c", STARTS, str(tmp_path)]
    servers = [
        subprocess.Popen(code, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(6)
    ]
    for server in servers:
        server.stdout.readline()
    for server in servers:
        server.stdin.close()
    assert [server.wait(120) for server in servers] == [0] * 6
    for server in servers:
        server.stdout.close()
    for at in range(20):
        store = Store(tmp_path / str(at) / "app.sqlite")
        assert Conversations(store).list("local") == []
        store.close()


def test_a_store_that_another_never_ceases_to_open_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("summarizer.web.store._PATIENCE", 0.1)
    with FileLock(tmp_path / "app.sqlite.lock"), pytest.raises(StoreError, match="another server"):
        Store(tmp_path / "app.sqlite")


def test_a_killed_writer_leaves_whole_turns(store, kept):
    talk = kept.create("local", "一")
    code = WRITER.replace("range(40)", "range(10**9)").replace("None)", "None, '长' * 5000)")
    server = subprocess.Popen([sys.executable, "-c", code, str(store.path), talk.id, "a"], cwd=ROOT)
    while len(kept.turns("local", talk.id)) < 5:
        assert server.poll() is None
    server.kill()
    server.wait()
    store.close()
    again = Store(store.path)
    turns = Conversations(again).turns("local", talk.id)
    again.close()
    assert [turn.question for turn in turns] == [f"a {at}" for at in range(len(turns))]
    assert {len(turn.partial) for turn in turns} == {5000}


# --- places


def test_the_data_folder_follows_the_specification(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    home = tmp_path / ".local" / "share" / "summarizer"
    assert data_folder({"XDG_DATA_HOME": "/srv/data"}) == Path("/srv/data/summarizer")
    assert data_folder({}) == data_folder({"XDG_DATA_HOME": "relative/is/ignored"}) == home


def test_a_folder_of_ours_is_closed_to_others(tmp_path):
    (tmp_path / "open").mkdir(mode=0o755)
    assert private(tmp_path / "open").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="expected a folder of our own"):
        private(tmp_path / "file")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.json"
    written(path, {"字": 1})
    with pytest.raises(ValueError):
        written(path, {"字": float("nan")})
    assert path.read_text(encoding="utf-8") == '{\n "字": 1\n}'
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
    assert path.stat().st_mode & 0o777 == 0o600

"""Batch jobs: they outlive whoever started them, lose nothing when killed, and are their owner's alone."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import summarizer
from summarizer import batch
from summarizer.config import Settings
from summarizer.errors import NotYoursError, StoreError
from summarizer.pages import read
from summarizer.web.jobfolder import JobFolder
from summarizer.web.jobs import FORMS, Jobs, Limits
from summarizer.web.uploads import accept_all
from tests.scripted import newspaper

SAMPLES = Path(summarizer.__file__).parent / "samples"
ROOT = SAMPLES.parent.parent
PAGES = sorted(SAMPLES.glob("*.txt"))
# Seconds a test waits for a process before it fails; a slow machine takes some of them.
_LONG = 120.0


def until(what, *, process=None):
    end = time.monotonic() + _LONG
    while time.monotonic() < end:
        if found := what():
            return found
        assert process is None or process.poll() is None, "the process ended"
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


class Bench:
    """Jobs in a folder, with a scripted model that takes `delay` seconds a page."""

    def __init__(self, tmp_path, delay=0.0, **limits):
        self.folder, self._sent = tmp_path / "jobs", tmp_path / "sent"
        self._sent.mkdir(exist_ok=True)
        words = [sys.executable, "-m", "tests.scripted_worker", str(delay)]
        self.jobs = Jobs(self.folder, worker=words, limits=Limits(**limits))

    def uploads(self, pages=PAGES, copies=1):
        sent = [(page, f"{at}{page.name}" if at else page.name) for at in range(copies) for page in pages]
        kept, refused = accept_all(sent, self._sent)
        assert not refused
        return kept

    def submit(self, owner="ann", title="八月", copies=1, pages=PAGES, **settings):
        return self.jobs.submit(owner, title, Settings(**settings), self.uploads(pages, copies))

    def state(self, job, owner="ann"):
        return self.jobs.get(owner, job.id).state

    def seen(self, job, owner="ann"):
        progress = self.jobs.get(owner, job.id).progress
        return progress.seen if progress else 0

    def when(self, job, *states, owner="ann"):
        until(lambda: self.state(job, owner) in states)
        return self.jobs.get(owner, job.id)

    def worker(self):
        return json.loads((self.folder / ".worker.json").read_text())["pid"]

    def out(self, job):
        return files(self.folder / job.id / "out")

    def kill_midway(self, job, seen):
        """SIGKILL to the process as soon as it has seen so many pages."""
        until(lambda: self.state(job) == "running" and self.seen(job) >= seen)
        os.kill(self.worker(), signal.SIGKILL)

    def finished(self, job):
        """What the disk says, without asking `jobs`, which would start a process."""
        return JobFolder(self.folder / job.id).standing().state == "done"

    def close(self):
        """No process may be left behind."""
        for process in self.jobs._processes:
            process.kill()
            process.wait()


@pytest.fixture
def bench(tmp_path):
    opened = []

    def make(delay=0.0, **limits):
        opened.append(Bench(tmp_path, delay, **limits))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def undisturbed(tmp_path):
    """What the batch command makes of the same pages, under the names that were shown."""
    folder = tmp_path / "plain"
    folder.mkdir()
    for page in PAGES:
        shutil.copy(page, folder)
    paper = newspaper()
    before = os.getcwd()
    os.chdir(folder)
    try:
        batch.run(paper, batch.page_jobs(paper, [page.name for page in PAGES]), tmp_path / "undisturbed")
    finally:
        os.chdir(before)
    return files(tmp_path / "undisturbed")


# --- a job


def test_a_job_gives_what_the_command_line_gives(bench, tmp_path):
    one = bench()
    job = one.submit()
    done = one.when(job, "done", "failed")
    assert (done.state, done.reason, done.pages, done.title) == ("done", "", len(PAGES), "八月")
    assert one.out(job) == undisturbed(tmp_path)
    progress = done.progress
    rows = one.out(job)["summaries.jsonl"].splitlines()
    assert (progress.stage, progress.seen, progress.inputs) == ("finishing", len(PAGES), len(PAGES))
    assert progress.articles == len(rows) and progress.set_aside == 0 and progress.rate > 0
    assert progress.left == 0.0


def test_how_far_it_is_can_be_seen_while_it_runs(bench):
    one = bench(delay=0.15)
    job = one.submit(copies=3)
    told = []

    def look():
        now = one.jobs.get("ann", job.id)
        if now.progress and (not told or told[-1] != now.progress):
            told.append(now.progress)
        return now.state == "done"

    until(look)
    seen = [progress.seen for progress in told]
    assert seen == sorted(seen) and len(set(seen)) > 3
    running = [progress for progress in told if 0 < progress.seen < progress.inputs]
    assert all(progress.left > 0 and progress.rate > 0 for progress in running) and running


def test_bad_pages_are_set_aside_by_their_shown_names(bench, tmp_path):
    one = bench()
    bad = tmp_path / "x.txt"
    bad.write_text("　　\n只有一行没有报道\n", encoding="utf-8")
    sent = [(PAGES[0], "好.txt"), (bad, "../坏\u202e的.txt")]
    kept, _ = accept_all(sent, one._sent)
    # damaged after it was accepted
    kept[1].path.write_bytes(b"\x89PNG\r\n")
    job = one.jobs.submit("ann", "", Settings(), kept)
    done = one.when(job, "done")
    [aside] = one.jobs.aside("ann", job.id)
    assert aside.name == "坏的.txt" and "PNG" in aside.reason and str(tmp_path) not in aside.reason
    assert done.progress.set_aside == 1 and done.title == "好.txt"
    pages = {json.loads(row)["page"] for row in one.out(job)["summaries.jsonl"].splitlines()}
    assert pages == {"好.txt"}


def test_the_date_may_stand_in_the_name_alone(bench, tmp_path):
    one = bench()
    whole = read(PAGES[0])
    lines = [line for at, line in enumerate(whole.lines, 1) if at not in whole.running_heads]
    page = tmp_path / "p.txt"
    page.write_text("\n".join(lines), encoding="utf-8")
    kept, _ = accept_all([(page, "要闻2024-08-27.txt")], one._sent)
    job = one.jobs.submit("ann", "x", Settings(), kept)
    one.when(job, "done")
    assert {json.loads(row)["date"] for row in one.out(job)["summaries.jsonl"].splitlines()} == {"2024-08-27"}


def test_settings_are_kept_with_the_job(bench):
    one = bench()
    job = one.submit(style="brief", limit=60, seed=7)
    assert (job.style, job.model) == ("brief", "bundled")
    one.when(job, "done")
    rows = [json.loads(row) for row in one.out(job)["summaries.jsonl"].splitlines()]
    assert {(row["style"], row["limit"]) for row in rows} == {("brief", 60)}


def test_a_model_that_is_not_there_fails_with_its_reason(bench, tmp_path):
    one = bench()
    one.jobs._worker = [sys.executable, "-P", "-m", "summarizer.web.worker"]  # the real process
    job = one.submit(model=str(tmp_path / "no-model"))
    failed = one.when(job, "failed", "done")
    assert failed.state == "failed" and "no-model" in failed.reason
    again = one.jobs.resume("ann", job.id)
    assert again.state in ("waiting", "running")
    assert one.when(job, "failed").reason == failed.reason


def test_the_real_process_summarizes(bench):
    one = bench()
    one.jobs._worker = [sys.executable, "-P", "-m", "summarizer.web.worker"]
    job = one.submit(pages=PAGES[:1], model="extractive")
    assert one.when(job, "done", "failed").state == "done"
    rows = [json.loads(row) for row in one.out(job)["summaries.jsonl"].splitlines()]
    assert rows and all(row["summary"] and row["model"] == "extractive" for row in rows if row["body"])


# --- killed, stopped, resumed


def test_stop_ends_the_process_and_loses_nothing(bench, tmp_path):
    one = bench(delay=0.3)
    job = one.submit()
    until(lambda: one.seen(job) >= 1)
    worker = one.worker()
    assert one.jobs.stop("ann", job.id).state == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    whole = [json.loads(row) for row in one.out(job)["summaries.jsonl"].splitlines()]
    assert whole
    before = one.out(job)["summaries.jsonl"]
    assert one.jobs.resume("ann", job.id).state in ("waiting", "running")
    done = one.when(job, "done")
    assert one.out(job)["summaries.jsonl"].startswith(before)  # not made again
    assert one.out(job) == undisturbed(tmp_path)
    assert done.progress.articles == len(one.out(job)["summaries.jsonl"].splitlines())


def test_a_killed_process_shows_and_can_be_resumed(bench, tmp_path):
    one = bench(delay=0.3)
    job = one.submit()
    for seen in (1, 2):
        one.kill_midway(job, seen)
        assert one.when(job, "interrupted").reason == ""
        assert one.jobs.list("ann")[0].state == "interrupted"  # it does not begin again by itself
        one.jobs.resume("ann", job.id)
    assert one.when(job, "done").state == "done"
    assert one.out(job) == undisturbed(tmp_path)


SERVER = """
import sys, time
from pathlib import Path
from summarizer.config import Settings
from summarizer.web.jobs import Jobs
from summarizer.web.uploads import accept_all
folder, sent = Path(sys.argv[1]), Path(sys.argv[2])
jobs = Jobs(folder, worker=[sys.executable, "-m", "tests.scripted_worker", "0.3"])
for at in range(2):
    kept, _ = accept_all([(Path(page), Path(page).name) for page in sys.argv[3:]], sent)
    jobs.submit("ann", f"job {at}", Settings(), kept)
print("submitted", flush=True)
time.sleep(600)
"""


def test_a_job_outlives_its_server_and_so_does_the_next(bench, tmp_path):
    one = bench()
    words = [sys.executable, "-c", SERVER, str(one.folder), str(one._sent), *map(str, PAGES)]
    server = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    assert server.stdout.readline() == b"submitted\n"
    until(lambda: (one.folder / ".worker.json").exists(), process=server)
    os.killpg(server.pid, signal.SIGKILL)  # the server and all it holds together with
    server.wait()
    server.stdout.close()
    again = Bench(tmp_path)  # another server, a little later
    second, first = again.jobs.list("ann")
    assert (first.title, second.title) == ("job 0", "job 1")
    assert again.when(first, "done").state == again.when(second, "done").state == "done"
    assert again.jobs._processes == []  # it was the process of the first server that did both
    assert again.out(first) == again.out(second)


# --- one at a time


def test_one_runs_and_the_others_wait_their_turn(bench):
    one = bench(delay=0.3)
    owners = ("ann", "bob", "ann")
    jobs = [one.submit(owner) for owner in owners]
    until(lambda: one.state(jobs[0]) == "running")
    now = [one.jobs.get(owner, job.id) for owner, job in zip(owners, jobs, strict=True)]
    assert [job.ahead for job in now] == [0, 1, 2]
    assert [job.state for job in one.jobs.list("ann")] == ["waiting", "running"]
    one.jobs.stop("ann", jobs[0].id)  # the next one's turn
    until(lambda: one.state(jobs[1], "bob") == "running")
    assert one.jobs.get("ann", jobs[2].id).ahead == 1
    one.jobs.resume("ann", jobs[0].id)
    assert one.jobs.get("ann", jobs[0].id).ahead == 2  # at the end of the line
    one.when(jobs[1], "done", owner="bob")
    one.when(jobs[2], "done")
    one.when(jobs[0], "done")


def test_two_servers_start_one_process(bench):
    first, second = bench(delay=0.2), bench(delay=0.2)
    jobs = [server.submit() for _ in range(3) for server in (first, second)]
    running = []

    def all_done():
        states = [job.state for job in first.jobs.list("ann")]
        second.jobs.list("ann")
        running.append(states.count("running"))
        return states.count("done") == len(jobs)

    until(all_done)
    assert set(running) <= {0, 1}
    assert first.out(jobs[0]) == first.out(jobs[-1])


def test_a_job_sent_while_the_process_goes_home_is_not_forgotten(bench):
    one = bench()
    for _ in range(4):  # each comes when the last has just been done
        until(partial(one.finished, one.submit(pages=PAGES[:1])))  # nobody polls


def test_a_waiting_job_can_be_stopped_and_resumed(bench):
    one = bench(delay=0.3)
    first, second = one.submit(), one.submit()
    assert one.jobs.stop("ann", second.id).state == "stopped"
    assert one.state(first) in ("waiting", "running")
    one.when(first, "done")
    assert one.state(second) == "stopped"
    one.jobs.resume("ann", second.id)
    one.when(second, "done")


def test_what_makes_no_sense_does_nothing(bench):
    one = bench()
    job = one.submit(pages=PAGES[:1])
    one.when(job, "done")
    before = one.out(job)
    assert one.jobs.stop("ann", job.id).state == one.jobs.resume("ann", job.id).state == "done"
    assert one.out(job) == before
    with pytest.raises(StoreError, match="found none"):
        one.jobs.submit("ann", "x", Settings(), [])


def test_deleted_is_gone_process_and_all(bench):
    one = bench(delay=0.3)
    job, other = one.submit(), one.submit()
    until(lambda: one.seen(job) >= 1)
    one.jobs.delete("ann", job.id)
    assert not [path for path in one.folder.rglob("*") if job.id in str(path)]
    assert [left.id for left in one.jobs.list("ann")] == [other.id]
    one.when(other, "done")
    one.jobs.delete("ann", other.id)
    assert one.jobs.list("ann") == []


# --- results


def test_results_can_be_taken_while_it_runs_and_after(bench, tmp_path):
    one = bench(delay=0.3)
    job = one.submit(title="八月/头条: <b>")
    into = tmp_path / "served"
    into.mkdir()
    empty = one.jobs.download("ann", job.id, "csv", into)
    assert empty.read_bytes().startswith(b"\xef\xbb\xbfpage,order")  # nothing yet is a table of nothing
    until(lambda: one.seen(job) >= 1)
    half = {form: one.jobs.download("ann", job.id, form, into).read_text("utf-8-sig") for form in FORMS}
    assert one.state(job) == "running"
    rows = [json.loads(row) for row in half["jsonl"].splitlines()]
    assert rows and len(list(csv.reader(half["csv"].splitlines()))) > len(rows) / 2
    assert half["markdown"].startswith("## ")
    one.when(job, "done")
    names = {"jsonl": "summaries.jsonl", "csv": "summaries.csv", "markdown": "summaries.md"}
    for form in FORMS:
        path = one.jobs.download("ann", job.id, form, into)
        assert path.read_bytes() == one.out(job)[names[form]]
        assert path.parent == into and path.name.startswith("八月头条 b ")
    assert sorted(path.suffix for path in into.iterdir()) == [".csv", ".jsonl", ".md"]


def test_a_cell_is_no_formula(bench, tmp_path):
    one = bench()
    kept, _ = accept_all([(PAGES[0], "=cmd|' !A1.txt")], one._sent)
    job = one.jobs.submit("ann", "x", Settings(), kept)
    one.when(job, "done")
    table = one.jobs.download("ann", job.id, "csv", tmp_path).read_text("utf-8-sig")
    cells = [row[0] for row in csv.reader(table.splitlines(keepends=True))][1:]
    assert cells and all(cell == "'=cmd|' !A1.txt" for cell in cells)


def test_a_torn_row_is_not_handed_out(bench, tmp_path):
    one = bench()
    job = one.submit(pages=PAGES[:1])
    one.when(job, "done")
    whole = one.out(job)["summaries.jsonl"]
    with open(one.folder / job.id / "out" / "summaries.jsonl", "ab") as file:
        file.write(b'{"page": "half')
    assert one.jobs.download("ann", job.id, "jsonl", tmp_path).read_bytes() == whole
    assert one.jobs.download("ann", job.id, "csv", tmp_path).exists()


def test_a_process_that_cannot_start_is_told_and_not_tried_for_ever(bench):
    one = bench()
    one.jobs._worker = [sys.executable, "-c", "import no_such_module"]
    first, second = one.submit(pages=PAGES[:1]), one.submit(pages=PAGES[:1])
    until(lambda: [job.state for job in one.jobs.list("ann")] == ["failed", "failed"])
    assert "the log says why" in one.jobs.get("ann", first.id).reason
    log = (one.folder / "worker.log").read_text()
    assert log.count("no_such_module") < 10 and "ModuleNotFoundError" in log
    one.jobs._worker = [sys.executable, "-m", "tests.scripted_worker", "0"]  # it was mended
    for job in (first, second):
        one.jobs.resume("ann", job.id)
        one.when(job, "done")


# --- whose it is


@pytest.mark.parametrize(
    "act",
    [
        lambda jobs, id, into: jobs.get("eve", id),
        lambda jobs, id, into: jobs.stop("eve", id),
        lambda jobs, id, into: jobs.resume("eve", id),
        lambda jobs, id, into: jobs.delete("eve", id),
        lambda jobs, id, into: jobs.aside("eve", id),
        lambda jobs, id, into: jobs.download("eve", id, "csv", into),
    ],
    ids=["get", "stop", "resume", "delete", "aside", "download"],
)
def test_a_guessed_id_opens_nothing(bench, tmp_path, act):
    one = bench()
    job = one.submit(pages=PAGES[:1])
    one.when(job, "done")
    before, into = one.out(job), tmp_path / "into"
    into.mkdir()
    told = set()
    paths = ["", ".", "..", "../jobs", job.id + "/", f"./{job.id}", "a\0b", ".gone-x", "ａ" * 32]
    for id in [job.id, "0" * 32, *paths]:
        with pytest.raises(NotYoursError) as error:
            act(one.jobs, id, into)
        told.add(str(error.value))
    assert len(told) == 1 and list(into.iterdir()) == []
    assert one.out(job) == before and one.state(job) == "done"
    assert one.jobs.list("eve") == []


# --- room


def test_no_more_than_there_is_room_for(bench):
    one = bench(bytes=20_000)
    one.submit(pages=PAGES[:1])
    kept = one.uploads(PAGES * 3)
    with pytest.raises(StoreError, match="Delete some first"):
        one.jobs.submit("bob", "x", Settings(), kept)
    assert not any(page.path.exists() for page in kept)  # nothing piles up where uploads come in
    assert one.jobs.list("bob") == []


def test_one_owner_does_not_take_the_room_of_all(bench):
    one = bench(each=2 * sum(page.stat().st_size for page in PAGES[:1]) + 2_000)
    one.jobs._worker = [sys.executable, "-c", "import time; time.sleep(600)"]  # nothing is made meanwhile
    one.submit(pages=PAGES[:1])
    one.submit("bob", pages=PAGES[:1])
    with pytest.raises(StoreError, match="of your jobs, found more"):
        one.submit(pages=PAGES[:1] * 2)
    one.submit("bob", pages=PAGES[:1])


def test_no_more_jobs_than_one_may_have(bench):
    one = bench(jobs=2)
    one.submit(pages=PAGES[:1])
    one.submit(pages=PAGES[:1])
    with pytest.raises(StoreError, match="at most 2 jobs"):
        one.submit(pages=PAGES[:1])
    one.submit("bob", pages=PAGES[:1])


def test_results_that_outgrow_the_room_stop_the_job(bench):
    sizes = sum(page.stat().st_size for page in PAGES)
    one = bench(bytes=sizes + 4_000)
    job = one.submit()
    failed = one.when(job, "failed", "done")
    assert failed.state == "failed" and "expected room" in failed.reason
    assert one.out(job)["summaries.jsonl"].endswith(b"\n")  # what there was stays


# --- the disk


def test_only_its_owner_may_read_it(bench):
    one = bench()
    job = one.submit(pages=PAGES[:1])
    one.when(job, "done")
    assert one.folder.stat().st_mode & 0o777 == 0o700  # whatever is below cannot be reached
    assert {path.stat().st_mode & 0o777 for path in (one.folder / job.id / "inputs").iterdir()} == {0o600}


def test_a_damaged_job_hides_no_other(bench, caplog):
    one = bench()
    job, other = one.submit(pages=PAGES[:1]), one.submit(pages=PAGES[:1])
    one.when(other, "done")
    (one.folder / job.id / "job.json").write_text('{"format": 99}', encoding="utf-8")
    assert [left.id for left in one.jobs.list("ann")] == [other.id]
    assert "missing or damaged" in caplog.text
    with pytest.raises(NotYoursError):
        one.jobs.get("ann", job.id)
    third = one.submit(pages=PAGES[:1])
    one.when(third, "done")


def test_leftovers_of_a_crash_go(bench, tmp_path):
    one = bench()
    for name, age in ((".new-a", 2), (".gone-b", 2), (".new-c", 0)):
        (one.folder / name / "inputs").mkdir(parents=True)
        then = time.time() - age * 86_400
        os.utime(one.folder / name, (then, then))
    bench()
    assert [path.name for path in one.folder.glob(".[ng]*")] == [".new-c"]

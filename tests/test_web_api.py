"""What programs may call: search and ask with --api, nothing without it."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.browsing import SUGGESTED, started


def call(client, name, data):
    """(event, what it says) at the end of a call."""
    joined = client.post(f"/gradio_api/call/{name}", json={"data": data})
    joined.raise_for_status()
    told = client.get(f"/gradio_api/call/{name}/{joined.json()['event_id']}").text
    kind, said = told.rstrip("\n").rsplit("event: ", 1)[-1].split("\ndata: ", 1)
    return kind, json.loads(said)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    pytest.importorskip("gradio")
    with started(tmp_path_factory.mktemp("data"), "--api") as address:
        with httpx.Client(base_url=address.rstrip("/"), timeout=180, trust_env=False) as one:
            yield one


def test_an_answer_comes_with_its_sentences(client):
    kind, [answer] = call(client, "ask", [SUGGESTED])
    assert kind == "complete" and answer["answer"] == "6800人次" and not answer["refused"]
    assert any("6800人次" in citation["quote"] for citation in answer["citations"])


def test_hits_come_best_first_and_no_more_than_asked_for(client):
    kind, [hits] = call(client, "search", ["夜间门诊", 3])
    assert kind == "complete" and [hit["rank"] for hit in hits] == [1, 2, 3]
    assert "夜间门诊" in hits[0]["text"]


def test_a_question_that_is_none_is_told_as_such(client):
    kind, said = call(client, "ask", ["  "])
    assert kind == "error" and "expected a question" in json.dumps(said)


def test_the_screens_own_events_cannot_be_called(client):
    named = client.get("/gradio_api/info").json()["named_endpoints"]
    assert set(named) == {"/search", "/ask"}


def test_without_the_option_nothing_can_be_called(tmp_path):
    with started(tmp_path / "data") as address, httpx.Client(trust_env=False, timeout=60) as one:
        at = address.rstrip("/")
        one.base_url = at
        assert one.get("/gradio_api/info").json()["named_endpoints"] == {}
        assert call(one, "ask", [SUGGESTED])[0] == "error"

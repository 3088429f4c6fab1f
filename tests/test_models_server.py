"""The server client against a scripted server, for what a healthy one never does. The real one,
`transformers serve`, answers the contract tests of test_models.py."""

import threading

import httpx
import pytest

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import load
from summarizer.models.http import Http
from summarizer.models.server import Server
from summarizer.prompts import Message
from tests import tiny
from tests.fakes import ScriptedServer, events, said

ASK = {"style": "headline", "limit": 20}
HELLO = [Message("user", "你好")]
OK = (200, {}, said("云溪县客运站启用"))


@pytest.fixture
def serve():
    """Start scripted servers; build clients whose waits are noted, not slept."""
    servers, clients = [], []

    def start(*script, waits=None, timeout=5.0, models=("tiny",), **choices):
        server = ScriptedServer(*script, models=models).__enter__()
        servers.append(server)
        settings = Settings(**{"beams": 1, "server_timeout": timeout} | choices)
        http = Http(
            server.url, timeout=timeout, local=True, sleep=(waits if waits is not None else []).append
        )
        clients.append(Server("tiny", http, settings))
        return server, clients[-1]

    yield start
    for client in clients:
        client.close()
    for server in servers:
        server.__exit__()


# ---- the real one's refusal


def test_a_real_server_refuses_an_unknown_model(served):
    client = load(f"server:other@{served}", Settings(beams=1), selftest=False)
    try:
        with pytest.raises(ModelError, match="unknown model; the server offers"):
            client.propose(tiny.NEWS[:1], **ASK)
    finally:
        client.close()


# ---- what is asked


def test_requests_carry_the_prompt_the_seed_and_no_thinking(serve):
    server, client = serve(OK, beams=3, seed=7)
    found = client.propose([tiny.NEWS[0]], **ASK)
    assert [p.text for p in found[0]] == ["云溪县客运站启用"] and found[0][0].origin == "chat"
    assert [body["seed"] for body in server.requests] == [7, 8, 9]
    assert [body["temperature"] for body in server.requests] == [0.0, 0.7, 0.7]
    first = server.requests[0]
    assert first["model"] == "tiny" and first["chat_template_kwargs"] == {"enable_thinking": False}
    assert first["max_tokens"] >= 40 and tiny.NEWS[0] in first["messages"][-1]["content"]


def test_a_text_longer_than_the_servers_context_is_read_in_parts(serve):
    server, client = serve(OK, server_context=900)
    text = "\n".join(tiny.NEWS * 5)
    assert client.propose([text], **ASK)[0]
    contents = [body["messages"][-1]["content"] for body in server.requests[:-1]]
    parts = [content.split("<报道>\n")[1].split("\n</报道>")[0] for content in contents]
    assert len(parts) > 2 and "".join("".join(parts).split()) == "".join(text.split())


def test_the_servers_word_on_its_context_is_believed(serve):
    server, client = serve(OK)
    server.models = (200, {}, {"data": [{"id": "tiny", "max_model_len": 9000}]})
    again = Server("tiny", client._http, Settings())
    assert again.room([], budget=0) == 9000 and client.room([], budget=0) == 4096
    assert again.fingerprint != client.fingerprint


# ---- answers that are not plain


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (said("<think>先看数字</think>\n\n标题：云溪县客运站启用"), ["云溪县客运站启用"]),
        (said(None, reasoning_content="先看数字"), []),
        (said("<think>先看数字，还没想完"), []),
        (said(""), []),
    ],
)
def test_thinking_never_reaches_a_proposal(serve, body, expected):
    _, client = serve((200, {}, body))
    assert [p.text for p in client.propose(["客运站启用。"], **ASK)[0]] == expected


@pytest.mark.parametrize("field", ["chat_template_kwargs", "seed"])
def test_a_field_the_server_rejects_is_left_out_from_then_on(serve, field):
    server, client = serve((400, {}, {"error": {"message": f"Unrecognized request argument: {field}"}}), OK)
    assert client.propose(["客运站启用。", "客运站启用了。"], **ASK)[1]
    assert [field in body for body in server.requests] == [True, False, False]


# ---- trouble


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_after_growing_waits(serve, status):
    waits = []
    server, client = serve(
        (status, {}, {}), (status, {"retry-after": "7"}, {}), (status, {}, {}), OK, waits=waits
    )
    assert client.propose(["客运站启用。"], **ASK)[0]
    assert waits == [0.5, 7.0, 14.0] and len(server.requests) == 4


def test_a_server_that_stays_busy_is_given_up(serve):
    waits = []
    server, client = serve((500, {}, b"out of memory"), waits=waits)
    with pytest.raises(ModelError, match="answered 500: out of memory"):
        client.propose(["客运站启用。"], **ASK)
    assert len(server.requests) == 4 and waits == [0.5, 1.0, 2.0]


def test_a_retry_after_never_waits_for_ever(serve):
    waits = []
    _, client = serve((429, {"retry-after": "86400"}, {}), OK, waits=waits)
    client.propose(["客运站启用。"], **ASK)
    assert waits == [30.0]


def test_silence_is_a_time_out_and_not_asked_again(serve):
    server, client = serve((200, {"x-hang": "1"}, said("晚了")), timeout=0.2)
    with pytest.raises(ModelError, match=r"no answer within 0.2 seconds; raise server_timeout"):
        client.propose(["客运站启用。"], **ASK)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>It works!</html>", r"expected JSON, found '<html>It works!</html>'"),
        ([1, 2], "expected a JSON object"),
        ({"choices": []}, r"expected choices\[0\].message"),
        ({"choices": [{"message": None}]}, r"expected choices\[0\].message"),
        ({"error": "CUDA out of memory"}, "the server reported 'CUDA out of memory'"),
    ],
)
def test_an_answer_of_another_form_is_shown(serve, body, says):
    _, client = serve((200, {}, body))
    with pytest.raises(ModelError, match=says):
        client.propose(["客运站启用。"], **ASK)


def test_an_unknown_model_lists_those_offered(serve):
    _, client = serve((404, {}, {"error": "model not found"}), models=("qwen3-8b", "glm-4-9b"))
    with pytest.raises(ModelError, match="unknown model; the server offers: glm-4-9b, qwen3-8b"):
        client.propose(["客运站启用。"], **ASK)


def test_a_text_too_long_for_the_server_names_the_setting(serve):
    _, client = serve((400, {}, {"error": "maximum context length is 2048 tokens"}))
    with pytest.raises(ModelError, match="set server_context lower"):
        client.propose(["客运站启用。"], **ASK)


def test_a_server_that_is_down_is_an_error_at_load():
    with ScriptedServer(OK) as server:
        url = server.url
    http = Http(url, timeout=1, local=True, sleep=lambda _: None)
    with pytest.raises(ModelError, match=r"no connection after 4 tries.*Start the server"):
        Server("tiny", http, Settings())
    http.close()


def test_a_refused_key_is_an_error_at_load_and_is_not_shown(serve, monkeypatch):
    server, _ = serve(OK)
    server.models = (401, {}, {"error": "bad key"})
    monkeypatch.setenv("SUMMARIZER_API_KEY", "s3cret")
    with pytest.raises(ModelError, match="set SUMMARIZER_API_KEY") as error:
        load(f"server:tiny@{server.url}", Settings(), selftest=False)
    assert "s3cret" not in str(error.value)
    assert server.headers[-1]["Authorization"] == "Bearer s3cret"


def test_a_server_without_a_list_of_models_is_taken_at_its_word(serve):
    server, client = serve(OK)
    server.models = (404, {}, {})
    assert Server("tiny", client._http, Settings(beams=1)).propose(["客运站启用。"], **ASK)[0]


# ---- streams


def test_a_stream_shows_pieces_without_thinking(serve):
    body = b": keep-alive\n\n" + events("<thi", "nk>数字</think>", "云溪县\u2028", "客运站\x85启用")
    _, client = serve((200, {}, body))
    assert "".join(client.stream("客运站启用。", **ASK)) == "云溪县\u2028客运站\x85启用"


def test_a_stream_that_breaks_off_is_an_error(serve):
    _, client = serve((200, {}, events("云溪县", end=b"")))
    with pytest.raises(ModelError, match="broke off"):
        list(client.stream_messages(HELLO, budget=9))
    _, client = serve((200, {"content-length": "9999"}, events("云溪县", end=b"")))
    with pytest.raises(ModelError, match="connection broke while the answer was read"):
        list(client.stream_messages(HELLO, budget=9))


def test_a_stream_of_garbage_and_a_reported_error_are_errors(serve):
    _, client = serve((200, {}, b"data: {oops\n\n"))
    with pytest.raises(ModelError, match="expected JSON"):
        list(client.stream_messages(HELLO, budget=9))
    _, client = serve((200, {}, b'data: {"error": "worker died"}\n\n'))
    with pytest.raises(ModelError, match="worker died"):
        list(client.stream_messages(HELLO, budget=9))


def test_a_finish_reason_ends_a_stream_too_and_a_usage_note_is_no_piece(serve):
    last = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
    last += b'data: {"choices": [], "usage": {}}\n\n'
    _, client = serve((200, {}, events("云溪县", end=last)))
    assert "".join(client.stream_messages(HELLO, budget=9)) == "云溪县"


def test_a_busy_server_is_asked_again_before_a_stream_begins(serve):
    waits = []
    _, client = serve((503, {}, {}), (200, {}, events("云溪县")), waits=waits)
    assert list(client.stream_messages(HELLO, budget=9)) == ["云溪县"] and waits == [0.5]


def test_a_cancelled_stream_hangs_up(serve):
    _, client = serve((200, {}, events(*"云溪县客运站")))
    cancel = threading.Event()
    read = []
    for piece in client.stream_messages(HELLO, budget=9, cancel=cancel):
        read.append(piece)
        cancel.set()
    assert read == ["云"]


# ---- where texts may go


@pytest.mark.parametrize(
    "url", ["http://10.0.0.7:8000/v1", "https://api.example.com/v1", "http://127.0.0.1.evil.cn/v1"]
)
def test_an_address_off_this_machine_needs_leave(url):
    with pytest.raises(ModelError, match=r"is not this machine.*allow_remote"):
        load(f"server:tiny@{url}")


def test_with_leave_the_address_is_asked(monkeypatch):
    asked = []

    def refuse(self, request, **_):
        asked.append(request.url)
        raise httpx.ConnectError("no route")

    monkeypatch.setattr(httpx.Client, "send", refuse)
    monkeypatch.setattr("summarizer.models.http._FIRST_WAIT", 0)
    with pytest.raises(ModelError, match="no connection"):
        load("server:tiny@http://10.0.0.7:8000/v1", Settings(allow_remote=True))
    assert asked[0] == "http://10.0.0.7:8000/v1/models"


def test_a_proxy_never_sees_what_is_meant_for_this_machine(serve, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.9:3128")
    monkeypatch.setenv("ALL_PROXY", "http://10.0.0.9:3128")
    server, _ = serve(OK)
    client = load(f"server:tiny@{server.url}", Settings(beams=1), selftest=False)
    assert client.propose(["客运站启用。"], **ASK)[0]
    client.close()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("server:m@http://user:pw@127.0.0.1/v1", "holds a password"),
        ("server:m@http:///v1", "begins with http"),
        ("server:m@http://127.0.0.1:port/v1", "expected an address"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(name, says):
    with pytest.raises(ModelError, match=says) as error:
        load(name)
    assert "pw" not in str(error.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_loopback_in_all_its_forms_needs_no_leave(host, monkeypatch):
    monkeypatch.setattr("summarizer.models.http._FIRST_WAIT", 0)

    def refuse(self, request, **_):
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(httpx.Client, "send", refuse)
    with pytest.raises(ModelError, match="no connection"):
        load("server:tiny", Settings(server_url=f"http://{host}:9/v1"))

"""Any OpenAI-compatible server: vLLM, SGLang, llama.cpp, Ollama, `transformers serve`.

    server:MODEL@http://127.0.0.1:8000/v1     or server:MODEL with the setting server_url

Nothing leaves the machine unless told: an address that is not loopback needs allow_remote.
A key is read from SUMMARIZER_API_KEY when the client is built, sent to the server, and kept
out of names and messages.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
from collections.abc import Iterator, Sequence
from threading import Event
from typing import Any

import httpx

from summarizer.config import API_KEY, Settings
from summarizer.errors import ModelError
from summarizer.models import Proposal, dialogue
from summarizer.models.dialogue import Reply
from summarizer.models.http import Http
from summarizer.models.markers import neutral
from summarizer.prompts import Message
from summarizer.records import Style

__all__ = ["Server", "load"]

# As in chat.py: the likeliest answer first, mild sampling after it.
_TEMPERATURE, _TOP_P = 0.7, 0.8
# Sent because most servers know them; a server that rejects one by name is asked without it.
_OPTIONAL = ("chat_template_kwargs", "seed", "top_p")


class Server:
    """A `Generator` and a `dialogue.Talker` that asks over HTTP."""

    styles = dialogue.STYLES

    def __init__(self, model: str, http: Http, settings: Settings) -> None:
        """Asks the server for its models at once; raises ModelError when it is down or refuses us."""
        self.name = f"server:{model}@{http.url}"
        self._model, self._http = model, http
        self._candidates, self._seed = settings.beams, settings.seed
        self._offered = http.models()
        mine = self._offered.get(model, {})
        self._window = int(mine.get("max_model_len") or settings.server_context)
        # A server does not show its weights; this changes with what it says of them.
        known = {k: mine.get(k) for k in ("id", "root", "parent", "owned_by", "max_model_len", "meta")}
        self.fingerprint = hashlib.sha256(json.dumps([self.name, known], sort_keys=True).encode()).hexdigest()
        self._left_out: set[str] = set()

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """As `Generator` says."""
        return dialogue.propose(self, texts, style=style, limit=limit, count=self._candidates)

    def stream(self, text: str, *, style: Style, limit: int, cancel: Event | None = None) -> Iterator[str]:
        """The likeliest answer piece by piece, without its thinking, not cleaned of labels.

        Setting `cancel`, or closing the iterator, ends it and hangs up with the next piece.
        """
        messages = dialogue.request(self, text, style, limit)
        return self.stream_messages(messages, budget=dialogue.budget(style, limit), cancel=cancel)

    def stream_messages(
        self, messages: Sequence[Message], *, budget: int, cancel: Event | None = None
    ) -> Iterator[str]:
        """As `stream`, for any messages; at most `budget` tokens. Raises ModelError on a broken stream."""
        body = self._body(messages, budget, 0) | {"stream": True}
        return dialogue.shown(self._pieces(body, cancel), thinking=False)

    def replies(self, messages: Sequence[Message], *, budget: int, count: int) -> list[Reply]:
        """As `dialogue.Talker` says, one request an answer: many servers know no `n`."""
        return [Reply(self._answer(self._body(messages, budget, turn)), 0.0) for turn in range(count)]

    def count(self, text: str) -> int:
        """One token a character: vocabularies that know Chinese need 0.6 to 0.8."""
        return len(text)

    def room(self, messages: Sequence[Message], *, budget: int) -> int:
        # 16 tokens for the template around each message
        return self._window - budget - sum(self.count(m.content) + 16 for m in messages)

    def neutral(self, text: str) -> str:
        return neutral(text)

    def close(self) -> None:
        """Hang up; the object can't be used any more."""
        self._http.close()

    def _body(self, messages: Sequence[Message], budget: int, turn: int) -> dict[str, Any]:
        """The request for answer number `turn`; number 0 is the likeliest one."""
        return {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": budget,
            "temperature": _TEMPERATURE if turn else 0.0,
            "top_p": _TOP_P if turn else 1.0,
            "seed": self._seed + turn,
            "chat_template_kwargs": {"enable_thinking": False},
        }

    def _accepted(self, body: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in body.items() if key not in self._left_out}

    def _answer(self, body: dict[str, Any]) -> str:
        while True:
            response = self._http.post("/chat/completions", self._accepted(body))
            if response.is_success:
                return _content(self._http.json(response), "message", self.name)
            self._complain(response)

    def _pieces(self, body: dict[str, Any], cancel: Event | None) -> Iterator[str]:
        while True:
            with self._http.stream("/chat/completions", self._accepted(body)) as response:
                if response.is_success:
                    yield from self._events(response, cancel)
                    return
                response.read()
            self._complain(response)

    def _events(self, response: httpx.Response, cancel: Event | None) -> Iterator[str]:
        """The contents of a server-sent stream, up to its [DONE] or a finish reason."""
        finished = False
        for line in self._http.lines(response):
            if cancel is not None and cancel.is_set():
                return
            field, _, data = line.partition(":")
            if field != "data" or not data.strip():
                continue  # comments keep the line alive
            if data.strip() == "[DONE]":
                return
            event = self._http.parsed(data)
            if event.get("choices") or event.get("error"):  # else a note on usage
                yield _content(event, "delta", self.name)
                finished = finished or bool(event["choices"][0].get("finish_reason"))
        if not finished:
            raise ModelError(f"{self.name}: the stream broke off before its end; see the server's log.")

    def _complain(self, response: httpx.Response) -> None:
        """Raise the ModelError for a refusal; return when leaving an optional field out may help."""
        said = response.text[:300]
        rejected = [field for field in _OPTIONAL if field in said and field not in self._left_out]
        if response.status_code in (400, 422) and rejected:
            self._left_out.update(rejected)
            return
        where, code = self.name, response.status_code
        if "context" in said and code == 400:
            raise ModelError(f"{where}: the text is too long for it; set server_context lower: {said}")
        if code in (400, 404) and self._model not in self._offered:
            offered = ", ".join(sorted(self._offered)) or "none that it names"
            raise ModelError(f"{where}: unknown model; the server offers: {offered}. It said: {said}")
        raise ModelError(f"{where}: the server answered {code}: {said}")


def load(argument: str, settings: Settings) -> Server:
    """The client for MODEL@URL, or MODEL at the setting server_url. Raises ModelError."""
    model, at, url = argument.rpartition("@http")  # a model's name may hold an @ of its own
    model, url = (model, f"http{url}") if at else (argument, settings.server_url or "")
    if not model or not url:
        raise ModelError(
            f"server:{argument}: expected server:MODEL@URL, such as server:qwen3@http://127.0.0.1:8000/v1, "
            "or server:MODEL with the setting server_url."
        )
    local = _is_local(url, settings)
    http = Http(url, key=os.environ.get(API_KEY), timeout=settings.server_timeout, local=local)
    return Server(model, http, settings)


def _is_local(url: str, settings: Settings) -> bool:
    """Is the address on this machine? Raises ModelError for one that is not and was not allowed."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ModelError(f"{url!r}: expected an address such as http://127.0.0.1:8000/v1: {error}") from error
    if parsed.userinfo:
        raise ModelError(f"the address of {parsed.host} holds a password; put a key into {API_KEY}.")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ModelError(f"{url!r}: expected an address that begins with http:// or https://.")
    if _loopback(parsed.host):
        return True
    if not settings.allow_remote:
        raise ModelError(
            f"{parsed.host} is not this machine, and article texts would be sent there. "
            "If that is meant, set allow_remote = true."
        )
    return False


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _content(event: dict[str, Any], part: str, name: str) -> str:
    """The text in the first choice; "" for one without text. Raises ModelError for another form."""
    if event.get("error"):
        raise ModelError(f"{name}: the server reported {event['error']!r}.")
    try:
        text = event["choices"][0][part].get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ModelError(f"{name}: expected choices[0].{part}, found {str(event)[:200]}.") from error
    return str(text or "")

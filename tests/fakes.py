"""Small real objects that replay a script and remember what they were asked."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from summarizer.models.dialogue import Reply, shown
from summarizer.models.markers import neutral
from summarizer.models.reading import Extraction
from summarizer.records import Hit
from summarizer.terms import query_terms


class ScriptedTalker:
    """A `Talker` that answers from a list (its last entry for ever); one token a character."""

    def __init__(self, *answers, context=10_000):
        self.answers, self.context, self.asked = list(answers), context, []

    def replies(self, messages, *, budget, count):
        self.asked.append((tuple(messages), budget, count))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        texts = answer if isinstance(answer, list) else [answer]
        return [Reply(text, 0.0) for text in texts[:count]]

    def count(self, text):
        return len(text)

    def room(self, messages, *, budget):
        return self.context - budget - sum(len(message.content) for message in messages)

    def neutral(self, text):
        return neutral(text)

    @property
    def prompts(self):
        return [messages[-1].content for messages, _, _ in self.asked]


class ScriptedWriter(ScriptedTalker):
    """A `ScriptedTalker` that is heard while it writes, `size` characters at a time."""

    name = "scripted"

    def __init__(self, *answers, context=10_000, size=3):
        super().__init__(*answers, context=context)
        self.size = size

    def stream_messages(self, messages, *, budget, cancel=None):
        text = self.replies(messages, budget=budget, count=1)[0].text
        pieces = (text[at : at + self.size] for at in range(0, len(text), self.size))
        return shown((piece for piece in pieces if not (cancel and cancel.is_set())), thinking=False)


class ScriptedServer:
    """An HTTP server on loopback that answers POSTs from a script and keeps every request.

    An entry is (status, headers, body), body bytes or something to send as JSON, or a function
    that makes one of the request; `hang`
    seconds pass before the answer when the header "x-hang" holds them, and between two events
    of a stream when "x-drip" does. `sent` counts the events that somebody still listened to.
    """

    def __init__(self, *script, models=("tiny",)):
        self.script, self.requests, self.headers = list(script), [], []
        self.sent = 0
        self.models = (200, {}, {"data": [{"id": name} for name in models]})
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                owner.headers.append(dict(self.headers))
                self.answer(owner.models)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                owner.requests.append(json.loads(body))
                entry = owner.script.pop(0) if len(owner.script) > 1 else owner.script[0]
                self.answer(entry(owner.requests[-1]) if callable(entry) else entry)

            def answer(self, entry):
                status, headers, body = entry
                time.sleep(float(headers.get("x-hang", 0)))
                body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if "x-drip" in headers:
                    self.drip(body, float(headers["x-drip"]))
                else:
                    self.wfile.write(body)

            def drip(self, body, seconds):
                for event in body.split(b"\n\n"):
                    try:
                        self.wfile.write(event + b"\n\n")
                    except (BrokenPipeError, ConnectionResetError):
                        return  # whoever asked has hung up
                    owner.sent += 1
                    time.sleep(seconds)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def said(text, **fields):
    """The body of a chat completion."""
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": text} | fields}]}


def events(*pieces, end=b"data: [DONE]\n\n"):
    """The body of a streamed chat completion."""
    rows = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    return b"".join(b"data: " + json.dumps(row, ensure_ascii=False).encode() + b"\n\n" for row in rows) + end


class WordSearcher:
    """A `Searcher` by words alone, over a real library: one hit an article; keeps what it was asked."""

    def __init__(self, library):
        self.library, self.asked = library, []

    def search(self, question, *, limit, filters, each=1, fold=False):
        self.asked.append((question, filters))
        terms = query_terms(question)
        best = {}
        for found in self.library.lexical(terms, filters, 10 * limit):
            best.setdefault(found.passage.article, found)
        hits = list(best.values())[:limit]
        return [Hit(rank, f.passage, f.score, f.score, matches=_matches(f.passage.text, terms))
                for rank, f in enumerate(hits, 1)]  # fmt: skip


def _matches(text, terms):
    found = [(text.find(term), term) for term in terms if term in text]
    return tuple((at, at + len(term)) for at, term in sorted(found, key=lambda pair: -len(pair[1])))


class PointingReader:
    """A `Reader` that points at the first of `words` in a passage."""

    name = fingerprint = "pointing"

    def __init__(self, *words):
        self.words = words

    def read(self, question, passages):
        return [self._extraction(passage) for passage in passages]

    def _extraction(self, passage):
        word = next((word for word in self.words if word in passage), None)
        at = passage.find(word) if word else 0
        return Extraction((at, at + len(word or "")), 3.0 if word else -3.0)


class PointedGate:
    """A gate that lets pass what the reader pointed at."""

    threshold = 0.5

    def confidence(self, question, hits, extractions):
        return 0.9 if any(extraction.score > 0 for extraction in extractions) else 0.1

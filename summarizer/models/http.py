"""HTTP to one OpenAI-compatible server: time-outs, retries, readable errors. Knows no prompts."""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from summarizer.errors import ModelError

__all__ = ["Http"]

# Busy, or gone for a moment. Anything else will be the same the next time.
_AGAIN = {429, 500, 502, 503, 504}
_TRIES = 4
# Seconds before the second try; doubled each time, so that a restart of 3 seconds is survived.
_FIRST_WAIT = 0.5
# Longest wait that a server's Retry-After can impose on a person who watches.
_LONGEST_WAIT = 30.0
_CONNECT = 5.0


class Http:
    """A connection to `url`, which ends before "/chat/completions". All failures are ModelErrors."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout: float,
        local: bool,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`timeout`: seconds to wait for the next byte. `local`: no proxy is ever asked."""
        self.url = url.rstrip("/")
        self._timeout, self._sleep = timeout, sleep
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(_CONNECT, timeout)),
            headers={"Authorization": f"Bearer {key}"} if key else {},
            trust_env=not local,
            verify=url.startswith("https"),
        )
        self._closing = weakref.finalize(self, self._client.close)

    def close(self) -> None:
        self._closing()

    def models(self) -> dict[str, dict[str, Any]]:
        """What the server offers, by model id; {} for a server that has no such list."""
        response = self._tried(lambda: self._client.get(f"{self.url}/models"))
        if response.status_code in (404, 405, 501):
            return {}
        if not response.is_success:
            said = response.text[:200]
            raise ModelError(f"{self.url}/models: the server answered {response.status_code}: {said}")
        rows = self.json(response).get("data") or []
        return {str(row["id"]): row for row in rows if isinstance(row, dict) and "id" in row}

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """The answer, whatever its status, after retries."""
        return self._tried(lambda: self._client.post(self.url + path, json=body))

    @contextmanager
    def stream(self, path: str, body: dict[str, Any]) -> Iterator[httpx.Response]:
        """As `post`, with the body still to be read by `lines`; never retried once it has begun."""
        request = self._client.build_request("POST", self.url + path, json=body)
        response = self._tried(lambda: self._client.send(request, stream=True))
        try:
            yield response
        except httpx.ReadTimeout as error:
            raise self._too_slow() from error
        except httpx.TransportError as error:
            raise ModelError(
                f"{self.url}: the connection broke while the answer was read: {error}"
            ) from error
        finally:
            response.close()

    @staticmethod
    def lines(response: httpx.Response) -> Iterator[str]:
        """Lines of a streamed body as they come. Not httpx's iter_lines, which also cuts at U+2028
        and U+0085, in the middle of a JSON text that holds one."""
        held = b""
        for chunk in response.iter_bytes():
            *ready, held = (held + chunk).split(b"\n")
            yield from (line.rstrip(b"\r").decode("utf-8", "replace") for line in ready)
        yield held.decode("utf-8", "replace")

    def json(self, response: httpx.Response) -> dict[str, Any]:
        return self.parsed(response.text)

    def parsed(self, text: str) -> dict[str, Any]:
        """A JSON object; raises ModelError showing what came instead."""
        try:
            value = json.loads(text)
        except ValueError as error:
            raise ModelError(
                f"{self.url}: expected JSON, found {text[:200]!r}; is this an OpenAI-compatible server?"
            ) from error
        if not isinstance(value, dict):
            raise ModelError(f"{self.url}: expected a JSON object, found {text[:200]!r}.")
        return value

    def _tried(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        wait = _FIRST_WAIT
        for last in [False] * (_TRIES - 1) + [True]:
            try:
                response = send()
            except httpx.ReadTimeout as error:
                raise self._too_slow() from error  # to ask again would only make it wait longer
            except httpx.TransportError as error:
                if last:
                    raise ModelError(
                        f"{self.url}: no connection after {_TRIES} tries: {error}. "
                        "Start the server, or correct the address."
                    ) from error
            else:
                if response.status_code in (401, 403):
                    response.close()
                    raise ModelError(f"{self.url}: the server refuses the key; set SUMMARIZER_API_KEY.")
                if last or response.status_code not in _AGAIN:
                    return response
                wait = _stated_wait(response, wait)
                response.close()
            self._sleep(wait)
            wait *= 2
        raise AssertionError("the last try returns or raises")

    def _too_slow(self) -> ModelError:
        return ModelError(f"{self.url}: no answer within {self._timeout:g} seconds; raise server_timeout.")


def _stated_wait(response: httpx.Response, otherwise: float) -> float:
    """Seconds from Retry-After when it holds a number, at most _LONGEST_WAIT."""
    stated = response.headers.get("retry-after", "")
    return min(float(stated), _LONGEST_WAIT) if stated.isdecimal() else otherwise

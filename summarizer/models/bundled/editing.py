"""From keep/delete odds to headlines: a Viterbi search that never cuts what must stay whole.

The tag head says for each token how likely a headline keeps it. Tokens are first bound into units
(a number with its decimals, a Latin word, a negation with what it negates, a short bracketed name),
then the best set of units for every length is found exactly by dynamic programming.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from summarizer.records import Span

__all__ = ["Edit", "edits", "units"]

# Nats a new fragment costs: without it the search hops over single tokens. Set by hand, not swept.
FRAGMENT_COST = 1.0
# A fragment that opens a clause costs less: headlines do continue there.
CLAUSE_FRAGMENT_COST = 0.4
# Characters. A best headline is offered for each of these ranges, so that the chooser can weigh
# brevity against content.
RANGES = ((6, 11), (12, 15), (16, 19), (20, 24), (25, 30), (31, 36))
# Headlines have two halves; three and more fragments are a list of words.
MAX_PARTS = 2
# Characters. A bracketed name up to this length stays whole; a longer one may be shortened.
WHOLE_NAME = 16

_MEASURE = (
    "(?:平方公里|平方千米|平方米|立方米|千瓦时|兆瓦时?|公斤|公里|千米|厘米|毫米|公顷|人次|架次|班次|美元|欧元|小时|分钟|周年"
    "|[A-Za-z℃]{1,4}|[名人个件起次项家条元吨米里年月日号届版期岁周位时分秒成倍亩斤头只辆所座户台套枚场篇部村镇县市省国种类批层栋间张站])"
)
# Deleting a negation turns the news around; a number without its unit or a half number invents.
_BOUND = re.compile(
    rf"\d[\d.,:/—-]*[多余]?(?:%|个百分点|[万亿千百]+)?[多余]?{_MEASURE}?"
    r"|第[一二三四五六七八九十百\d]+[届次批期季个版]?"
    r"|[A-Za-z][A-Za-z0-9.+-]*"
    r"|(?:不|未|没有?|无|非|否认|拒绝|禁止|取消|停止|暂停|驳回|反对)[^，。！？；：、]{0,2}"
    rf"|《[^《》]{{1,{WHOLE_NAME}}}》|“[^“”]{{1,{WHOLE_NAME}}}”|（[^（）]{{1,{WHOLE_NAME}}}）"
)
_MARKS = "，。！？；：,;:!?、"
_STOPS = "，。！？；："


@dataclass(frozen=True, slots=True)
class Edit:
    """A headline made of deletions, and the mean log-odds a character of what it keeps."""

    text: str
    score: float


def units(text: str, spans: Sequence[Span]) -> list[Span]:
    """Token spans merged so that nothing matched by a bound pattern is split; order kept."""
    bound = np.zeros(len(text) + 1, dtype=np.bool_)
    for match in _BOUND.finditer(text):
        bound[match.start() + 1 : match.end()] = True
    merged: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        if merged and (bound[start] or start < merged[-1][1]):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def edits(text: str, spans: Sequence[Span], log_odds: npt.NDArray[np.float32], limit: int) -> list[Edit]:
    """The best headline in each range of lengths up to `limit`, best mean score first.

    `log_odds` has shape (len(spans),). Texts that keep nothing are left out.
    """
    pieces = units(text, spans)
    if not pieces:
        return []
    weights = np.zeros(len(pieces), dtype=np.float64)
    at = 0
    for (start, end), odds in zip(spans, log_odds.tolist(), strict=True):
        if start == end:
            continue
        while start >= pieces[at][1]:
            at += 1
        weights[at] += odds
    totals, back = _search(text, pieces, weights, limit)
    found: dict[str, float] = {}
    for low, high in RANGES:
        lengths = range(low, min(high, limit) + 1)
        best = max(lengths, key=lambda n: totals[n], default=0)
        if best and np.isfinite(totals[best]):
            headline = _join(text, _trace(pieces, back, best))
            if headline and headline.count(" ") < MAX_PARTS:
                found.setdefault(headline, float(totals[best]) / len(headline))
    return sorted((Edit(t, s) for t, s in found.items()), key=lambda e: -e.score)


def _search(
    text: str, pieces: list[Span], weights: npt.NDArray[np.float64], limit: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Best score of every exact length, shape (limit + 1,), and back pointers.

    back[i, n] is 0 when unit i - 1 is deleted, 1 when kept after a deleted one, 2 after a kept one.
    """
    kept = np.full(limit + 1, -np.inf)
    dropped = np.full(limit + 1, -np.inf)
    dropped[0] = 0.0
    back = np.zeros((len(pieces) + 1, 2, limit + 1), dtype=np.int8)
    for i, ((start, end), weight) in enumerate(zip(pieces, weights, strict=True), start=1):
        size = end - start
        cost = CLAUSE_FRAGMENT_COST if start == 0 or text[start - 1] in _MARKS else FRAGMENT_COST
        fresh = np.full(limit + 1, -np.inf)
        going = np.full(limit + 1, -np.inf)
        if size <= limit:
            fresh[size:] = dropped[: limit + 1 - size] + weight - cost
            going[size:] = kept[: limit + 1 - size] + weight
        back[i, 0] = np.where(kept > dropped, 1, 0)
        back[i, 1] = np.where(going > fresh, 2, 1)
        dropped, kept = np.maximum(dropped, kept), np.maximum(fresh, going)
    totals = np.maximum(dropped, kept)
    back[0, 0] = np.where(kept > dropped, 1, 0)
    return totals, back


def _trace(pieces: list[Span], back: npt.NDArray[np.int8], length: int) -> list[Span]:
    kept: list[Span] = []
    keeping = bool(back[0, 0, length])
    for i in range(len(pieces), 0, -1):
        if not keeping:
            keeping = bool(back[i, 0, length])
            continue
        start, end = pieces[i - 1]
        kept.append((start, end))
        keeping = back[i, 1, length] == 2
        length -= end - start
    return kept[::-1]


def _join(text: str, kept: Sequence[Span]) -> str:
    """Fragments put together; a blank where a clause end was deleted, no marks at the edges."""
    out = ""
    last = 0
    for start, end in kept:
        gap = text[last:start]
        if out and start > last and any(m in gap for m in _STOPS) and out[-1] not in _MARKS + " ":
            out += " "
        out += text[start:end]
        last = end
    return re.sub(r"[，；：、](?= |$)", "", out).strip(_MARKS + " 　")

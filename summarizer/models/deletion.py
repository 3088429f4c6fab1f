"""Is a text what remains of the source's sentences when words are deleted, and does it say the same?

A young model that copies can join what the source keeps apart (one team's player, another team's
medal) or delete the word that turns a sentence round (传言, 计划, 不). Every such text passes a check of
its numbers and names. So a composed headline must be derivable: each of its parts keeps, in order, a
few stretches of one sentence, begins where a phrase begins, leaves quotations whole, and drops no word
that negates, hedges or plans what it keeps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from summarizer.models.clauses import OPENING
from summarizer.models.tearing import SKIPPED, another_time, clauses_over, said_by, torn
from summarizer.records import Span
from summarizer.text import sentences

__all__ = ["BOUND_BEFORE", "SHORTEST", "denied", "fault", "turned"]

# Stretches a part may keep of one sentence. Headlines by people keep two or three; five are a list.
STRETCHES = 4
# Characters. A half of a headline is a statement or a topic; less is a stray word.
SHORTEST = 4
# Share of a part's characters that another part has, in order, when it says the same again.
_SAME = 0.75
# What goes on: a part may not end with it unless its clause does.
_OPEN_END = re.compile("(?:的|[将定位关对由]于|以及|为了)$")
_PARTS = re.compile(r"[ ，。！？；：,;:!?]+")
_QUOTED = re.compile("“[^”]*”?|《[^》]*》?|‘[^’]*’?|（[^）]*）?|[”》’）]")
# What stands before these belongs to what follows: a part that begins behind one has lost its head.
BOUND_BEFORE = "的等和与及、之或暨第"
# But these have a head of their own: 由九部门主办的|2026年读书活动, 教育局等|四部门, 自主研制的|C919.
_WHOLE_AFTER = {
    "的": re.compile(r"\d{4}年|首[个届次家座]|第[一二三四五六七八九十百\d]+[届次]|[A-Za-z]"),
    "等": re.compile(r"(?:[一二两三四五六七八九十\d]+(?:个|家)?|多(?:个|家)?)(?:部门|单位|省|市|县|国|地)"),
}
# Of what will be on a day that is named nobody doubts that it will be: 将于|今晚播出, 将于|4月15日举办.
_DATED = re.compile(r"[于在](?:今[天晚日]|明[天晚日]|后天|\d{1,2}[月日时])")
# Words whose loss makes another statement of a sentence.
_TURNING = re.compile(
    "不(?![断仅少同久但论管])|未(?!来)|没|无(?![人锡疑线产])|非(?![洲遗常])|否认|拒绝|反对|禁止|停止|暂停|取消|避免|防止"
    # 将 at the head of a clause is 把 unless a time follows.
    "|拟|(?<![，。；：])将|将(?=[于在会])|计划|预计|预期|有望|力争|争取|可能|或将|疑似?|涉嫌|指控|网传|传言|据传|谣|若(?![干羌尔])|如果|一旦|假如|附近|以外|除外"
    # What is only asked for, held against somebody or tried: of 批评政府发动战争 no 政府发动战争.
    "|敦促|呼吁|威胁|批评|指责|警告|企图|试图|主张|质疑|提议"
)
_DENIED = re.compile("不属实|不实|谣言|辟谣|并非事实|虚假(?:消息|信息)|假消息")

# What is said with one of these is said of its own sentence only.
_CAUSE = re.compile("^(?:受.*影响|因|由于)|^(?:导致|造成)")


def denied(text: str, source: str) -> str:
    """Why a copied stretch may not stand alone: its sentence, or one of the next two, denies it. Else ""."""
    at = source.find(text)
    return f"denied in the text: {text}" if at >= 0 and turned(source, at, at + len(text)) else ""


def turned(body: str, start: int, end: int) -> bool:
    """Does the sentence around body[start:end], or one of the next two, deny what the stretch says?"""
    left, right = next(((a, b) for a, b in _sentences(body) if a <= start < b), (start, end))
    # The denial often follows in a sentence of its own, after one on how far the rumour went.
    after = max([right, *[b for a, b in _sentences(body) if a >= right][:2]])
    return bool(_DENIED.search(body, left, after)) and not _DENIED.search(body, start, end)


def fault(text: str, source: str, *, whole_end: bool = False) -> str:
    """Why `text` cannot be had from `source` by deletion; "" when it can.

    With `whole_end` a part must also end where a clause of the source ends: what was cut word by word
    tends to stop halfway, what was written has an end of its own.
    """
    cut = _cut_open(text, source)
    if cut:
        return cut
    parts = [p for p in (SKIPPED.sub("", p) for p in _parts(text)) if p]
    before: set[int] = set()
    for at, part in enumerate(parts):
        if len(parts) > 1 and len(part) < SHORTEST:
            return f"a fragment: {part}"
        if any(_within(part, other) for other in parts[:at] + parts[at + 1 :]):
            return f"says twice: {part}"
        found = [_derived(part, source, span, whole_end) for span in _sentences(source)]
        saying = {number for number, why in enumerate(found) if why == ""}
        if not saying:
            return next((why for why in found if why), f"no one sentence says: {part}")
        apart = _beside(parts[at - 1], part, source, before, saying) if at else ""
        if apart:
            return apart
        before = saying
    return ""


def _within(part: str, other: str) -> bool:
    """Does `other` say what `part` says, but for a word: 月饼变得有趣, 新季的月饼也变得更有趣?"""
    return LCSseq.similarity(part, other) >= _SAME * len(part)


def _cut_open(text: str, source: str) -> str:
    """Which quotation or list of the source is cut open; "" when none is."""
    for match in _QUOTED.finditer(text):
        if match.group() not in source or len(match.group()) < 2:
            return f"cuts a quotation or bracket: {match.group()}"
    for at, char in enumerate(text):
        # What stood between two items of a list may be what makes them two.
        if char == "、" and text[max(0, at - 1) : at + 2] not in source:
            return f"another list: {text[max(0, at - 3) : at + 4]}"
    return ""


def _beside(one: str, other: str, source: str, before: set[int], saying: set[int]) -> str:
    """Why two parts may not stand together; the sentences `before` say the one, `saying` the other."""
    shared = before & saying
    if not shared:
        return _apart(one, other, source, saying)
    spans = [_sentences(source)[number] for number in shared]
    held = [(span, {*_kept(one, source, span), *_kept(other, source, span)}) for span in spans]
    why = [another_time(source, span, places) for span, places in held]
    return why[0] if all(why) else ""


def _apart(one: str, other: str, source: str, saying: set[int]) -> str:
    """Why two parts of no common sentence may not stand together; `saying` are those that say the other."""
    if not any(_heads(other, source, number) for number in saying):
        return f"has another subject: {other}"
    return f"another cause: {other}" if _CAUSE.search(one) or _CAUSE.search(other) else ""


def _heads(part: str, source: str, number: int) -> bool:
    """Does `part` begin where a clause of that sentence begins, but for when and who says it?"""
    sentence = _sentences(source)[number]
    first = _kept(part, source, sentence)[0]
    start = max(a for a, _ in clauses_over(source, sentence, sentence[0], first) if a <= first)
    opening = OPENING.match(source, start, first)
    return not SKIPPED.sub("", source[opening.end() if opening else start : first])


def _parts(text: str) -> list[str]:
    """The halves of a headline; a mark inside a quotation parts nothing."""
    whole = _QUOTED.sub(lambda m: _PARTS.sub("", m.group()), text)
    return _PARTS.split(whole)


@lru_cache(maxsize=64)
def _sentences(source: str) -> tuple[Span, ...]:
    return tuple(sentences(source))


def _derived(part: str, source: str, sentence: Span, whole_end: bool) -> str | None:
    """None: `part` is no subsequence of the sentence. "": it is, rightly. Else why not."""
    kept = _kept(part, source, sentence)
    if not kept:
        return None
    first, last = kept[0], kept[-1]
    if 1 + sum(bool(SKIPPED.sub("", source[a + 1 : b])) for a, b in pairwise(kept)) > STRETCHES:
        return f"too many pieces: {part}"
    before = source[first - 1] if first > sentence[0] else ""
    whole = before in _WHOLE_AFTER and _WHOLE_AFTER[before].match(part)
    if before and before in BOUND_BEFORE and not whole:
        return f"begins inside a phrase: {before}{part}"
    if whole_end and last + 1 < sentence[1] and not SKIPPED.match(source[last + 1]):
        return f"ends inside a clause: {part}"
    if _OPEN_END.search(part) and last + 1 < sentence[1] and not SKIPPED.match(source[last + 1]):
        return f"ends inside a phrase: {part}"
    held = set(kept)
    half = torn(source, sentence, held)
    if half:
        return half
    for a, b in clauses_over(source, sentence, first, last):
        for match in _TURNING.finditer(source, a, b):
            if not held.issuperset(range(*match.span())) and not _day_is_kept(source, match, held):
                return f"drops {match.group()}"
    return f"denied in the text: {part}" if turned(source, first, last + 1) else ""


def _kept(part: str, source: str, sentence: Span) -> list[int]:
    """Places of `part` in the source, in the fewest stretches of the sentence; [] when it is none of it."""
    everything = [i for i in range(*sentence) if not SKIPPED.match(source[i])]
    saying = {i for whole, _ in said_by(source, sentence) for i in range(*whole)}
    # The same word may stand in what is said and in who says it: rather in what is said.
    for places in ([i for i in everything if i not in saying], everything):
        found = _fewest_stretches(part, "".join(source[i] for i in places))
        if found is not None:
            return [places[k] for k in found]
    return []


def _day_is_kept(source: str, turning: re.Match[str], held: set[int]) -> bool:
    dated = _DATED.match(source, turning.end())
    if turning.group() != "将" or not dated:
        return False
    return held.issuperset(range(turning.end() + 1, dated.end()))


def _fewest_stretches(part: str, sentence: str) -> Sequence[int] | None:
    """Positions of `part` as a subsequence of `sentence` in the fewest runs; None when it is none."""
    at = 0
    for char in part:
        at = sentence.find(char, at) + 1
        if not at:
            return None
    # best[j]: (runs, positions) of the part so far, its last character at j
    best: dict[int, tuple[int, tuple[int, ...]]] = {
        j: (1, (j,)) for j, char in enumerate(sentence) if char == part[0]
    }
    for char in part[1:]:
        fresh: dict[int, tuple[int, tuple[int, ...]]] = {}
        cheapest: tuple[int, tuple[int, ...]] | None = None
        for j, found in enumerate(sentence):
            if found == char:
                options = [(cheapest[0] + 1, cheapest[1])] if cheapest else []
                if j - 1 in best:
                    options.append(best[j - 1])
                if options:
                    runs, path = min(options)
                    fresh[j] = (runs, (*path, j))
            if j in best and (cheapest is None or best[j][0] < cheapest[0]):
                cheapest = best[j]
        best = fresh
    return min(best.values())[1] if best else None

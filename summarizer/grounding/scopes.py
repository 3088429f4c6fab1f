"""Whose number is it: the words beside a number, in an output and in a source.

"出口451亿元，增长11.7%，进口231亿元，增长4.6%" supports 进口增长4.6% but not 进口增长11.7%:
there the words beside the number belong to another number that counts the same kind of thing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.grounding.amounts import alike
from summarizer.grounding.tokens import Quantity, Token, When
from summarizer.grounding.units import COUNTERS
from summarizer.text import HAN, ngrams

__all__ = ["Scope", "Scopes"]

# Characters before a number that may name what it counts: two or three clauses.
_REACH = 48
# Telling characters that are compared: the words next to a number, not the subject of a sentence.
_LEFT, _RIGHT = 8, 6
# Tokens looked at on either side; more stand in no sentence that a reader follows.
_NEAR = 24
# Where a value stands more often than this, some mention will fit.
_MENTIONS = 8
# Shares of the words that only one of two numbers has. On dev gold 0.15 to 0.2 find most, 0.4 three
# errors fewer, and none of 2,000 real titles pays for it; two do for 0.2 where only 个 makes the two of
# a kind. _HELD is free between 0.35 and 0.75.
_MARGIN, _STRANGE, _HELD = 0.2, 0.33, 0.5
_SENTENCE = re.compile("[。！？!?；;\n]")
_FULL_STOP = re.compile("[。！？!?\n]")
_MARK = re.compile("[，,、：:（）()“”《》—…]|以及|和|与")
_NOT_HAN = re.compile(f"[^{HAN}]")
# What is said of every number tells nothing of whose it is.
_IDLE = re.compile(
    "同比|环比|分别|增长|增加|上升|上涨|提高|提升|下降|减少|降低|下跌|回落|增至|降至|增|涨|升|降|跌|"
    "达到|达|超过|突破|超|约|近|逾|共|累计|总计|合计|完成|实现|预计|将|已|为|了|至|到|有|的|再|"
    "人数|数量|总数|总量|全市|全省|全县|全国|全区|全年|我国|目前|其中|"
    "最高峰|高峰|最高|最低|最多|最大|单日|当日|[日月年]均|平均|比|较|上年|去年|今年|同期|年底|月底|占|由|从|年|月|日"
)
_SCORING = re.compile(
    "以|战胜|击败|力克|险胜|完胜|大胜|取胜|胜|不敌|惜败|负于|输给|败给|告负|负|输|[男女]|队"
)
# A word that stands for what an earlier sentence names, and a list whose items stand elsewhere.
_ELSEWHERE = re.compile("[他她它该]|其(?!中)|此|前者|后者|分别|依次")


@dataclass(frozen=True, slots=True)
class Scope:
    """The telling words beside a number, idle ones left out."""

    left: str
    right: str
    sure: bool = True
    """False when what the number counts is named elsewhere."""
    shared: bool = False
    """The left words stand before an earlier number of the kind, and serve both."""
    farther: str = ""
    """All words before the number since the last of its kind, the left ones included."""
    part: bool = False
    """Said with 其中: the number is a part of one before it."""

    @property
    def pairs(self) -> frozenset[str]:
        """The character pairs of both sides, those next to the number only."""
        return frozenset((*ngrams(self.left[-_LEFT:], 2), *ngrams(self.right[:_RIGHT], 2)))


class Scopes:
    """The words beside the numbers and dates of one text.

    `cuts` are offsets, ascending, where a blank parts the text as a comma does.
    """

    def __init__(self, text: str, tokens: Sequence[Token], cuts: Sequence[int] = ()) -> None:
        self._text = _without(text, tokens)
        self._tokens = tokens
        self._starts = [token.start for token in tokens]
        self._cuts = cuts
        self._known: dict[int, Scope] = {}

    def rival(self, claim: Token, words: Scope, agreeing: Sequence[Token]) -> Token | None:
        """The number or date that `words`, said beside `claim`, belong to here instead.

        `agreeing` are those that support `claim` by value. None when one of them may be meant.
        """
        if words.shared or not words.pairs or len(agreeing) > _MENTIONS:
            return None
        found: Token | None = None
        for own in agreeing:
            found = self._better(claim, words, own, agreeing)
            if found is None:
                return None
        return found

    def _better(self, claim: Token, words: Scope, own: Token, agreeing: Sequence[Token]) -> Token | None:
        mine = self.of(own)
        if not mine.sure or not mine.pairs:
            return None
        for other in self._beside(own):
            if _kin(claim, other) and _rivals(own, other) and other not in agreeing:
                theirs = self.of(other)
                dated, margin = isinstance(claim, When), _margin(own, other)
                if theirs.sure and _fits_better(words, theirs, mine, dated, margin):
                    return other
        return None

    def lent(self, claim: Quantity, left: str, right: str, said: Quantity) -> bool:
        """Is the score `said` of this text given to the other side in an output?

        `left` and `right` are the output's words beside `claim`, the same score, or the same
        turned round (2:3不敌 for 3:2胜).
        """
        before, after = (_pairs(words) for words in self.sides(said))
        ours, theirs = _pairs(left), _pairs(right)
        if claim.values != said.values:
            before, after = after, before
        straight = ours & (before - after) | theirs & (after - before)
        crossed = ours & (after - before) | theirs & (before - after)
        return bool(crossed) and not straight and len(set(claim.values)) > 1

    def sides(self, token: Token) -> tuple[str, str]:
        """The words of the clause before and after a token of this text, verbs of winning left out."""
        left = self._pieces(max(0, token.start - _REACH), token.start)[-1]
        right = self._pieces(token.end, min(len(self._text), token.end + _REACH))[0]
        return _SCORING.sub(" ", left), _SCORING.sub(" ", right)

    def _beside(self, token: Token) -> Iterator[Token]:
        """The tokens in the sentence of one of this text: what others say stands in a story of its own."""
        index = bisect_left(self._starts, token.start)
        for other in self._tokens[max(0, index - _NEAR) : index + _NEAR]:
            between = min(other.end, token.end), max(other.start, token.start)
            if not _FULL_STOP.search(self._text, *between):
                yield other

    def of(self, token: Token) -> Scope:
        """The words beside a token of this text, back and on to the next of its kind."""
        if token.start not in self._known:
            self._known[token.start] = self._scope(token)
        return self._known[token.start]

    def _scope(self, token: Token) -> Scope:
        index = bisect_left(self._starts, token.start)
        begin = max([0, token.start - _REACH, *self._ends(_SENTENCE, token.start - _REACH, token.start)])
        kin = self._previous_kin(index, begin)
        pieces = self._pieces(max(begin, kin.end) if kin else begin, token.start)
        # 320名男生286名女生, 320名男生和286名女生: the noun follows its number.
        trailing = bool(kin and not self._pieces(begin, kin.start)[-1].strip())
        if kin and len(pieces) > 1:
            pieces = pieces[1:]  # the first piece still speaks of the number before
        elif trailing:
            pieces = [""]
        left, sure = _nearest(pieces)
        right = self._right(index, not pieces[-1])
        if shared := bool(kin and not left and not (trailing and right)):
            left, sure = _nearest(self._pieces(begin, token.start))
        farther = " ".join(map(_told, pieces))
        part = any("其中" in piece for piece in pieces)
        return Scope(left, right, sure, shared, farther, part)

    def _previous_kin(self, index: int, begin: int) -> Token | None:
        for other in reversed(self._tokens[max(0, index - _NEAR) : index]):
            if other.end <= begin:
                return None
            if _kin(self._tokens[index], other):
                return other
        return None

    def _right(self, index: int, bare: bool) -> str:
        """The words right after token `index`; none when another token follows them, unless `bare`."""
        start = self._tokens[index].end
        follows = self._tokens[index + 1].start if index + 1 < len(self._tokens) else len(self._text)
        end = min(follows, start + 2 * _RIGHT)
        first = self._pieces(start, end)[0]
        closed = end < follows or end == len(self._text) or start + len(first) < end
        return _told(first) if closed or bare else ""

    def _pieces(self, start: int, end: int) -> list[str]:
        """The stretch cut at marks and blanks; at least one piece, which may be empty."""
        low, high = bisect_left(self._cuts, start), bisect_right(self._cuts, end)
        edges = [start, *self._cuts[low:high], end]
        return [
            piece
            for one, other in pairwise(edges)
            for part in _SENTENCE.split(self._text[one:other])
            for piece in _MARK.split(part)
        ]

    def _ends(self, mark: re.Pattern[str], start: int, end: int) -> list[int]:
        return [m.end() for m in mark.finditer(self._text, max(0, start), end)]


def _without(text: str, tokens: Sequence[Token]) -> str:
    """The text with every number and date blanked out, so that only words are compared."""
    pieces, last = [], 0
    for token in tokens:
        if isinstance(token, Quantity | When):
            pieces += [text[last : token.start], " " * (token.end - token.start)]
            last = token.end
    return "".join(pieces) + text[last:]


def _kin(one: Token, other: Token) -> bool:
    if isinstance(one, When):
        return isinstance(other, When) and bool(one.days) == bool(other.days)
    return isinstance(one, Quantity) and alike(one, other)


def _pairs(words: str) -> frozenset[str]:
    return frozenset(pair for pair in ngrams(words, 2) if not _NOT_HAN.search(pair))


def _told(piece: str) -> str:
    return _IDLE.sub("", _NOT_HAN.sub("", piece))


def _nearest(pieces: Sequence[str]) -> tuple[str, bool]:
    """The last piece that tells anything, and whether no pronoun stands in those passed."""
    sure = True
    for piece in reversed(pieces):
        sure = sure and not _ELSEWHERE.search(piece)
        if len(told := _told(piece)) > 1:
            return told, sure
    return "", sure


def _fits_better(words: Scope, theirs: Scope, mine: Scope, dated: bool, margin: float) -> bool:
    """Do the output's words clearly fit another number, and its own hardly?"""
    sides: Callable[[Scope], frozenset[str]] = _after if dated else _both
    said, other, own = sides(words), sides(theirs), sides(mine)
    only_theirs, only_mine = other - own, own - other
    if not only_theirs and not only_mine:
        return not dated and _farther_fits(words, theirs, mine)
    if not only_mine or not only_theirs:
        return False
    fit = len(said & only_theirs) / len(only_theirs)
    held = len(said & only_mine) / len(only_mine)
    if theirs.part and not mine.part and fit == 1:  # 全市转移4126人，其中西岭镇1890人
        return True
    return fit >= held + margin and held < _HELD


def _farther_fits(words: Scope, theirs: Scope, mine: Scope) -> bool:
    """高某犯…罪，判处11年；卢某犯…罪，判处3年: the words next to both are the same."""
    if mine.shared or theirs.shared:
        return False
    said, other, own = (_pairs(scope.farther) for scope in (words, theirs, mine))
    return bool(own - other) and bool(said & (other - own)) and not said & (own - other)


def _margin(one: Token, other: Token) -> float:
    """How much better another number must fit; more where only 个 makes them of a kind."""
    return _MARGIN if len(_units(one, other)) < 2 else _STRANGE


def _rivals(one: Token, other: Token) -> bool:
    """Could a reader take one for the other? 三年 and 三个月 are both times, but not confused."""
    units = _units(one, other)
    return len(units) < 2 or units <= COUNTERS


def _units(*tokens: Token) -> set[str]:
    return {token.unit for token in tokens if isinstance(token, Quantity)}


def _both(scope: Scope) -> frozenset[str]:
    return scope.pairs


def _after(scope: Scope) -> frozenset[str]:
    """A date's event stands after it; before it stands what both events share."""
    return frozenset(ngrams(scope.right[:_RIGHT], 2))

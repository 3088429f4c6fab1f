"""Whose number is it: the words that stand before a number, in an output and in a source.

"新开放书房6家，总数达35家" supports 书房达35家 but not 新开放书房35家: there the words
before the number belong to another number that counts the same kind of thing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from summarizer.grounding.amounts import alike
from summarizer.grounding.tokens import Quantity, Token
from summarizer.text import HAN, ngrams

__all__ = ["Scopes", "telling"]

# Characters before a source number that may name what it counts: two or three clauses.
_REACH = 36
# Characters right before an output's number that name what it counts: two words.
_NEAR = 4
# Characters. 最高峰 and 总数 name no subject of their own, 其中出口 does.
_FEW = 3
# Tokens looked back over; more stand in no sentence that a reader follows.
_BACK = 12
_BREAK = re.compile("[。！？!?；;]")
_NOT_HAN = re.compile(f"[^{HAN}]")
# What is said of every number tells nothing of whose it is.
_IDLE = re.compile(
    "同比|环比|分别|增长|增加|上升|上涨|提高|提升|下降|减少|降低|下跌|回落|增至|降至|增|涨|升|降|跌|"
    "达到|达|超过|突破|超|约|近|逾|共|累计|总计|合计|完成|实现|预计|将|已|为|了|至|到|有|的|再|"
    "人数|数量|死亡|受伤|遇难|失踪|受灾|总数|总量|全市|全省|全县|全国|全区|全年|我国|目前"
)


def telling(left: str) -> str:
    """The last telling characters of the words before an output's number; "" when too few.

    `left` holds these words, without a token or a blank among them.
    """
    cut = max((m.end() for m in _NOT_HAN.finditer(left)), default=0)
    words = _IDLE.sub("", left[cut:])[-_NEAR:]
    return words if len(words) > 1 else ""


class Scopes:
    """The words before every number of a source, and whom they belong to."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._quantities = [t for t in tokens if isinstance(t, Quantity)]
        self._known: dict[int, str] = {}

    def rival(self, claim: Quantity, words: str, agreeing: Sequence[Quantity]) -> Quantity | None:
        """The number that `words`, said before `claim`, belong to in the source, when not to its own.

        `agreeing` are the source's numbers that equal `claim`. None when in doubt.
        """
        if not words or claim.form != "count" or any(_own(self.of(q), words) for q in agreeing):
            return None
        others = (q for q in self._quantities if q.claim and q.values != claim.values and alike(claim, q))
        return next((q for q in others if words in self.of(q)), None)

    def of(self, said: Quantity) -> str:
        """The telling words before a number, back to the last number of its kind.

        Where hardly any stand there (…6家，总数达35家) the words before that one count too.
        """
        if said.start not in self._known:
            index = bisect_left(self._tokens, said.start, key=_start)
            kin = [i for i in range(max(0, index - _BACK), index) if alike(said, self._tokens[i])]
            words = self._before(index, self._tokens[kin[-1]].end if kin else 0)
            if kin and len(words) <= _FEW:
                words = self._before(kin[-1], 0) + words
            self._known[said.start] = words
        return self._known[said.start]

    def _before(self, index: int, since: int) -> str:
        """The telling words before token `index`, back to `since`, numbers left out."""
        end = self._tokens[index].start
        begin = max(since, end - _REACH)
        begin = max([begin, *(m.end() for m in _BREAK.finditer(self._text, begin, end))])
        pieces: list[str] = []
        for token in reversed(self._tokens[max(0, index - _BACK) : index]):
            if token.end <= begin:
                break
            pieces.append(self._text[token.end : end])
            end = token.start
        pieces.append(self._text[begin:end])
        return _IDLE.sub("", _NOT_HAN.sub("", "".join(reversed(pieces))))


def _start(token: Token) -> int:
    return token.start


def _own(scope: str, words: str) -> bool:
    """May `words` be said of a number with this scope?

    Four characters are two words, of which the first must not be missing: 隐患14处 is not
    重大隐患14处.
    """
    pairs = list(ngrams(words, 2))
    return any(pair in scope for pair in pairs[:2])

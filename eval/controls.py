"""The harness tests itself: scores that are known beforehand, counted at every run on the run's own rows.

Others' Chinese scores are often worth nothing and nobody sees it: 0.0 for identical texts, or repetition
for free. A control that does not hold means that the ruler is bent, and the run is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from random import Random
from statistics import fmean

from eval.metrics.overlap import bleu, chrf
from eval.metrics.rouge import rouge
from eval.metrics.support import support
from eval.records import Control
from summarizer.text import fold, sentences

__all__ = ["controls"]

Row = tuple[Sequence[str], str]
"""References of an article, and its body."""

# Invented. Always among the rows, so that a run on one article tests itself too.
_OWN: tuple[Row, ...] = (
    (("柳湾县32万亩小麦收割完毕",), "柳湾县32万亩小麦已全部收割完毕。平均亩产512公斤，比去年增加18公斤。"),
    (("城南客运站正式投入使用",), "8月21日，云溪县城南客运站正式投入使用。该站占地42亩，总投资1.3亿元。"),
    (("少年宫暑期课程免费向学生开放",), "市少年宫的26门暑期课程7月起向中小学生免费开放，首日有840人报名。"),
)
# Rows looked at: the means stand still long before that, and every run pays for it.
_MOST = 200
# Letters of a reference that is looked at; of a shorter one a shuffled text may be the text itself.
_SHORTEST = 6
# Of our pages and of 2,500 printed headlines, means of 200: another article's reference shares 3 to 11, a
# shuffled text keeps 3 to 9, 95 % to 100 % of the changed numbers are flagged, no other.
_FOREIGN, _SHUFFLED = 25.0, 25.0
_FLAGGED, _FALSE = 80.0, 5.0
# Two thirds of a text have all precision and a brevity penalty of 0.61; without a Chinese tokenizer 0.
_PART = 20.0
_EXACT = 1e-6
_NUMBER = re.compile(r"\d{2,}")


def controls(rows: Sequence[Row], seed: int = 0, *, words: bool = False) -> tuple[Control, ...]:
    """One control a trap; of more than 200 rows a sample drawn by `seed`.

    Of each row the first reference is used, when it has six letters or more; three invented rows are added.
    With `words` ROUGE on jieba's words is tested too; raises ModelError without jieba.
    """
    random = Random(seed)
    picked = random.sample(rows, _MOST) if len(rows) > _MOST else list(rows)
    used = [(r, body) for texts, body in (*picked, *_OWN) for r in texts[:1] if len(fold(r)) >= _SHORTEST]
    texts = [reference for reference, _ in used]
    found = [*_identical(texts), *_spoilt(texts, random), *_foreign(texts), *_supported(used)]
    return (*found, *(_worded(texts) if words else ()))


def _identical(texts: Sequence[str]) -> list[Control]:
    own = [rouge(text, text) for text in texts]
    return [
        _least("identical text: lowest ROUGE-2", min(score.two for score in own), 100.0),
        _least("identical text: lowest ROUGE-L", min(score.long for score in own), 100.0),
        _least("identical text: lowest chrF", min(chrf(text, [text]) for text in texts), 100.0),
        _least("identical text: lowest BLEU", min(bleu(text, [text]) for text in texts), 100.0),
        _least(
            "two thirds of a text: mean BLEU", fmean(bleu(t[: len(t) * 2 // 3], [t]) for t in texts), _PART
        ),
        _most("empty output: highest ROUGE-1", max(rouge("", text).one for text in texts), 0.0),
    ]


def _spoilt(texts: Sequence[str], random: Random) -> list[Control]:
    """Repetition is not free, and order counts."""
    shuffled = [("".join(random.sample(text, len(text))), text) for text in texts]
    return [
        _most("text three times over: highest ROUGE-1", max(rouge(t * 3, t).one for t in texts), 50.0),
        _least("shuffled text: lowest ROUGE-1", min(rouge(*pair).one for pair in shuffled), 100.0),
        _most("shuffled text: mean ROUGE-2", fmean(rouge(*pair).two for pair in shuffled), _SHUFFLED),
    ]


def _worded(texts: Sequence[str]) -> list[Control]:
    own = [rouge(text, text, tokenizer="words").one for text in texts]
    repeated = [rouge(text * 3, text, tokenizer="words").one for text in texts]
    return [
        _least("identical text, words: lowest ROUGE-1", min(own), 100.0),
        # where the copies meet jieba may read another word
        _most("text three times over, words: mean ROUGE-1", fmean(repeated), 55.0),
    ]


def _foreign(texts: Sequence[str]) -> list[Control]:
    """The reference of another article, the farthest in the data: neighbours share a page and its places."""
    away = len(texts) // 2
    others = [(text, texts[(at + away) % len(texts)]) for at, text in enumerate(texts)]
    kept = [pair for pair in others if fold(pair[0]) != fold(pair[1])]
    value = fmean(rouge(*pair).long for pair in kept) if kept else 100.0
    return [_most("another article's reference: mean ROUGE-L", value, _FOREIGN)]


def _supported(rows: Sequence[tuple[str, str]]) -> list[Control]:
    """A body bears its own first sentence out, and not the same sentence with another number."""
    first = [(body[slice(*spans[0])], body) for _, body in rows if (spans := sentences(body)[:1])]
    false = [support(sentence, body).numbers for sentence, body in first]
    changed = [(other, body) for sentence, body in first if (other := _another(sentence, body))]
    found = [support(sentence, body).numbers > 0 for sentence, body in changed]
    return [
        _most("an article's own sentence: share with a number held unsupported, %",
              100 * fmean(n > 0 for n in false), _FALSE),
        _least("the same with a number changed: share flagged, %", 100 * fmean(found), _FLAGGED),
    ]  # fmt: skip


def _another(sentence: str, body: str) -> str:
    """The sentence with its first longer number changed to one that the body has nowhere; "" without one."""
    number = _NUMBER.search(sentence)
    if not number:
        return ""
    other = next(str(n) for n in count(int(number[0]) + 7) if str(n) not in body)
    return sentence[: number.start()] + other + sentence[number.end() :]


def _least(name: str, value: float, bound: float) -> Control:
    return Control(f"{name}, at least", value, bound, value >= bound - _EXACT)


def _most(name: str, value: float, bound: float) -> Control:
    return Control(f"{name}, at most", value, bound, value <= bound + _EXACT)

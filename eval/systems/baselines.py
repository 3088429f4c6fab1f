"""What needs no model, and what no extract can beat: leads and oracles.

All read the body as the models do: tidied, from after its lead-in ("本报讯（记者 …）").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from eval.data import Story
from eval.systems import System, Written
from summarizer.config import Settings
from summarizer.dateline import after_lead_in
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.clauses import candidates
from summarizer.models.shorten import shorten
from summarizer.records import Style
from summarizer.text import lcs_f1, sentences, tidy

__all__ = [
    "Extracts",
    "check_style",
    "cut",
    "filled",
    "lead",
    "lead_cut",
    "oracle_clause",
    "oracle_sentence",
    "sentences_of",
]

Write = Callable[[Story, int], str]
"""Story and limit in characters -> one text."""


class Extracts:
    """A system that writes one text a story by a function for each style."""

    def __init__(self, name: str, by_style: Mapping[Style, Write], *, tables: str = "") -> None:
        """`tables` stands for what the functions depend on beside the code here: versions of libraries."""
        self.name = name
        self.styles = frozenset(by_style)
        # shorten() cuts at the pieces of the bundled vocabulary
        self.fingerprint = " ".join(filter(None, (f"{name} 1", tables, bundled.fingerprint())))
        self._by_style = by_style

    def write(self, stories: Sequence[Story], *, style: Style, limit: int) -> list[Written]:
        """Raises ModelError for a style that it cannot write."""
        check_style(self.name, self.styles, style)
        return [Written(self._by_style[style](story, limit)) for story in stories]


def check_style(name: str, styles: Iterable[Style], style: Style) -> None:
    """Raises ModelError unless `style` is one of them."""
    if style not in styles:
        raise ModelError(f"{name} writes {' and '.join(sorted(styles))}, no {style}: leave it out there")


def lead(settings: Settings) -> System:
    """The first sentence, whole, over the limit or not, as in the literature; for a brief `filled`."""
    return Extracts("lead", {"headline": _first, "brief": _opening})


def lead_cut(settings: Settings) -> System:
    """The first sentence, cut to the limit at a clause or a word; for a brief the opening, so cut."""
    return Extracts("lead-cut", {"headline": _first_cut, "brief": _opening_cut})


def oracle_sentence(settings: Settings) -> System:
    """The best sentence, cut to the limit: what choosing among leads could reach.

    Best by mean ROUGE-L against the references. A brief is sentences taken one by one, each time the one
    that adds most (Nallapati et al. 2017), while they fit: nearly a ceiling, not one.
    """
    return Extracts("oracle-sentence", {"headline": _best_sentence, "brief": _best_sentences})


def oracle_clause(settings: Settings) -> System:
    """The best of all that the clause ranker chooses from: the ceiling of every extractive headline here.

    Best by mean ROUGE-L against the references.
    """
    return Extracts("oracle-clause", {"headline": _best_clause})


def sentences_of(story: Story) -> list[str]:
    """Of the body, in order; [] for a blank one."""
    body = _opened(story)
    return [body[a:b] for a, b in sentences(body)]


def cut(text: str, limit: int) -> str:
    """`text` cut to the limit at a clause or a word; inside one where the first words fill it all, such as
    those of a long quote."""
    return shorten(text, limit) or text[:limit]


def filled(whole: Sequence[str], order: Iterable[int], limit: int) -> str:
    """Sentences of `whole` taken in `order` while they fit `limit`, joined in the article's order.

    One that does not fit is passed over. When none fits, the first of the order is cut; "" for none.
    """
    order = list(order)
    taken: list[int] = []
    room = limit
    for i in order:
        if len(whole[i]) <= room:
            taken.append(i)
            room -= len(whole[i])
    if not taken and order:
        return cut(whole[order[0]], limit)
    return "".join(whole[i] for i in sorted(taken))


def _opened(story: Story) -> str:
    body = tidy(story.body)
    return body[after_lead_in(body) :]


def _first(story: Story, limit: int) -> str:
    return next(iter(sentences_of(story)), "")


def _first_cut(story: Story, limit: int) -> str:
    return cut(_first(story, limit), limit)


def _opening(story: Story, limit: int) -> str:
    """Opening sentences while they fit; an opening has no holes."""
    whole = sentences_of(story)
    fits = [n for n in range(1, len(whole) + 1) if sum(map(len, whole[:n])) <= limit]
    return filled(whole, range(max(fits, default=1)), limit) if whole else ""


def _opening_cut(story: Story, limit: int) -> str:
    return cut("".join(sentences_of(story)), limit)


def _references(story: Story, style: Style) -> tuple[str, ...]:
    found = story.headlines if style == "headline" else tuple(filter(None, (story.brief,)))
    if not found:
        raise ModelError(f"{story.id}: expected a reference {style}, found none: an oracle needs one")
    return found


def _closeness(text: str, references: Sequence[str]) -> float:
    return fmean(lcs_f1(text, reference) for reference in references)


def _best(texts: Sequence[str], references: Sequence[str]) -> str:
    """The first of the best; "" for none."""
    return max(texts, key=lambda text: _closeness(text, references), default="")


def _best_sentence(story: Story, limit: int) -> str:
    return _best([cut(text, limit) for text in sentences_of(story)], _references(story, "headline"))


def _best_sentences(story: Story, limit: int) -> str:
    references, whole = _references(story, "brief"), sentences_of(story)
    chosen: list[int] = []
    text = ""
    while True:
        more = [sorted([*chosen, i]) for i in range(len(whole)) if i not in chosen]
        joined = {"".join(whole[i] for i in picked): picked for picked in more}
        longer = _best([t for t in joined if len(t) <= limit], references)
        if _closeness(longer, references) <= _closeness(text, references):
            return text or _best([cut(sentence, limit) for sentence in whole], references)
        text, chosen = longer, joined[longer]


def _best_clause(story: Story, limit: int) -> str:
    found = [clause.text for clause in candidates(_opened(story), limit)]
    return _best([*found, _first_cut(story, limit)], _references(story, "headline"))

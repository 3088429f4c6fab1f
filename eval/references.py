"""The hand-written ruler: invented pages with reference headlines, briefs and questions; loaded and checked.

    python -m eval.references [FILE...]

A page is one JSON file in eval/gold/pages: `paper`, `date`, `number`, `layout` (eval/layouts.py), `items` and
`questions`. An item has `kind`, `subject`, `headline`, `kicker` and `byline` as printed (null where it has
none), `subtitle` where one is printed, `body` (paragraphs parted by a line break), two `references`
(headlines by two hands), a `brief`, and `injected` where it carries an instruction to a model. A question has
`id`, `question`, `kind`, `answer`, `accepted` (other right wordings), `evidence` (item number and the words
that answer, as the body has them) and, where the page does not answer it, `near`: what is there instead.

The page's text is held against its JSON: it is a sample or what eval/typeset.py makes of the layout, and
every item stands in it. Every mistake is told; exit code 1 when there is one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.layouts import FOLDER, Page, layout_of, load, page_path, printed
from eval.typeset import typeset
from summarizer.text import fold

__all__ = ["FOLDER", "KINDS", "QUESTIONS", "SUBJECTS", "load", "mistakes", "page_path", "text_mistakes"]

KINDS = ("article", "photo", "notice")
SUBJECTS = (
    "county", "transport", "farming", "schools", "weather", "sport", "courts", "economy", "health", "culture",
    "people", "environment", "safety",
)  # fmt: skip
QUESTIONS = ("who", "when", "where", "number", "what", "why", "list", "yesno", "compare", "followup")
# Kinds whose answer need not stand word for word in the evidence.
FREE = ("yesno", "compare")
HEADLINE, BRIEF = (6, 30), (30, 120)

_BLANKS = re.compile(r"\s+")


def mistakes(page: Page) -> Iterator[str]:
    """Everything wrong with one page's JSON, each with its place; a page need not have a layout."""
    if "layout" in page:
        yield from _layout(page)
    for number, item in enumerate(page["items"]):
        yield from (f"item {number}: {wrong}" for wrong in _item(item))
    seen = Counter(question["id"] for question in page["questions"])
    yield from (f"question {name}: expected one of this id, found {n}" for name, n in seen.items() if n > 1)
    for question in page["questions"]:
        yield from (f"question {question['id']}: {wrong}" for wrong in _question(question, page["items"]))


def text_mistakes(page: Page, path: Path | None = None) -> Iterator[str]:
    """Everything wrong with the page's text, each with its place; `path` is its JSON, as in `page_path`.

    Blanks are never compared. A layout that is no layout is told by `mistakes`, not here.
    """
    if "layout" not in page:
        yield "expected a layout"
        return
    text_path = page_path(page, path)
    if text_path is None:
        yield f"expected its text, found none: python -m eval.typeset {page['name']}"
    elif not list(_layout(page)):
        text = text_path.read_text(encoding="utf-8")
        if layout_of(page).page == "made" and text != typeset(page):
            yield f"expected the text its layout makes, found another: python -m eval.typeset {page['name']}"
        yield from _standing(page, _bare(text))


def _layout(page: Page) -> Iterator[str]:
    try:
        layout_of(page)
    except ValueError as error:
        yield str(error)


def _standing(page: Page, text: str) -> Iterator[str]:
    """Parts of items that do not stand in the page's text, and bodies that stand there twice."""
    for number, item in enumerate(page["items"]):
        for name in ("headline", "kicker", "subtitle", "byline"):
            if item.get(name) and _bare(item[name]) not in text:
                yield f"item {number}: its {name} does not stand in the text: {item[name]}"
        count = text.count(_bare(printed(page, number)))
        if count != 1:
            yield f"item {number}: expected its body once in the text, found it {count} times"


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)


def _item(item: Page) -> Iterator[str]:
    if item["kind"] not in KINDS or item["subject"] not in SUBJECTS:
        yield f"expected a kind and a subject that are known, found {item['kind']}, {item['subject']}"
    body = item["body"]
    if not body.strip() or "\n\n" in body or body != body.strip():
        yield "expected a body of paragraphs parted by one line break"
    if len(set(map(fold, item["references"]))) != 2:
        yield f"expected two different references, found {item['references']}"
    texts = [*((r, HEADLINE) for r in item["references"]), (item["brief"], BRIEF)]
    for text, (least, most) in texts:
        if not least <= len(text) <= most:
            yield f"expected {least} to {most} characters, found {len(text)}: {text}"
        for figure in re.findall(r"\d[\d.,]*\d|\d", text):
            if figure not in body:
                yield f"{figure} does not stand in the body: {text}"
    if item["headline"] and any(fold(item["headline"]) == fold(r) for r in item["references"]):
        yield "a reference is the printed headline"


def _question(question: Page, items: Sequence[Page]) -> Iterator[str]:
    if question["kind"] not in QUESTIONS:
        yield f"expected a kind that is known, found {question['kind']}"
    if question["kind"] == "followup" and not question.get("history"):
        yield "expected the history that a follow-up follows"
    if question.get("near"):
        if question["answer"] or question["accepted"]:
            yield "expected no answer where the pages do not say it"
    elif not question["answer"] or not question["evidence"]:
        yield "expected an answer and its evidence"
    for at in question["evidence"]:
        count = items[at["item"]]["body"].count(at["quote"]) if at["item"] < len(items) else 0
        if count != 1:
            yield f"expected the quote once in item {at['item']}, found it {count} times: {at['quote']}"
    said = [fold(at["quote"]) for at in question["evidence"]]
    if question["kind"] not in FREE and question["answer"]:
        if not any(fold(question["answer"]) in quote for quote in said):
            yield f"the answer stands in no quote: {question['answer']}"


def main(arguments: Sequence[str] | None = None) -> int:
    paths = [Path(name) for name in (sys.argv[1:] if arguments is None else arguments)]
    pages = load()
    wrong = 0
    for page in pages:
        if paths and page["name"] not in {path.stem for path in paths}:
            continue
        for mistake in (*mistakes(page), *text_mistakes(page, FOLDER / f"{page['name']}.json")):
            wrong += 1
            sys.stdout.write(f"{page['name']}: {mistake}\n")
    items = [item for page in pages for item in page["items"]]
    questions = [question for page in pages for question in page["questions"]]
    sys.stdout.write(
        f"{len(pages)} pages, {len(items)} items ({dict(Counter(i['kind'] for i in items))}), "
        f"{sum(bool(i.get('injected')) for i in items)} injected; {len(questions)} questions, "
        f"{sum(bool(q.get('near')) for q in questions)} unanswerable "
        f"({dict(Counter(q['kind'] for q in questions))}); {wrong} mistakes\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""The report as a file: whole or not at all, self-contained, everything in it escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from eval.report import write_report
from eval.report.markdown import WORST, escaped
from summarizer.errors import OutputError, UsageError
from tests.reporting import HOSTILE, answers, headlines, hostile, provenance, system

EMPTY = {"meta", "link", "br", "input", "path", "use", "rect"}
CODES = {"\u202e": "⟨U+202E⟩", "\u200b": "⟨U+200B⟩", "\u00ad": "⟨U+00AD⟩", "\x07": "⟨U+0007⟩"}


class Reading(HTMLParser):
    """Tags with their attributes, texts, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, name, **wanted):
        return [a for tag, a in self.tags if tag == name and all(a.get(k) == v for k, v in wanted.items())]


@pytest.fixture(scope="module")
def two():
    """Two systems; the second one's answers are cut short and its headlines lack a metric."""
    first, second = system("bundled", 1, 0.4), system("lead", 2, 0.9)
    short = answers("lead", 10, 2, limit=10)
    fewer = replace(second.tasks[1], metrics=second.tasks[1].metrics[1:])
    return [first, replace(second, tasks=(second.tasks[0], fewer, short, second.tasks[3]))]


@pytest.fixture(scope="module")
def html(two, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "new" / "report.html"
    write_report(two, path)
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for kind in ("html", "md"):
        write_report([hostile()], folder / f"report.{kind}")
    return {kind: (folder / f"report.{kind}").read_text("utf-8") for kind in ("html", "md")}


def test_html_is_well_formed_and_asks_for_nothing(html) -> None:
    page = Reading(html)
    assert page.all("html") == [{"lang": "zh-CN"}]
    for tag, attributes in page.tags:
        assert (
            tag not in {"img", "iframe", "object", "embed", "base", "form"}
            or attributes.get("id") == "filters"
        )
        for name in ("src", "href", "action", "xlink:href", "srcset"):
            value = attributes.get(name)
            assert value is None or value == "data:," or value.startswith("#"), (tag, name, value)
        assert not any(name.startswith("on") for name in attributes)
    assert "@import" not in html
    assert {found for found in re.findall(r"url\(([^)]*)\)", html) if not found.startswith("#")} == set()
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {"filters", "items", "task-1", "task-4"} <= ids


def test_only_the_shipped_script_may_run(html) -> None:
    page = Reading(html)
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}';" in policy
    assert len(page.all("script")) == 1


def test_every_run_task_item_and_failure_is_there(html, two) -> None:
    page = Reading(html)
    text = "".join(page.texts)
    for run in two:
        assert run.name in text
        for task in run.tasks:
            for metric in task.metrics:
                assert metric.title in text
                assert metric.meaning in text
            for outcome in task.outcomes:
                assert outcome.id in text
                assert outcome.asked.strip() in text
                assert outcome.failure is None or outcome.failure in text
                assert all(reason in text for reason in (mark.reason for mark in outcome.marks))
    items = {
        outcome.id
        for run in two
        for task in run.tasks
        for outcome in task.outcomes
        if task.task != "articles"
    }
    assert len(page.all("details", **{"class": "item"})) == len(items) + 4
    assert "只做了 240 条中的 10 条" in text
    assert "部分：10/240 条，不是结果" in text
    assert "0123abcd" in text
    assert "2 次运行结果相同：bundled、lead" in text


def test_reading_needs_no_script(html) -> None:
    """What the filters need is hidden until they work; nothing else is."""
    page = Reading(html)
    assert [tag for tag, attributes in page.tags if "hidden" in attributes] == ["form"]
    assert page.all("template") == []
    assert len(page.all("noscript")) == 1


def test_plots_take_their_colours_from_the_page(html) -> None:
    plots = re.findall(r"<svg .*?</svg>", html, re.DOTALL)
    assert len(plots) >= 6
    for plot in plots:
        assert "var(--ink)" in plot
        assert 'role="img" aria-label="' in plot
        assert "<text" in plot
        assert "Noto Sans CJK SC" in plot
        assert re.search(r"#0[147a]0[25b8]", plot) is None  # a stand-in colour left over
        assert "height" not in plot[: plot.index(">")]
    assert "DOCTYPE svg" not in html
    assert "<metadata" not in html


def test_the_same_runs_give_the_same_file(two, html, tmp_path) -> None:
    write_report(two, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text("utf-8") == html


def test_nothing_in_a_run_becomes_markup(bad) -> None:
    page = Reading(bad["html"])
    assert page.all("img") == []
    assert len(page.all("script")) == 1
    assert len(page.all("svg")) == 2
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert {a["href"] for a in page.all("a")} == {"#task-1"}
    text = "".join(page.texts)
    for case in HOSTILE:
        assert "".join(CODES.get(char, char) for char in case) in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_hidden_characters_are_told(bad, kind) -> None:
    assert not {*CODES, "\ud800"} & set(bad[kind])
    shown = bad[kind].replace("\\", "")
    assert all(code in shown for code in (*CODES.values(), "⟨U+D800⟩"))


def test_markdown_is_tables_and_escaped_text(bad) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(bad["md"])
    inline = [child for token in tokens if token.type == "inline" for child in token.children]
    assert {child.type for child in inline} <= {
        "text",
        "text_special",
        "softbreak",
        "html_inline",
        "strong_open",
        "strong_close",
    }
    assert {child.content for child in inline if child.type == "html_inline"} == {"<br>"}
    blocks = {line for token in tokens if token.type == "html_block" for line in token.content.splitlines()}
    assert {re.sub(">.*<", "><", line) for line in blocks} == {
        "<details>",
        "<summary></summary>",
        "</details>",
    }
    assert not any(token.type in ("code_block", "fence", "hr") for token in tokens)


@pytest.mark.parametrize(
    "case",
    [
        *HOSTILE,
        "[甲](https://example.org)",
        "![图](x.png)",
        "__粗__ *斜* `码`",
        "# 题",
        "1. 一",
        "> 引",
        "- 项",
        "    缩进",
        "---",
        "=",
        "~~删~~",
        "a|b\\|c",
    ],
)
def test_escaped_markdown_reads_as_it_was(case) -> None:
    case = "".join(CODES.get(char, char) for char in case)
    for line in (escaped(case), f"> {escaped(case)}"):
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(line)
        inline = [token for token in tokens if token.type == "inline"]
        assert "".join(child.content for child in inline[0].children) == case.strip()
    table = (
        MarkdownIt("commonmark").enable("table").render(f"| a | b |\n| :-- | :-- |\n| {escaped(case)} | x |")
    )
    assert table.count("<td") == 2
    assert ">x</td>" in table  # a bar that parts cells would push it out of the row


def test_markdown_has_the_tables_and_the_worst_items(two, tmp_path) -> None:
    write_report(two, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text("utf-8")
    plain = text.replace("\\", "")
    rendered = Reading(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rendered.all("tr")) == len(rows) - len(rendered.all("table"))  # all but the rulers are rows
    assert len(re.findall(r"^#### q\d+$", text, re.MULTILINE)) == WORST
    assert "⚠ 部分：10/240 条，不是结果" in plain
    assert "★" in text
    assert len(re.findall(r"^#### alone \d$", text, re.MULTILINE)) == 5


def test_data_or_versions_that_differ_are_told_and_nothing_is_best(tmp_path) -> None:
    one, other = (
        replace(system(name, 1, 0.5), tasks=(headlines(name, 9, i),)) for i, name in enumerate("ab")
    )
    write_report([one, other], tmp_path / "r.md")
    assert "★**" not in (told := (tmp_path / "r.md").read_text("utf-8"))
    assert "** ★" in told
    write_report([one, replace(other, provenance=provenance("d2"))], tmp_path / "r.md")
    assert "** ★" not in (told := (tmp_path / "r.md").read_text("utf-8"))
    assert "各次运行用的数据不同" in told
    write_report([one, replace(other, tasks=(headlines("b", 9, 1, version=2),))], tmp_path / "r.md")
    assert "** ★" not in (told := (tmp_path / "r.md").read_text("utf-8"))
    assert "版本不同（1、2）" in told


def test_what_cannot_be_written_is_said(two, tmp_path) -> None:
    with pytest.raises(UsageError, match=r"\.html or \.md"):
        write_report(two, tmp_path / "report.pdf")
    with pytest.raises(UsageError, match="at least one run"):
        write_report([], tmp_path / "report.html")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="expected to write the report there"):
        write_report(two, tmp_path / "file" / "report.md")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_run_of_nothing_still_makes_a_report(tmp_path) -> None:
    nothing = replace(system("lead", 1, 0.5), tasks=())
    for name in ("r.html", "r.md"):
        write_report([nothing], tmp_path / name)
        assert "lead" in (tmp_path / name).read_text("utf-8")

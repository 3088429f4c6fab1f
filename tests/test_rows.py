from __future__ import annotations

import gzip
import json

import pytest

from summarizer.errors import PageError
from summarizer.records import Article, Candidate, Check, Reading, Summary
from summarizer.rows import article_row, encoded, read_rows, summary_row

ARTICLE = Article(
    page="pages/a.txt",
    order=2,
    kind="article",
    headline="修一条路 富一方人",
    body="路通了。\n桃子出山了。",
    lines=((3, 9), (11, 11)),
    byline="记者 沈知远",
    dateline="本报讯（记者 沈知远）",
    date="2025-03-18",
)
SUMMARY = Summary(
    text="新路通车，桃子出山",
    style="headline",
    limit=30,
    model="scripted",
    candidates=(
        Candidate("新路通车，桃子出山", "beam", -0.5, True, ("best",)),
        Candidate("三条新路", "beam", float("-inf"), False, ("三 is not in the text",)),
    ),
    checks=(
        Check("桃子", "name", (5, 7), True, (5, 7), "exact"),
        Check("9", "number", (0, 1), False, None, "not in the text"),
    ),
    reading=Reading(2, 2),
)


def test_article_fields_are_the_contract() -> None:
    row = json.loads(encoded(article_row(ARTICLE)))
    assert list(row)[:10] == [
        "page",
        "order",
        "kind",
        "headline",
        "kicker",
        "subtitle",
        "byline",
        "dateline",
        "body",
        "lines",
    ]
    assert row["lines"] == [[3, 9], [11, 11]]
    assert row["kicker"] is None


def test_summary_fields_are_the_contract() -> None:
    row = json.loads(encoded(summary_row(SUMMARY)))
    assert list(row)[:2] == ["summary", "style"]
    assert row["model"] == "scripted"
    assert row["candidates"][0] == {
        "text": "新路通车，桃子出山",
        "origin": "beam",
        "score": -0.5,
        "accepted": True,
        "reasons": ["best"],
    }
    assert row["candidates"][1]["score"] is None  # JSON has no infinity
    assert row["checks"][0]["source"] == [5, 7]
    assert row["checks"][1]["source"] is None
    assert row["reading"] == {"paragraphs_read": 2, "paragraphs": 2}


def test_a_row_is_one_line_of_utf8_and_a_strange_file_name_comes_back() -> None:
    name = b"\xb5\xda3\xb0\xe6.txt".decode("utf-8", "surrogateescape")
    raw = encoded({"page": name, "body": "一\n二\u2028三"})
    assert raw.count(b"\n") == 1
    assert json.loads(raw.decode("utf-8"))["page"] == name
    assert "一" in raw.decode("utf-8")


def rows_of(path, *lines):
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return list(read_rows(str(path)))


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_good_rows(tmp_path, name: str) -> None:
    lines = rows_of(
        tmp_path / name,
        "\ufeff" + '{"id": "a", "body": " 正文一。 ", "headline": "题", "date": "2025-03-18", "other": 1}',
        "",
        '{"id": 7, "body": "正文二。"}',
        '{"body": "没有编号。", "headline": 5}',
    )
    assert [(line.number, line.id) for line in lines] == [(1, "a"), (3, 7), (4, None)]
    assert [line.reason for line in lines] == [None] * 3
    first = lines[0].article
    assert (first.body, first.headline, first.date) == (" 正文一。 ", "题", "2025-03-18")
    assert first.lines == ((1, 1),)
    assert lines[2].article.headline is None


@pytest.mark.parametrize(
    ("line", "reason", "name"),
    [
        ("not json", "expected a JSON object, found: ", None),
        ('["list"]', "expected a JSON object, found list", None),
        ('{"id": 3}', "found none", 3),
        ('{"id": "x", "body": null}', "found a NoneType", "x"),
        ('{"id": true, "body": "  "}', "found only blanks", None),
        (b'{"id": "x", "body": "\xff"}', "expected UTF-8, found byte 0xff at offset 21", None),
        ("[" * 100_000, "expected a JSON object, found: ", None),
    ],
)
def test_bad_rows_say_why(tmp_path, line, reason: str, name: object) -> None:
    (bad,) = rows_of(tmp_path / "in.jsonl", line)
    assert bad.article is None
    assert reason in bad.reason
    assert (bad.number, bad.id) == (1, name)


def test_a_file_that_cannot_be_read_to_its_end(tmp_path) -> None:
    whole = gzip.compress(b'{"id": 1, "body": "\xe5\xad\x97"}\n' * 5000)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    (tmp_path / "bent.jsonl.gz").write_bytes(whole[:40] + b"\xff\xff\xff\xff" + whole[44:])
    (tmp_path / "plain.jsonl.gz").write_bytes(b'{"id": 1}')
    for name in ("cut", "bent", "plain"):
        with pytest.raises(PageError, match="expected readable JSON Lines"):
            list(read_rows(str(tmp_path / f"{name}.jsonl.gz")))
    with pytest.raises(PageError, match="No such file"):
        list(read_rows(str(tmp_path / "gone.jsonl")))

"""The scorer: it must not flatter and not punish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.pages import GoldItem, agreement, common, differences, gold_of, main, score_folder, score_page
from summarizer.errors import PageError
from summarizer.records import Article

BODY = "白鹭河新桥六月十二日合龙，两岸居民过河只需五分钟。"
OTHER = "石岭镇秋月梨进入采摘期，梨子还没下树就订出去一半。"


def article(body: str, headline: str | None = None, **more: str | None) -> Article:
    return Article("p", 1, "article", headline, body, ((1, 1),), **more)  # type: ignore[arg-type]


def item(body: str, headline: str | None = None, **more: str | None) -> GoldItem:
    return GoldItem("article", body, {"headline": headline, **more})


def slow_common(a: str, b: str) -> int:
    """The textbook table."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = row[:]
        for j, y in enumerate(b):
            row[j + 1] = last[j] + 1 if x == y else max(row[j], last[j + 1])
    return row[-1]


@given(st.text(alphabet="桥梨河", max_size=30), st.text(alphabet="桥梨河", max_size=30))
def test_common_is_the_longest_common_subsequence(a: str, b: str) -> None:
    assert common(a, b) == slow_common(a, b)


def test_agreement_counts_both_ways_and_no_blanks() -> None:
    assert agreement("白鹭 河\n新桥", "白鹭河新桥") == 1.0
    assert agreement("白鹭河新桥", "白鹭") == agreement("白鹭", "白鹭河新桥") == 0.4
    assert agreement("桥新河鹭白", "白鹭河新桥") < 0.5  # order counts
    assert agreement("", "") == 1.0


def test_right_needs_the_headline_and_found_does_not() -> None:
    gold = [item(BODY, "新桥 合龙"), item(OTHER, "秋月梨")]
    score = score_page(gold, [article(BODY, "新桥合龙"), article(OTHER, "别的标题")])
    assert (score.found, score.right, score.strict) == (2, 1, 0)
    assert score.f1(score.found) == 1.0 and score.f1(score.right) == 0.5


def test_one_to_one() -> None:
    score = score_page([item(BODY)], [article(BODY), article(BODY)])
    assert (score.found, score.predicted) == (1, 2)
    assert score.f1(score.found) == pytest.approx(2 / 3)


def test_nine_tenths_is_the_border() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(100))
    assert score_page([item(text)], [article(text[:90])]).found == 1
    assert score_page([item(text)], [article(text[:89])]).found == 0


def test_splits_and_merges() -> None:
    assert score_page([item(BODY + OTHER)], [article(BODY), article(OTHER)]).splits == 1
    assert score_page([item(BODY), item(OTHER)], [article(BODY + OTHER)]).merges == 1


def test_fields_of_found_items() -> None:
    gold = [GoldItem("photo", BODY, {"headline": None, "byline": "■ 本报记者 温故"})]
    score = score_page(gold, [article(BODY, byline="本报记者 温故")])
    assert score.rate("byline") == 1.0 and score.rate("kind") == 0.0
    assert score.marked["kicker"] == 0 and score.rate("kicker") == 1.0


def test_gold_by_first_and_last_words_includes_the_lead_in() -> None:
    ends = {"body_starts": "本报讯 白鹭河", "body_ends": "五分钟。"}
    data: dict[str, object] = {"items": [{"kind": "article", "headline": "新桥", **ends}]}
    gold = gold_of(data, f"新桥\n本报讯 {BODY[:10]}\n{BODY[10:]}\n别的。")
    assert gold[0].body == "本报讯" + BODY and gold[0].lead_in
    assert score_page(gold, [article(BODY, "新桥", dateline="本报讯")]).right == 1


def test_a_hand_written_page_is_scored_as_it_is_laid_out(tmp_path: Path) -> None:
    places = [{"item": 0, "width": 20, "byline": "none", "subheads": [[1, "两岸更近"]]}]
    fields = {"kind": "article", "headline": "白鹭河新桥合龙", "kicker": None, "byline": None}
    page = {
        "items": [{**fields, "body": f"{BODY}\n{BODY}"}],
        "layout": {"name": "subheads", "places": places},
    }
    assert gold_of(page, "")[0].body == f"{BODY}\n两岸更近\n{BODY}" and not gold_of(page, "")[0].lead_in
    (tmp_path / "a.json").write_text(json.dumps(page), encoding="utf-8")
    with pytest.raises(PageError, match=r"a\.txt"):  # no text beside it
        score_folder(tmp_path)
    (tmp_path / "a.txt").write_text(f"白鹭河新桥合龙\n\n{BODY}\n\n两岸更近\n\n{BODY}\n", encoding="utf-8")
    assert score_folder(tmp_path).gold == 1


def test_gold_that_is_not_on_its_page_is_an_error() -> None:
    data = {"items": [{"kind": "article", "headline": None, "body_starts": "没有", "body_ends": "没有"}]}
    with pytest.raises(ValueError, match="not on its page"):
        gold_of(data, BODY)


def test_nothing_at_all() -> None:
    assert score_page([], []).f1(0) == 1.0
    assert score_page([item(BODY)], []).f1(0) == 0.0


def write_page(folder: Path) -> None:
    text = f"白鹭河新桥合龙\n\n本报讯 {BODY}\n\n石岭秋月梨丰收\n\n本报讯 {OTHER}"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    items = [
        {"kind": "article", "headline": "白鹭河新桥合龙", "kicker": None, "byline": None, "body": BODY},
        {"kind": "article", "headline": "不是这个", "kicker": None, "byline": None, "body": OTHER},
    ]
    (folder / "a.gold.json").write_text(json.dumps({"items": items}, ensure_ascii=False), encoding="utf-8")


def test_a_folder_and_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(tmp_path)
    score = score_folder(tmp_path)
    assert (score.pages, score.gold, score.found, score.right) == (1, 2, 2, 1)
    assert main([str(tmp_path), "--errors"]) == 0
    printed = capsys.readouterr().out
    assert "gold '不是这个', printed None '石岭秋月梨丰收'" in printed
    assert printed.splitlines()[-1].startswith("| all | 1 | 2 | 2 | 1.000 | 0.500 |")
    assert main([str(tmp_path), "--ablation"]) == 0
    assert "| dateline |" in capsys.readouterr().out


def test_differences_name_what_is_lost_and_what_is_extra() -> None:
    rows = differences([item(BODY, "新桥")], [article(OTHER, "梨")])
    assert rows[0].startswith("  lost") and rows[1].startswith("  extra")

"""Lines become text: what is put between them, which blanks stay."""

from __future__ import annotations

import pytest

from summarizer.articles.joining import join_lines, tidy


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["白鹭河新", "桥合龙"], "白鹭河新桥合龙"),
        (["全长86", "0米"], "全长860米"),
        (["新款Phon", "e手机"], "新款Phone手机"),
        (["The new bridge over", "the river"], "The new bridge over the river"),
        (["a well-known engi-", "neer said so"], "a well-known engineer said so"),
        ([], ""),
    ],
)
def test_join_lines(lines: list[str], text: str) -> None:
    assert join_lines(lines) == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("6月 12 日，全长 860 米", "6月12日，全长860米"),
        ("增长 3.5 % 。", "增长3.5%。"),
        ("以“连民心 通四方”为主题", "以“连民心 通四方”为主题"),
        ("使用 AI 技术", "使用AI技术"),
        ("Green River Bridge 通车", "Green River Bridge通车"),
        ("青 禾 县 交 通 局", "青禾县交通局"),
        ("", ""),
    ],
)
def test_tidy_drops_only_the_typesetters_blanks(printed: str, text: str) -> None:
    assert tidy(printed) == text

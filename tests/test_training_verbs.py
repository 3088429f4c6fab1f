import pytest

from summarizer.training.verbs import aspects, tagged_verbs


def test_markers_before_and_after_are_counted_once_a_place():
    seen, marked = aspects(
        ["县里举办灯会，已举办三届。", "举办了第四届。已举办过", "选手举办选手"], {"举办", "选手"}
    )
    assert seen == {"举办": 5, "选手": 2} and +marked == {"举办": 3}


def test_no_text_has_no_verbs():
    assert aspects([], {"举办"}) == ({}, {}) and aspects([""], {"举办"}) == ({}, {})


def test_verbs_are_words_mostly_tagged_so_and_seen_often():
    pytest.importorskip("jieba")
    found = tagged_verbs(["县里举办灯会"] * 5 + ["县里召开会议"] * 4)
    assert "举办" in found and "灯会" not in found and "召开" not in found

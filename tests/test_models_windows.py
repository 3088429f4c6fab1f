import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.models.windows import windows

TEXT = "柳湾县小麦丰收。“今年亩产512公斤，”贾有福说。\n记者从县农业农村局了解到，全县共收割32万亩。"


def test_a_text_that_fits_is_one_window():
    assert windows(f" {TEXT}\n", 100, len) == [TEXT]
    assert windows(" \n", 100, len) == []


def test_cuts_fall_on_sentence_ends():
    found = windows(TEXT, 30, len)
    assert len(found) == 2 and all(part.endswith("。") for part in found)
    assert "".join(found) == TEXT.replace("\n", "")


def test_a_long_sentence_is_cut_at_clauses_and_a_long_clause_between_characters():
    assert windows("甲乙丙丁，戊己庚辛。", 5, len) == ["甲乙丙丁，", "戊己庚辛。"]
    assert "".join(windows("甲" * 23, 5, len)) == "甲" * 23


def test_a_character_that_counts_more_than_a_window_is_kept():
    assert windows("甲乙", 1, lambda text: 3 * len(text)) == ["甲", "乙"]


@pytest.mark.parametrize("extra", [0, 1, 2])
@given(text=st.text(alphabet="甲乙丙1,，。！”“ \n", max_size=80), size=st.integers(3, 20))
def test_nothing_is_lost_and_nothing_is_too_long(extra, text, size):
    def count(part):  # a vocabulary that pays for each stretch, so that costs do not add up
        return len(part) + (extra if part else 0)

    found = windows(text, size, count)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(part and count(part) <= size for part in found)

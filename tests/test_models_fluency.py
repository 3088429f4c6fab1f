import numpy as np
import pytest

from summarizer.models import bundled
from summarizer.models.fluency import BONDS, Bonds, learn_bonds

SOURCE = "柳湾县举办国际象棋邀请赛，来自全国的选手参加了开幕式。县文化馆展出老照片三百张。"


@pytest.fixture(scope="module")
def bonds():
    return Bonds.load(bundled.FOLDER / BONDS)


COPIES = ["柳湾县举办国际象棋邀请赛", "县文化馆展出老照片", "国际象棋邀请赛 柳湾县举办", ""]


@pytest.mark.parametrize("text", COPIES)
def test_copies_and_halves_are_sound(bonds, text):
    assert bonds.joins(text, SOURCE).sound


@pytest.mark.parametrize("text", ["国际象邀请赛", "柳湾县举办国际象 选手参加", "际象棋邀请赛开幕式"])
def test_a_broken_word_is_torn(bonds, text):
    joins = bonds.joins(text, SOURCE)
    assert joins.torn > 4 and not joins.sound


def test_a_word_that_is_shortened_into_another_is_whole(bonds):
    """袭 of 袭击 stands in 遭袭, 峻 of 严峻复杂 in 严峻."""
    source = "境外油轮昨天遭到袭击，形势严峻复杂。"
    assert bonds.joins("境外油轮遭袭", source).sound and bonds.joins("油轮昨天遭袭 形势严峻", source).sound
    assert not bonds.joins("境外油轮遭到袭", source).sound


def test_a_pair_that_language_does_not_know_is_counted(bonds):
    joins = bonds.joins("象赛柳湾县", SOURCE)
    assert joins.new >= 1 and joins.unknown >= 1 and not joins.sound


def test_bound_characters_are_stronger_than_chance(bonds):
    assert bonds.strength("收", "割") > 4 > bonds.strength("的", "是")
    assert bonds.strength("㙍", "岇") == -np.inf


def test_counts_by_hand_and_on_disk(tmp_path):
    learnt = learn_bonds(["小麦丰收"] * 20 + ["麦小"] * 20)
    # 小麦 20 times and 麦小 as often, of equally common characters: no bond between those two directions
    assert learnt.strength("小", "麦") > 0 and learnt.strength("丰", "收") > learnt.strength("小", "麦")
    learnt.save(tmp_path / BONDS)
    read = Bonds.load(tmp_path / BONDS)
    assert read.strength("丰", "收") == pytest.approx(learnt.strength("丰", "收"), abs=0.2)


def test_long_texts_take_linear_time(bonds):
    assert bonds.joins("棋" * 30, "象" * 200_000).new == 29

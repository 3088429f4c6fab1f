"""Every encoding, simplified and traditional, long and short, whole and cut off."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import PageError, SettingsError
from summarizer.pages.encoding import decode

SIMPLIFIED = (
    "本报讯（记者 梁可）8月26日，记者从云溪县交通运输局了解到，今年以来全县新改建农村公路"
    "128.6公里，改造危桥9座，12个乡镇实现半小时上高速。\n“路修到了家门口，桃子一天就能运到省城。”"
    "青石镇种植户汪德顺说。\n"
)
TRADITIONAL = (
    "本報訊（記者 梁可）8月26日，記者從雲溪縣交通運輸局瞭解到，今年以來全縣新改建農村公路"
    "128.6公里，改造危橋9座，12個鄉鎮實現半小時上高速。\n「路修到了家門口，桃子一天就能運到省城。」"
    "青石鎮種植戶汪德順說。\n"
)
WIDE = ("utf-16-le", "utf-16-be")
CASES = [
    *((SIMPLIFIED, codec) for codec in ("utf-8", "gb18030", "gbk", "gb2312", *WIDE)),
    *((TRADITIONAL, codec) for codec in ("utf-8", "gb18030", "gbk", "big5", "cp950", "big5hkscs", *WIDE)),
]


@pytest.mark.parametrize(("text", "codec"), CASES)
@pytest.mark.parametrize("times", [1, 400])
def test_text_comes_back(text: str, codec: str, times: int) -> None:
    decoded = decode((text * times).encode(codec))
    assert decoded.text == text * times
    assert not decoded.lost


@pytest.mark.parametrize(("text", "codec"), CASES)
@pytest.mark.parametrize("length", [8, 16])
def test_a_few_characters_are_enough(text: str, codec: str, length: int) -> None:
    flat = text.replace("\n", "")
    pieces = [flat[at : at + length] for at in range(0, len(flat) - length, 3)]
    wrong = [piece for piece in pieces if decode(piece.encode(codec)).text != piece]
    assert not wrong


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"\x84\x31\x95\x33", "gb18030"),
    ],
)
@pytest.mark.parametrize("encoding", [None, "named"])
def test_byte_order_mark_decides_and_goes(mark: bytes, codec: str, encoding: str | None) -> None:
    decoded = decode(mark + SIMPLIFIED.encode(codec), encoding and codec)
    assert (decoded.text, decoded.encoding) == (SIMPLIFIED, codec)


@pytest.mark.parametrize(
    ("text", "codec", "cut", "lost"),
    [
        (SIMPLIFIED, "utf-8", 1, 2),
        (SIMPLIFIED, "utf-8", 2, 1),
        (SIMPLIFIED, "gb18030", 1, 1),
        (TRADITIONAL, "big5", 1, 1),
        (SIMPLIFIED, "utf-16-le", 1, 1),
        (SIMPLIFIED, "utf-16-be", 1, 1),
    ],
)
def test_cut_inside_the_last_character(text: str, codec: str, cut: int, lost: int) -> None:
    whole = text.rstrip("。\n")
    data = whole.encode(codec)[:-cut]
    decoded = decode(data)
    assert decoded.text.rstrip("\ufffd") == whole[:-1]
    assert sum(loss.count for loss in decoded.lost) == lost
    assert decoded.lost[0].offset == len(data) - lost
    assert decoded.lost[0].at == len(whole) - 1


@pytest.mark.parametrize(
    ("text", "codec"), [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5")]
)
def test_damage_is_counted_with_its_place_and_nothing_else_is_lost(text: str, codec: str) -> None:
    before, after = text[:40], text[40:]
    data = before.encode(codec) + b"\xff\xff" + after.encode(codec) + b"\xff"
    decoded = decode(data)
    assert decoded.text.replace("\ufffd", "") == text
    assert [(loss.offset, loss.count, loss.at) for loss in decoded.lost] == [
        (len(before.encode(codec)), 2, 40),
        (len(data) - 1, 1, len(text) + 2),
    ]


def test_lone_surrogates_in_utf16_are_lost_units() -> None:
    data = "今年".encode("utf-16-le") + b"\x00\xd8" + SIMPLIFIED.encode("utf-16-le")
    decoded = decode(data)
    assert decoded.text == "今年\ufffd" + SIMPLIFIED
    assert [(loss.offset, loss.count) for loss in decoded.lost] == [(4, 2)]


def test_plain_ascii_and_mostly_ascii() -> None:
    assert decode(b"no Chinese here\n").encoding == "utf-8"
    page = "GDP 5.2% / PMI 50.1\n" * 50 + "全县经济稳中向好\n"
    assert decode(page.encode("gb18030")).text == page


def test_named_encoding_is_obeyed_and_widened() -> None:
    assert decode("镕鎔㐀".encode("gb18030"), "GB2312").text == "镕鎔㐀"
    assert decode("裏粧".encode("cp950"), "big5").text == "裏粧"
    assert decode(SIMPLIFIED.encode("utf-16"), "utf-16").text == SIMPLIFIED


@pytest.mark.parametrize("name", ["utf-9", "hex", "latin-zwei"])
def test_unknown_encoding_is_a_setting_error(name: str) -> None:
    with pytest.raises(SettingsError, match=f"expected an encoding.*{name}"):
        decode(b"abc", name)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 20,
        b"\x00\x01\x02\x03" * 100,
        random.Random(1).randbytes(2000).replace(b"\0", b""),
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(PageError, match="expected text in UTF-8, GB18030, Big5 or UTF-16, found"):
        decode(data)


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_page_error(data: bytes) -> None:
    try:
        decoded = decode(data)
    except PageError:
        return
    decoded.text.encode("utf-8")  # no lone surrogate is left
    for loss in decoded.lost:
        assert decoded.text[loss.at] == "\ufffd"
        assert 0 <= loss.offset < loss.offset + loss.count <= len(data)


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "gbk", "big5", "big5hkscs", "utf-16", "utf-32"]))
def test_any_bytes_in_a_named_encoding(data: bytes, encoding: str) -> None:
    try:
        decode(data, encoding).text.encode("utf-8")
    except PageError as error:
        assert "offset" in str(error)

"""From a path to a Page, and every way in which there is none."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from summarizer.errors import PageError
from summarizer.pages import find, read

TEXT = "云溪日报 2024年8月27日 第3版\n\n本报讯 今年全县小麦喜获丰收。\n"


def written(path: Path, content: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


# --- finding


def test_folders_are_walked_in_order_and_hidden_files_skipped(tmp_path: Path, monkeypatch) -> None:
    for name in ("b/2.txt", "b/1.TXT", "a.text", "b/.hid.txt", ".git/x.txt", "b/gold.json", "c.txt"):
        written(tmp_path / "in" / name)
    monkeypatch.chdir(tmp_path)
    assert list(find(["in"])) == ["in/a.text", "in/b/1.TXT", "in/b/2.txt", "in/c.txt"]
    assert list(find(["in/b/", "in", "-", "in/b/gold.json", "-"])) == [
        "in/b/1.TXT",
        "in/b/2.txt",
        "in/a.text",
        "in/c.txt",
        "-",
        "in/b/gold.json",
    ]


def test_patterns(tmp_path: Path, monkeypatch) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "[x].txt"):
        written(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert list(find(["b/*.txt"])) == ["b/1.txt", "b/2.txt"]
    assert list(find(["**/*.txt"])) == ["[x].txt", "a.txt", "b/1.txt", "b/2.txt"]
    assert list(find(["?"])) == ["b/1.txt", "b/2.txt"]
    assert list(find(["[x].txt"])) == ["[x].txt"]
    assert list(find(["no*.txt", "gone.txt"])) == ["no*.txt", "gone.txt"]


def test_a_link_back_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    page = written(tmp_path / "in/sub/1.txt")
    loop = tmp_path / "in/sub/loop"
    loop.symlink_to(tmp_path / "in")
    assert list(find([tmp_path / "in"])) == [str(page), str(loop)]
    with pytest.raises(PageError, match="link back to a folder above it"):
        read(loop)


def test_a_link_to_another_folder_is_followed(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere/1.txt")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    assert list(find([tmp_path / "in"])) == [str(tmp_path / "in/link/1.txt")]


# --- reading


def test_a_page_knows_its_lines_date_number_and_paper(tmp_path: Path) -> None:
    page = read(written(tmp_path / "p.txt"))
    assert page.id == str(tmp_path / "p.txt")
    assert page.lines == ("云溪日报 2024年8月27日 第3版", "", "本报讯 今年全县小麦喜获丰收。")
    assert (page.date, page.number, page.paper, page.encoding) == ("2024-08-27", "3", "云溪日报", "utf-8")
    assert page.warnings == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\f", "\v"])
def test_every_newline(tmp_path: Path, newline: str) -> None:
    lines = ("第一行", "", "第三行")
    assert read(written(tmp_path / "p.txt", newline.join(lines))).lines == lines
    assert read(written(tmp_path / "p.txt", newline.join((*lines, "")))).lines == lines


def test_a_form_feed_beside_a_newline_adds_no_line(tmp_path: Path) -> None:
    page = written(tmp_path / "p.txt", "一\n\f二\f\n三\r\n\f\r\n四")
    assert read(page).lines == ("一", "二", "三", "", "四")


def test_standard_input(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("gb18030"))))
    page = read("-")
    assert (page.id, page.encoding, page.lines[2]) == ("-", "gb18030", "本报讯 今年全县小麦喜获丰收。")


def test_lost_bytes_are_told_with_offset_and_line(tmp_path: Path) -> None:
    first, second, third = "今年小麦喜获丰收。" * 3, "秋粮长势良好。", "全县气温回升，适合播种。"
    data = f"{first}\n{second}".encode("gb18030") + b"\xff\n" + third.encode("gb18030") + b"\xb1"
    page = read(written(tmp_path / "p.txt", data))
    assert page.lines == (first, second + "\ufffd", third + "\ufffd")
    assert page.warnings == (
        "2 bytes could not be decoded as gb18030, "
        "at offset 69 (line 2), offset 95 (line 3); U+FFFD stands for each",
    )


def test_many_places_of_damage_are_counted(tmp_path: Path) -> None:
    data = b"\n".join("今天天气晴朗，全县气温回升明显，适合播种春季作物".encode() + b"\xff" for _ in range(9))
    (warning,) = read(written(tmp_path / "p.txt", data)).warnings
    assert warning.startswith("9 bytes could not be decoded as utf-8")
    assert "and 4 more places" in warning


def test_earlier_damage_and_invisible_characters_are_told(tmp_path: Path) -> None:
    page = read(written(tmp_path / "p.txt", "云溪\u200b县\ufeff气\ufffd象台\n"))
    assert page.lines == ("云溪县气\ufffd象台",)
    assert "1 characters were U+FFFD in the file already" in page.warnings[0]
    assert "2 invisible characters" in page.warnings[1]


def test_no_suffix_and_a_number_for_a_suffix_are_text(tmp_path: Path) -> None:
    for name in ("page", "page.2024", "8.27要闻"):
        assert read(written(tmp_path / name)).number == "3"


# --- what is no page


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("e.txt", b"", "found an empty file"),
        ("e.txt", b" \r\n\n", "found only blanks"),
        ("e.txt", "\u3000\n\u200b\n", "found only blanks"),
        ("e.txt", b"\x89PNG\r\n\x1a\n\0\0", "found a PNG image"),
        ("e.txt", b"%PDF-1.7\n%\xe2\xe3", "found a PDF file"),
        ("e.txt", b"PK\x03\x04\x14\0", "found a ZIP archive"),
        ("e.txt", b"\x1f\x8b\x08\0", "found a gzip archive"),
        ("e.txt", "全县\0小麦\0丰收\n".encode(), "found binary data"),
        ("e.txt", b"\x01\x00\x02\x00" * 99, "found binary data"),
        ("e.pdf", TEXT, r"expected one of \.text \.txt, found \.pdf"),
        ("e.docx", TEXT, r"found \.docx"),
        ("e.txt", "长" * 20_001, "found 20,001 in line 1"),
        ("e.txt", b"a" * (4 * 2**20 + 1), "at most 4,194,304 bytes, found 4,194,305"),
    ],
)
def test_bad_input_says_what_it_is(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(PageError, match=reason) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: expected ")


def test_a_named_encoding_does_not_let_binary_through(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="found a NUL character in line 2"):
        read(written(tmp_path / "p.txt", b"abc\nd\0e\n"), encoding="utf-8")


def test_missing_empty_folder_and_loops(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="No such file"):
        read(tmp_path / "gone.txt")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PageError, match=r"folder without any \.text \.txt file"):
        read(tmp_path / "folder")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    with pytest.raises(PageError, match="symbolic links"):
        read(tmp_path / "self.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders(tmp_path: Path) -> None:
    file = written(tmp_path / "in/p.txt")
    file.chmod(0)
    with pytest.raises(PageError, match="Permission denied"):
        read(file)
    (tmp_path / "in").chmod(0)
    assert list(find([tmp_path / "in"])) == [str(tmp_path / "in")]
    with pytest.raises(PageError, match="Permission denied"):
        read(tmp_path / "in")
    (tmp_path / "in").chmod(0o700)


@pytest.mark.parametrize("start", ["<!DOCTYPE html>", "  <html lang='zh'>", "<?xml version='1.0'?>"])
def test_markup_is_not_taken_for_a_page(tmp_path, start):
    path = tmp_path / "page.txt"
    path.write_text(f"\n{start}\n<p>全县小麦收割过半。</p>\n", encoding="utf-8")
    with pytest.raises(PageError, match="found HTML or XML"):
        read(path)

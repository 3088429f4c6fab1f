"""What a browser may send: pages of text, whatever they are called, and nothing else."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

import summarizer
from summarizer.errors import UploadError
from summarizer.pages import read
from summarizer.web import refusals
from summarizer.web.strings import LANGUAGES, Strings
from summarizer.web.uploads import REASONS, Limits, accept, accept_all, shown_name

PAGE = (Path(summarizer.__file__).parent / "samples" / "yunxi_daily.txt").read_bytes()


@pytest.fixture
def sent(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()

    def send(data=PAGE, name="a.txt"):
        path = folder / name
        path.write_bytes(data)
        return path

    return send


@pytest.fixture
def ours(tmp_path):
    (tmp_path / "ours").mkdir()
    return tmp_path / "ours"


def refusal(sent, ours, data=PAGE, name="a.txt", **limits):
    with pytest.raises(UploadError) as error:
        accept(sent(data), name, ours, limits=Limits(**limits))
    assert list(ours.iterdir()) == []
    assert "expected" in str(error.value) and "text file" in str(error.value)  # what is accepted is said
    return error.value.reason.removeprefix("file."), error.value.values


# --- names


NAMES = {
    "8月27日三版.txt": "8月27日三版.txt",
    "../../../etc/passwd.txt": "passwd.txt",
    "..\\..\\x.txt": "x.txt",
    "C:\\Users\\王\\三版.txt": "三版.txt",
    "/etc/shadow.TXT": "shadow.TXT",
    "a\0b.txt": "ab.txt",
    "a\nb\r\t\x1b[31mc.txt": "ab[31mc.txt",
    "要闻\u202etxt.exe\u202c.txt": "要闻txt.exe.txt",
    "\u200b\u2066\ufeff.txt": "未命名.txt",
    "..txt": "未命名.txt",
    ".txt": "未命名.txt",
    ".hidden.txt": "hidden.txt",
    "": "未命名",
    "\ud800.txt": "未命名.txt",
    "  a   b .txt": "a b.txt",
    "版" * 300 + ".txt": "版" * 76 + ".txt",
    "x" * 300: "x" * 80,
    "<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt",  # a screen escapes what it shows
    "a. .txt": "a..txt",
    "nul.txt": "nul.txt",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_as_it_is_shown(name):
    assert shown_name(name) == NAMES[name]
    assert shown_name(NAMES[name]).rstrip(".") == NAMES[name].rstrip(".")


@pytest.mark.parametrize("name", [name for name in NAMES if NAMES[name].lower().endswith(".txt")])
def test_no_name_chooses_a_place(sent, ours, name):
    one = accept(sent(), name, ours)
    assert one.path.parent == ours and one.path.stem.isalnum() and len(one.path.stem) == 32
    assert one.path.suffix == ".txt" and one.name == NAMES[name]
    assert one.path.read_bytes() == PAGE and one.path.stat().st_mode & 0o777 == 0o600


def test_what_is_accepted_is_a_page(sent, ours):
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        text = PAGE.decode("utf-8")
        one = accept(sent(text.encode(encoding)), "a.text", ours)
        assert read(one.path).lines == tuple(text.splitlines())
        assert one.characters == sum(map(len, text.splitlines()))


@pytest.mark.parametrize("opening", ["PK赛昨日举行", "BMW降价", "MZ世代", "RIFF展开幕", "BZh"])
def test_a_page_may_begin_with_any_letters(sent, ours, opening):
    for encoding in ("utf-8", "gb18030"):
        accept(sent(f"{opening}。\n全文如下。\n".encode(encoding)), "a.txt", ours)


# --- what is no page


KINDS = [
    b"PK\x03\x04" + bytes(30), b"PK\x05\x06" + bytes(18), b"%PDF-1.7\n", b"MZ\x90\0" + bytes(60),
    b"\x7fELF\x02", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"\x1f\x8b\x08", b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c", b"BZh91AY&SY", b"\xfd7zXZ\0", b"BM" + bytes(40), b"RIFF\0\0\0\0WEBP",
    b"SQLite format 3\0", b"{\\rtf1", b"\xd0\xcf\x11\xe0",
]  # fmt: skip


@pytest.mark.parametrize("data", KINDS, ids=lambda data: data[:4].hex())
def test_another_kind_of_file_called_txt(sent, ours, data):
    reason, values = refusal(sent, ours, data)
    assert reason == "kind" and values["found"]


@pytest.mark.parametrize("name", ["a.zip", "a.pdf", "a.html", "a.svg", "a", "a.txt.exe", "txt", "a.txt."])
def test_another_suffix(sent, ours, name):
    reason, values = refusal(sent, ours, name=name)
    assert reason == "suffix" and ".txt" not in str(values["found"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t \n", "empty"),
        (b"<!DOCTYPE html><script>", "markup"),
        (b"\n\n  <html><img src=x onerror=alert(1)>", "markup"),
        (b"<?xml version='1.0'?><!ENTITY a 'aaaa'>", "markup"),
        (bytes(range(128, 256)) * 50, "encoding"),
        ("正文\n正\0文".encode(), "encoding"),
        ("正文\n正\0文".encode("utf-16"), "kind"),
    ],
)
def test_no_text_at_all(sent, ours, data, reason):
    assert refusal(sent, ours, data)[0] == reason


def test_a_zip_bomb_is_not_opened(sent, ours, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("page.txt", b"0" * 50_000_000)
    data = (tmp_path / "bomb.zip").read_bytes()
    assert len(data) < 100_000
    reason, values = refusal(sent, ours, data)
    assert reason == "kind" and "ZIP" in values["found"]


# --- too much


def test_too_large_too_long_too_wide(sent, ours):
    assert refusal(sent, ours, bytes=len(PAGE) - 1) == ("bytes", {"limit": "0 MB"})
    assert refusal(sent, ours, characters=10) == ("characters", {"limit": "10"})
    wide = ("短行\n" + "长" * 60).encode()
    assert refusal(sent, ours, wide, line=59) == ("line", {"limit": "59", "number": 2})
    assert refusal(sent, ours, b"x" * 1_000_000)[0] == "characters"  # one megabyte of one letter
    assert refusal(sent, ours, b"x" * 5_000_000) == ("bytes", {"limit": "4 MB"})
    accept(sent(wide), "a.txt", ours, limits=Limits(line=60))


def test_too_many_and_too_much_together_leave_nothing(sent, ours):
    files = [(sent(name=f"{at}.txt"), f"{at}.txt") for at in range(4)]
    with pytest.raises(UploadError, match="at most 3 files") as error:
        accept_all(files, ours, limits=Limits(files=3))
    assert (error.value.reason, error.value.values) == ("file.files", {"limit": 3})
    with pytest.raises(UploadError, match="together") as error:
        accept_all(files, ours, limits=Limits(total=len(PAGE) * 3))
    assert error.value.reason == "file.total" and list(ours.iterdir()) == []


def test_the_good_ones_are_kept_and_the_others_named(sent, ours):
    files = [
        (sent(), "三版.txt"),
        (sent(b"%PDF", "b"), "四\u202e版.txt"),
        (sent(name="c"), "../三版.txt"),
        (sent(name="d"), "x/三版.TXT"),
        (sent(name="e"), "三版 (2).txt"),
    ]
    kept, refused = accept_all(files, ours)
    assert [one.name for one in kept] == ["三版.txt", "三版 (2).txt", "三版 (3).TXT", "三版 (2) (2).txt"]
    assert [(one.name, one.error.reason) for one in refused] == [("四版.txt", "file.kind")]
    assert "a PDF file" in refused[0].reason
    assert len(list(ours.iterdir())) == 4


# --- paths that a browser makes up


def test_only_what_was_sent_is_opened(sent, ours, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_bytes(PAGE)
    folder = sent().parent
    (folder / "link.txt").symlink_to(secret)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe.txt")
    below = ["../secret.txt", "link.txt", "loop.txt", "pipe.txt", "", "gone.txt"]
    elsewhere = [secret, Path("/dev/zero"), Path("/etc/passwd"), Path("a\0b")]
    for path in [*elsewhere, *(folder / name for name in below)]:
        with pytest.raises(UploadError) as error:
            accept(path, "a.txt", ours, inside=folder)
        assert error.value.reason == "file.gone" and str(path) not in str(error.value)
    assert accept(folder / "a.txt", "a.txt", ours, inside=folder).bytes == len(PAGE)


# --- in the reader's language


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_words_in_both_languages(reason):
    values = {name: f"<{name}>" for name in REASONS[reason]}
    error = UploadError("expected", reason=f"file.{reason}", **values)
    chinese, english = (refusals.refusal(error, Strings(language)) for language in LANGUAGES)
    assert chinese != english and chinese.endswith("。") and english.endswith(".")
    assert all(value in english for value in values.values())
    assert "{" not in chinese + english

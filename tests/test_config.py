from pathlib import Path

import pytest

from summarizer.config import STYLE_LIMITS, Settings, load_settings
from summarizer.errors import SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "summarizer.toml").write_text('beams = 2\nseed = 7\nmodel = "extractive"\n', encoding="utf-8")
    return tmp_path


def test_each_source_wins_over_the_next(folder):
    found = load_settings(
        {"beams": 6}, environ={"SUMMARIZER_BEAMS": "5", "SUMMARIZER_SEED": "9"}, folder=folder
    )
    assert (found.beams, found.seed, found.model, found.style) == (6, 9, "extractive", "headline")


def test_defaults_alone(tmp_path):
    assert load_settings(environ={}, folder=tmp_path) == Settings()
    assert Settings().offline and not Settings().allow_remote


def test_the_process_environment_and_working_directory_are_the_default(monkeypatch, folder):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SUMMARIZER_STYLE", "brief")
    found = load_settings()
    assert (found.style, found.beams) == ("brief", 2)


def test_the_limit_in_force_is_the_styles_own_unless_given():
    assert {style: Settings(style=style).characters for style in STYLE_LIMITS} == STYLE_LIMITS
    assert Settings(style="brief", limit=12).characters == 12


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("SUMMARIZER_OFFLINE", "no", "offline", False),
        ("SUMMARIZER_ALLOW_REMOTE", "TRUE", "allow_remote", True),
        ("SUMMARIZER_LIMIT", "24", "limit", 24),
        ("SUMMARIZER_SERVER_TIMEOUT", "2.5", "server_timeout", 2.5),
        ("SUMMARIZER_THREADS", "2", "threads", 2),
        ("SUMMARIZER_ENCODING", "gb18030", "encoding", "gb18030"),
    ],
)
def test_environment_texts_become_values(tmp_path, variable, text, field, value):
    assert getattr(load_settings(environ={variable: text}, folder=tmp_path), field) == value


def test_the_servers_key_and_other_variables_are_no_settings(tmp_path):
    environ = {"SUMMARIZER_API_KEY": "s3cret", "OMP_NUM_THREADS": "1", "PATH": "/bin"}
    assert load_settings(environ=environ, folder=tmp_path) == Settings()


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("beams", 0, "a whole number from 1"),
        ("beams", True, "a whole number from 1"),
        ("beams", 2.5, "a whole number from 1"),
        ("beams", "vier", "a whole number from 1"),
        ("style", "haiku", "one of headline, brief, points, digest"),
        ("limit", -1, "a whole number of characters from 1"),
        ("server_timeout", float("nan"), "a number of seconds above 0"),
        ("server_context", 100, "from 512"),
        ("cache", -1, "a whole number of MiB from 0"),
        ("offline", 1, "true or false"),
        ("model", " ", "the name of a model"),
        ("encoding", "", "the name of a text encoding"),
    ],
)
def test_a_wrong_value_names_source_key_value_and_what_is_accepted(tmp_path, key, value, accepted):
    with pytest.raises(SettingsError) as error:
        load_settings({key: value}, environ={}, folder=tmp_path)
    for part in ("command line", key, repr(value), accepted):
        assert part in str(error.value)
    with pytest.raises(SettingsError, match=key):
        Settings(**{key: value})


def test_the_message_names_the_file_or_the_variable(tmp_path):
    with pytest.raises(SettingsError, match=r"environment: SUMMARIZER_BEAMS = 'x'"):
        load_settings(environ={"SUMMARIZER_BEAMS": "x"}, folder=tmp_path)
    path = tmp_path / "summarizer.toml"
    path.write_text("beams = 'x'", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings({"beams": 3}, environ={}, folder=tmp_path)
    assert str(path) in str(error.value)


def test_an_unknown_setting_names_the_nearest(tmp_path):
    with pytest.raises(SettingsError, match=r"SUMMARIZER_BEEMS'. Did you mean 'beams'"):
        load_settings(environ={"SUMMARIZER_BEEMS": "3"}, folder=tmp_path)
    (tmp_path / "summarizer.toml").write_text("api_key = 'x'", encoding="utf-8")
    with pytest.raises(SettingsError, match="SUMMARIZER_API_KEY only"):
        load_settings(environ={}, folder=tmp_path)


@pytest.mark.parametrize("content", [b"beams = ", b"model = '\xb1\xb1'"])
def test_an_unreadable_file_is_an_error_with_its_path(tmp_path, content):
    (tmp_path / "summarizer.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"summarizer.toml: expected a readable TOML file"):
        load_settings(environ={}, folder=tmp_path)

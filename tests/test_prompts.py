import pytest

from summarizer.errors import PromptError
from summarizer.prompts import FOLDER, load_prompt

GOOD = """version = 2
variables = ['article', 'limit']
system = '''编辑'''
user = '''
$article
不超过$limit字，共$$1
'''
"""


def write(folder, text):
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["headline", "brief", "points", "digest", "notes"])
def test_a_shipped_prompt_keeps_the_article_apart_and_states_the_limit(name):
    prompt = load_prompt(name)
    values = dict.fromkeys(prompt.variables, "7") | {"article": "柳湾县小麦丰收。", "limit": 23}
    system, user = prompt.render(**values)
    assert (system.role, user.role) == ("system", "user")
    assert "<报道>\n柳湾县小麦丰收。\n</报道>" in user.content and "23" in user.content
    assert "<报道>" in system.content and "指令" in system.content


def test_every_file_of_the_folder_loads():
    names = [path.stem for path in FOLDER.glob("*.toml")]
    assert len(names) >= 5 and all(load_prompt(name).version >= 1 for name in names)


def test_rendering_puts_values_in_once(tmp_path):
    prompt = load_prompt("p", folder=write(tmp_path, GOOD))
    system, user = prompt.render(article="价格$limit元，$$和{limit}照旧", limit=30)
    assert user.content == "价格$limit元，$$和{limit}照旧\n不超过30字，共$1"
    assert system.content == "编辑"


@pytest.mark.parametrize("values", [{"article": "x"}, {"article": "x", "limit": 1, "titel": "y"}, {}])
def test_a_missing_or_surplus_value_is_an_error(tmp_path, values):
    prompt = load_prompt("p", folder=write(tmp_path, GOOD))
    with pytest.raises(PromptError, match=r"'p' version 2: .*takes exactly \['article', 'limit'\]"):
        prompt.render(**values)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("'limit'", "'limits'", "make them the same"),
        ("$article", "文章", "make them the same"),
        ("['article', 'limit']", "['article', 'limit', 'limit']", "make them the same"),
        ("$$1", "$1", "write '\\$\\$'"),
        ("version = 2", "version = 0", "version = 0"),
        ("version = 2", "version = true", "version = True"),
        ("version = 2\n", "", "missing keys \\['version'\\]"),
        ("version = 2", "version = 2\nvresion = 3", "unknown keys \\['vresion'\\]"),
        ("'''编辑'''", "3", "must be texts"),
        ("['article', 'limit']", "'article'", "expected a list"),
        ("version = 2", "version = ", "readable TOML"),
    ],
)
def test_a_faulty_file_is_an_error_with_its_path(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(PromptError, match=f"p.toml: .*{says}"):
        load_prompt("p", folder=write(tmp_path, GOOD.replace(old, new)))


def test_an_unknown_prompt_lists_the_known_ones():
    with pytest.raises(PromptError, match="Prompts there: answer, brief, digest, headline"):
        load_prompt("headlines")


def test_the_fingerprint_follows_the_file(tmp_path):
    first = load_prompt("p", folder=write(tmp_path, GOOD)).fingerprint
    assert first == load_prompt("p", folder=tmp_path).fingerprint
    assert first != load_prompt("p", folder=write(tmp_path, GOOD.replace("编辑", "记者"))).fingerprint

"""What a model folder may not hold. The folders are small; nothing is loaded but config.json."""

import json
import os

import pytest

from summarizer.errors import ModelError
from summarizer.models.safety import fetch, fingerprint, kind, scan


@pytest.fixture
def folder(tmp_path):
    """A folder as save_pretrained leaves it, with a vocabulary full of odd but harmless tokens."""
    home = tmp_path / "model"
    home.mkdir()
    write(
        home,
        "config.json",
        {"model_type": "t5", "_name_or_path": "/train/run7", "architectures": ["T5Model"]},
    )
    write(
        home,
        "tokenizer.json",
        {"model": {"vocab": {"auto_map": 1, "/etc": 2, "..": 3}, "merges": ["/ /", ".. /"]}},
    )
    write(home, "vocab.json", {"auto_map": 1, "../": 2})
    write(
        home,
        "tokenizer_config.json",
        {"added_tokens_decoder": {"0": {"content": "/"}}, "chat_template": "/{{ x }}"},
    )
    write(home, "special_tokens_map.json", {"sep_token": "/"})
    (home / "model.safetensors").write_bytes(b"weights")
    return home


def write(home, name, value):
    (home / name).write_text(json.dumps(value), encoding="utf-8")


def test_a_clean_folder_passes(folder):
    scan(folder)


@pytest.mark.parametrize(
    ("file", "value", "says"),
    [
        ("config.json", {"model_type": "t5", "auto_map": {"AutoModel": "m.M"}}, "auto_map"),
        ("config.json", {"text_config": {"deep": [{"auto_map": {}}]}}, "auto_map"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": "t.T"}}, "auto_map"),
        ("tokenizer.json", {"auto_map": {"AutoTokenizer": "t.T"}}, "auto_map"),
        ("config.json", {"vocab": {"auto_map": "m.M"}}, "auto_map"),
        ("config.json", {"_attn_implementation_internal": "org/kernel"}, "_attn_implementation_internal"),
        ("config.json", {"a": {"_experts_implementation_internal": "x"}}, "_experts_implementation_internal"),
        ("config.json", {"attn_implementation": "org/kernel"}, "hub"),
        ("config.json", {"trust_remote_code": True}, "trust_remote_code"),
        ("model.safetensors.index.json", {"weight_map": {"a": "../../etc/x.safetensors"}}, "points out"),
        ("model.safetensors.index.json", {"weight_map": {"a": "/etc/x.safetensors"}}, "points out"),
        ("tokenizer_config.json", {"vocab_file": "C:\\secret\\v.txt"}, "points out"),
        ("tokenizer_config.json", {"vocab_file": ["a/../../v.txt"]}, "points out"),
        ("tokenizer_config.json", {"vocab_file": "~/v.txt"}, "points out"),
        ("tokenizer_config.json", {"vocab_file": "\\\\host\\v.txt"}, "points out"),
        ("adapter_config.json", {"base_model_name_or_path": "org/base"}, "merge"),
    ],
)
def test_json_that_orders_code_or_points_out_is_refused(folder, file, value, says):
    write(folder, file, value)
    with pytest.raises(ModelError, match=f"{file}.*{says}"):
        scan(folder)


@pytest.mark.parametrize(
    "name", ["modeling.py", "pytorch_model.bin", "x.pt", "x.PKL", "deep/down/x.ckpt", "x.pth", "k.so"]
)
def test_files_that_can_run_code_are_refused(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    with pytest.raises(ModelError, match="can run code"):
        scan(folder)


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not(folder, tmp_path):
    (folder / "inside.txt").symlink_to(folder / "config.json")
    scan(folder)
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    (folder / "outside.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ModelError, match=r"outside.txt: links to a place outside"):
        scan(folder)


def test_a_linked_folder_outside_is_refused(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder / "sub").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(ModelError, match="outside"):
        scan(folder)


def test_a_cache_snapshot_may_link_to_the_blobs_of_its_repository_only(folder, tmp_path):
    repository = tmp_path / "models--org--name"
    snapshot = repository / "snapshots" / "abc"
    (repository / "blobs").mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for path in list(folder.iterdir()):
        path.rename(repository / "blobs" / path.name)
        (snapshot / path.name).symlink_to(os.path.join("..", "..", "blobs", path.name))
    scan(snapshot)
    other = tmp_path / "models--org--other"
    other.mkdir()
    (other / "x.txt").write_text("x", encoding="utf-8")
    (snapshot / "x.txt").symlink_to(other / "x.txt")
    with pytest.raises(ModelError, match="outside"):
        scan(snapshot)


def test_no_weights_no_config_and_broken_json_are_errors(folder, tmp_path):
    (folder / "generation_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"generation_config.json: expected readable JSON"):
        scan(folder)
    (folder / "generation_config.json").unlink()
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"expected weights as .safetensors"):
        scan(folder)
    with pytest.raises(ModelError, match=r"a config.json; found none"):
        scan(tmp_path)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model_type": "t5"}, "seq2seq"),
        ({"model_type": "mt5", "architectures": ["MT5ForConditionalGeneration"]}, "seq2seq"),
        ({"model_type": "bart"}, "seq2seq"),
        ({"model_type": "pegasus", "architectures": ["PegasusForConditionalGeneration"]}, "seq2seq"),
        ({"model_type": "bart", "architectures": ["BartForCausalLM"]}, "chat"),
        ({"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}, "chat"),
        ({"model_type": "llama"}, "chat"),
    ],
)
def test_the_kind_follows_config(folder, config, expected):
    write(folder, "config.json", config)
    assert kind(folder) == expected


@pytest.mark.parametrize(
    "config", [{"model_type": "vit"}, {"model_type": "my_own"}, {}, {"model_type": ["t5"]}]
)
def test_another_kind_of_model_is_refused(folder, config):
    write(folder, "config.json", config)
    with pytest.raises(ModelError, match="neither a seq2seq nor a causal"):
        kind(folder)


def test_the_fingerprint_follows_weights_and_vocabulary_but_not_the_place(folder, tmp_path):
    first = fingerprint(folder)
    assert first == fingerprint(folder) and len(first) == 64
    moved = folder.rename(tmp_path / "moved")
    assert fingerprint(moved) == first
    (moved / "README.md").write_text("x", encoding="utf-8")
    assert fingerprint(moved) == first
    (moved / "model.safetensors").write_bytes(b"weighty")
    second = fingerprint(moved)
    write(moved, "vocab.json", {"a": 1})
    assert len({first, second, fingerprint(moved)}) == 3


def test_a_folder_is_taken_as_it_is_and_an_unknown_name_offline_says_what_to_do(folder):
    assert fetch(str(folder), offline=True) == folder
    for name in ("org/none", "./missing/folder", "a/b/c"):
        with pytest.raises(ModelError, match=r"no such folder.*local cache.*offline = false"):
            fetch(name, offline=True)

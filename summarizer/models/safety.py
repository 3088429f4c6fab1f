"""Is a model folder safe to load, what is in it, and which model exactly is it?

Weights are data only as safetensors; a pickle is a program, and so is a Python file beside it.
But JSON can order code too: `auto_map` names a Python file, `*_implementation_internal`
fetched kernels from the hub although remote code was off (CVE-2026-4372), an index file may
point out of the folder. So every file is looked at before transformers sees the first one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from summarizer.errors import ModelError

__all__ = ["fetch", "fingerprint", "kind", "scan"]

_REFUSED = {".py", ".pyc", ".so", ".dll", ".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}
# Files that hold nothing but vocabulary: any string may stand there, "/" and "auto_map" included.
_VOCABULARY = {"vocab.json", "added_tokens.json"}
# Keys whose value is text for people or a token, never a path that is opened.
_NOT_PATHS = {"_name_or_path", "name_or_path", "content", "chat_template", "template"}
_NO_PATHS = {"tokenizer.json", "special_tokens_map.json"}
_PATH = re.compile(r"^(/|~|\\\\|[A-Za-z]:[\\/])|(^|[\\/])\.\.([\\/]|$)")
# What a model needs; nothing else is asked of the hub, so a pickle is never fetched.
_NEEDED = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]


def fetch(name: str, *, offline: bool) -> Path:
    """The local folder of a model: `name` is a folder or a Hugging Face name.

    Offline only the local cache is asked. Raises ModelError when there is none.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, local_files_only=offline, allow_patterns=_NEEDED))
    except (OSError, ValueError, HFValidationError) as error:
        cure = "Give a folder's path, or allow the download with offline = false." if offline else str(error)
        raise ModelError(
            f"{name}: expected a model folder or a Hugging Face name; there is no such folder, "
            f"and no such model {'in the local cache' if offline else 'could be fetched'}. {cure}"
        ) from error


def scan(folder: Path, *, described_by: Sequence[str] = ("config.json",)) -> None:
    """Raise ModelError naming the first thing in `folder` that must not be loaded.

    One of the files `described_by` must be there: a static encoder of sentence-transformers has a
    modules.json and no config.json.
    """
    if not any((folder / name).is_file() for name in described_by):
        names = " or ".join(described_by)
        raise ModelError(f"{folder}: expected a model folder with a {names}; found none.")
    home = _home(folder)
    files = sorted(folder.rglob("*"))
    for path in files:
        if path.is_symlink() and not path.resolve().is_relative_to(home):
            raise ModelError(f"{path}: links to a place outside the model folder; copy the file instead.")
        if path.suffix.lower() in _REFUSED:
            raise ModelError(
                f"{path}: a file of this kind can run code and is not loaded. "
                "Keep weights as .safetensors (save_pretrained writes them) and remove this file."
            )
        if path.name == "adapter_config.json":
            raise ModelError(f"{path}: adapters name a base model elsewhere; merge it into the weights.")
        if path.suffix == ".json" and path.is_file() and path.name not in _VOCABULARY:
            _scan_json(path)
    if not any(path.suffix == ".safetensors" for path in files):
        raise ModelError(f"{folder}: expected weights as .safetensors; found none.")


def kind(folder: Path) -> Literal["seq2seq", "chat"]:
    """Which of our classes loads this folder, by its config.json.

    BART-like types have both kinds of head; `architectures` then decides, and without it an
    encoder-decoder is a seq2seq model. Raises ModelError for a type that is neither.
    """
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
    )

    config = _read(folder / "config.json")
    type_, heads = str(config.get("model_type")), str(config.get("architectures"))
    seq2seq = MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.get(type_)
    causal = MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.get(type_)
    if seq2seq is not None and (causal is None or causal not in heads):
        return "seq2seq"
    if causal is not None:
        return "chat"
    raise ModelError(
        f"{folder / 'config.json'}: model_type {type_!r} is neither a seq2seq nor a causal language model "
        "of the installed transformers."
    )


def fingerprint(folder: Path) -> str:
    """sha256 over names and contents of weights, vocabulary and configuration, in hex."""
    total = hashlib.sha256()
    for path in sorted(p for pattern in _NEEDED for p in folder.glob(pattern)):
        stat = path.stat()
        digest = _digest(path.resolve(), stat.st_mtime_ns, stat.st_size)
        total.update(f"{path.name}\0{digest}\n".encode())
    return total.hexdigest()


@lru_cache(maxsize=256)
def _digest(path: Path, mtime_ns: int, size: int) -> str:
    """Of one file; the time and size are there to make a changed file a new question."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _home(folder: Path) -> Path:
    """The folder that links may point into: the model's own, or in the Hugging Face cache
    (models--org--name/snapshots/REVISION) the repository's, where the blobs lie."""
    real = folder.resolve()
    if real.parent.name == "snapshots" and real.parent.parent.name.startswith("models--"):
        return real.parent.parent
    return real


def _read(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected readable JSON in UTF-8: {error}") from error
    return value if isinstance(value, dict) else {"": value}


def _scan_json(path: Path) -> None:
    for key, value in _items(_read(path), tokenizer=path.name == "tokenizer.json"):
        remote = key == "trust_remote_code" and value
        if remote or key == "auto_map" or key.endswith("_implementation_internal"):
            raise ModelError(f"{path}: the key {key!r} asks to run code of the model's; it is refused.")
        if not isinstance(value, str):
            continue
        if key.endswith("_implementation") and "/" in value:
            raise ModelError(f"{path}: {key} = {value!r} asks to fetch code from a hub; it is refused.")
        if path.name not in _NO_PATHS and key not in _NOT_PATHS and _PATH.search(value):
            raise ModelError(f"{path}: {key} = {value!r} points out of the model folder; it is refused.")


def _items(value: object, *, tokenizer: bool, key: str = "") -> Iterator[tuple[str, object]]:
    """Every (key, value) at any depth; an element of a list comes with the key of its list.

    The vocabulary inside tokenizer.json is left out: its keys are tokens.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            if not (tokenizer and name == "vocab"):
                yield from _items(inner, tokenizer=tokenizer, key=name)
    elif isinstance(value, list):
        for inner in value:
            yield key, inner
            yield from _items(inner, tokenizer=tokenizer, key=key)

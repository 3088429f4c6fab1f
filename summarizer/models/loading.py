"""What every in-process transformers model needs before its own class: a safe folder,
a tokenizer, a device with its precision and thread count, and errors a user can act on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import torch
from transformers import (
    AutoTokenizer,
    BertTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import safety
from summarizer.models.threads import set_threads

__all__ = [
    "device",
    "failing_as",
    "fit",
    "open_folder",
    "precision",
    "sentence_model",
    "tokenizer",
    "weights",
    "window",
]

_SAFE = {"local_files_only": True, "trust_remote_code": False}
"""For every from_pretrained: the folder has been fetched and scanned, and nothing else is asked."""

_Kind = TypeVar("_Kind")

# Window of a model that states none: what T5, mT5 and their offspring were trained on.
_WINDOW = 512


def open_folder(name: str, settings: Settings, *, prefix: str) -> Path:
    """The scanned local folder of model `name`; raises ModelError."""
    if not name:
        raise ModelError(f"{prefix}: expected a folder or a Hugging Face name: {prefix}:FOLDER.")
    folder = safety.fetch(name, offline=settings.offline)
    safety.scan(folder)
    kind = safety.kind(folder)
    if kind != prefix:
        raise ModelError(f"{prefix}:{name}: this is a {kind} model by its config.json; write {kind}:{name}.")
    logging.disable_progress_bar()  # the terminal belongs to the program's own progress
    return folder


def tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The folder's own tokenizer.

    A folder with nothing but BERT's vocab.txt says nothing else of its tokenizer, and
    AutoTokenizer would go by the model's type (RoBERTa's for BART) and read another language.
    """
    stated = any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer_config.json"))
    if (folder / "vocab.txt").is_file() and not stated:
        return BertTokenizer.from_pretrained(folder, **_SAFE)
    return AutoTokenizer.from_pretrained(folder, **_SAFE)


def device() -> torch.device:
    """A CUDA device if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def precision() -> torch.dtype:
    """bfloat16 where the hardware multiplies it; elsewhere it is slower than float32 by far."""
    if device().type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("bf16") else torch.float32


def window(config: PreTrainedConfig, tokens: PreTrainedTokenizerBase) -> int:
    """Tokens the model reads at once: the least of what configuration and tokenizer state."""
    text = config.get_text_config()
    stated = [getattr(text, "max_position_embeddings", None), getattr(text, "n_positions", None)]
    # a tokenizer that knows no limit says 10**30
    stated.append(tokens.model_max_length if tokens.model_max_length < 10**9 else None)
    known = [int(size) for size in stated if size]
    return min(known) if known else _WINDOW


def weights(auto: type, folder: Path, dtype: torch.dtype) -> PreTrainedModel:
    """The model of the folder by the Auto class `auto`, on `device()`, every weight from the file.

    transformers fills a missing weight with random numbers and only logs it; here it is an error.
    """
    model, report = auto.from_pretrained(  # type: ignore[attr-defined]  # an Auto class
        folder, use_safetensors=True, dtype=dtype, output_loading_info=True, **_SAFE
    )
    missing = sorted(report["missing_keys"])
    if missing:
        raise ModelError(
            f"{folder}: the weights lack {len(missing)} tensors that config.json asks for, "
            f"first {missing[0]!r}; the files are incomplete or of another model."
        )
    return model.to(device()).eval()


def sentence_model(kind: Callable[..., _Kind], name: str, settings: Settings) -> tuple[_Kind, Path]:
    """The sentence-transformers model `name` of class `kind`, and the scanned folder it came from.

    Fetches nothing unless `settings.offline` is off. Raises ModelError.
    """
    folder = safety.fetch(name, offline=settings.offline)
    safety.scan(folder, described_by=("config.json", "modules.json"))
    set_threads(settings)
    with failing_as(name):
        model = kind(
            str(folder), device=str(device()), model_kwargs={"use_safetensors": True}, **_SAFE
        )  # fmt: skip
    return model, folder


def fit(name: str, model: PreTrainedModel, tokens: PreTrainedTokenizerBase) -> None:
    """Raise ModelError when the vocabulary has tokens that the weights have no row for."""
    rows = model.get_input_embeddings().num_embeddings
    if len(tokens) > rows:
        raise ModelError(
            f"{name}: the tokenizer knows {len(tokens)} tokens but the weights only {rows}; "
            "put the tokenizer files of this very model into its folder."
        )


@contextmanager
def failing_as(name: str) -> Iterator[None]:
    """Turn whatever transformers raises over a folder it cannot use into a ModelError."""
    try:
        yield
    except ModelError:
        raise
    except ImportError as error:
        raise ModelError(f"{name}: this model needs a package that is missing: {error}") from error
    except Exception as error:  # tokenizers and safetensors raise classes of no common base
        raise ModelError(
            f"{name}: transformers could not load this model: {type(error).__name__}: {error}. "
            "Check that config.json, weights and tokenizer files are complete and of one model."
        ) from error

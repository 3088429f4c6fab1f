"""Step 5: the last checkpoint becomes the shipped folder, in half precision, with checksums."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.numpy import load_file

from summarizer.errors import SummarizerError
from summarizer.models.bundled import VOCABULARY
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.training.loop import load_weights

__all__ = ["SHIPPED", "export", "write_checksums"]

SHIPPED = (
    "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
    "tokenizer_config.json", "bigrams.safetensors", "bonds.safetensors", "ranker.txt", "chooser.txt",
    "verbs.txt",
)  # fmt: skip
"""Files of the bundled model; those present are covered by checksums.json."""


def export(work: Path, out: Path) -> None:
    """Write weights, configuration and vocabulary into `out`, loadable by from_pretrained."""
    checkpoint = work / "checkpoint.safetensors"
    if not checkpoint.exists():
        raise SummarizerError(f"{checkpoint}: expected a checkpoint, found none; run the train step first")
    pieces = int(load_file(work / "tokens.safetensors")["pieces"][0])
    recipe = json.loads((work / "recipe.json").read_text(encoding="utf-8"))
    model = HeadlineT5(bundled_config(pieces, copy_head=recipe["copy_head"], small=recipe["small"]))
    load_weights(model, checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    # bfloat16 keeps the range the weights were trained in; 34 MB for 17 M weights.
    model.to(torch.bfloat16).save_pretrained(out)
    for name in VOCABULARY:
        shutil.copyfile(work / "tokenizer" / name, out / name)
    write_checksums(out)


def write_checksums(folder: Path, names: Sequence[str] = SHIPPED) -> None:
    """checksums.json over the files of `names` that are there; written last, read by `bundled.verify`."""
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if (folder / name).exists()
    }
    (folder / "checksums.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")

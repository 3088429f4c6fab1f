"""Step 3: the last checkpoint becomes the reader in the package, in half precision."""

from __future__ import annotations

import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER, VOCABULARY
from summarizer.models.bundled.reading.model import TABLE
from summarizer.models.bundled.reading.order import ORDER
from summarizer.models.bundled.reading.reader import WEIGHTS
from summarizer.training.export import write_checksums

__all__ = ["OUT", "export", "seal"]

OUT = FOLDER / "reading"


def export(work: Path, out: Path) -> None:
    """Write `out`/reader.safetensors and the vocabulary it was trained with; an order of spans learnt from
    other weights goes."""
    path = work / "checkpoint.safetensors"
    if not path.exists():
        raise SummarizerError(f"{path}: expected a checkpoint, found none; run the step before this one")
    state = load_file(path)
    weights = {n.removeprefix("model."): t.half() for n, t in state.items() if n.startswith("model.")}
    weights.pop(TABLE, None)
    out.mkdir(parents=True, exist_ok=True)
    (out / ORDER).unlink(missing_ok=True)
    save_file(weights, out / WEIGHTS)
    for name in VOCABULARY:
        shutil.copyfile(FOLDER / name, out / name)
    seal(out)


def seal(out: Path) -> None:
    """Write checksums.json over what there is of the reader's files."""
    write_checksums(out, (WEIGHTS, *VOCABULARY, ORDER))

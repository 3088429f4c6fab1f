"""CTranslate2 with int8 on a T5 like ours, and processes in which what is compared runs apart."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from summarizer.config import Settings
from summarizer.models.bundled import FOLDER
from summarizer.models.bundled.generator import BATCH, NO_REPEAT
from summarizer.models.bundled.model import HeadlineT5, bundled_config
from summarizer.models.bundled.pieces import Pieces
from summarizer.models.bundled.shape import SOURCE_TOKENS, TITLE_TOKENS
from summarizer.models.threads import set_threads

__all__ = ["RIVALS", "Work", "apart", "plain_t5", "timed"]

Work = Callable[[Sequence[str]], list[Any] | None]
"""Sources to what is found for each, or to None where nothing is to be compared."""


def plain_t5(pieces: int) -> HeadlineT5:
    """Layers and width of ours, neither copy head nor training; the same in every process."""
    torch.manual_seed(0)
    return HeadlineT5(bundled_config(pieces, copy_head=False)).eval()


def _translator(beams: int, *, alone: bool) -> Work:
    """`alone`: one translator with all threads and as many texts at once as ours; else one a core with 8, the
    quickest of the settings tried."""
    import ctranslate2

    pieces = Pieces(FOLDER)
    tokenizer = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
    model = plain_t5(len(pieces))
    stock = T5ForConditionalGeneration(model.config).eval()
    stock.load_state_dict({k: v for k, v in model.state_dict().items() if "tag_head" not in k}, strict=False)
    stock.config.architectures, stock.config.model_type = ["T5ForConditionalGeneration"], "t5"
    with tempfile.TemporaryDirectory() as folder:
        plain, converted = f"{folder}/t5", f"{folder}/ct2"
        stock.save_pretrained(plain)
        tokenizer.save_pretrained(plain)
        converter = ctranslate2.converters.TransformersConverter(plain)
        converter.convert(converted, quantization="int8", force=True)
        inter, intra = (1, torch.get_num_threads()) if alone else (torch.get_num_threads(), 1)
        quick = ctranslate2.Translator(
            converted, device="cpu", compute_type="int8", inter_threads=inter, intra_threads=intra
        )

    def translate(sources: Sequence[str]) -> None:
        rows = pieces.batch(sources, SOURCE_TOKENS).rows
        quick.translate_batch(
            [tokenizer.convert_ids_to_tokens(row) for row in rows], beam_size=beams, num_hypotheses=beams,
            max_decoding_length=TITLE_TOKENS, min_decoding_length=TITLE_TOKENS,
            max_batch_size=BATCH if alone else 8, no_repeat_ngram_size=NO_REPEAT,
        )  # fmt: skip

    return translate


RIVALS: dict[str, Callable[[int], Work]] = {
    "CTranslate2, same T5, one translator": partial(_translator, alone=True),
    "CTranslate2, same T5, one a core": partial(_translator, alone=False),
}


def timed(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:  # noqa: ANN401
    start = time.perf_counter()
    made = work(*given)
    return time.perf_counter() - start, made


@contextmanager
def apart(maker: Callable[[int], Work], beams: int) -> Iterator[Callable[[Sequence[str]], tuple[float, Any]]]:
    """What `maker` makes, in a process of its own: from sources to its seconds and what it found."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, maker, beams), daemon=True)
    process.start()
    there.close()

    def work(sources: Sequence[str]) -> tuple[float, Any]:
        here.send(list(sources))
        answer: tuple[float, Any] = here.recv()
        return answer

    yield work
    here.send(None)
    process.join()


def _serve(connection: Connection, maker: Callable[[int], Work], beams: int) -> None:
    set_threads(Settings())
    work = maker(beams)
    while (sources := connection.recv()) is not None:
        connection.send(timed(work, sources))

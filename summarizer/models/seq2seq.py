"""Any Hugging Face seq2seq model: T5, mT5, BART, Pegasus, with SentencePiece or BERT vocabulary.

A text longer than the model's window is cut at sentence ends, every window is read, and each
gives its own proposals; nothing is truncated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import torch
from tokenizers.models import WordPiece
from transformers import (
    AutoModelForSeq2SeqLM,
    GenerationConfig,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import ModelOutput

from summarizer.config import Settings
from summarizer.models import Proposal, loading, safety
from summarizer.models.markers import neutral, own_markers
from summarizer.models.running import running
from summarizer.models.threads import set_threads
from summarizer.models.windows import windows
from summarizer.records import Style
from summarizer.text import HAN, strip_hidden

__all__ = ["Seq2Seq", "load"]

# Windows in one generate call. Measured on 2 cores: 16 sorted by length is 1.9 times as fast
# as one by one; more only pads more.
BATCH = 16
# Tokens beyond one for each wished character: end marks, and digits that take a token each.
_SPARE = 8
# Blocking repeats of so many tokens. A SentencePiece token is about 1.5 characters, so three
# of them are a phrase; a BERT token is one character, and three of them a name that may return.
_NO_REPEAT, _NO_REPEAT_CHARACTERS = 3, 5
_BLANK_IN_CHINESE = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")
_HALF_AFTER_HAN = re.compile(f"(?<=[{HAN}])[,;:!?]")
_FULL = str.maketrans(",;:!?", "，；：！？")


class Seq2Seq:
    """A `Generator` and a `Scorer` around one encoder-decoder."""

    styles: frozenset[Style] = frozenset({"headline", "brief", "digest"})

    def __init__(
        self,
        name: str,
        fingerprint: str,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        beams: int,
    ) -> None:
        """`model` and `tokenizer` are transformers objects that belong together; `beams` >= 1."""
        self.name, self.fingerprint = name, fingerprint
        self._model, self._tokenizer, self._beams = model, tokenizer, beams
        model.generation_config = _special_tokens_only(model.generation_config)
        unknown = tokenizer.unk_token_id
        self._banned = None if unknown in (None, tokenizer.eos_token_id) else [unknown]
        self._markers = own_markers(tokenizer)
        self._prefix = _task_prefix(model.config)
        ends = len(tokenizer(self._prefix).input_ids)
        self._window = loading.window(model.config, tokenizer) - ends
        backend = getattr(tokenizer, "backend_tokenizer", None)
        self._wordpiece = backend is not None and isinstance(backend.model, WordPiece)

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """As `Generator` says: all beams of all windows, best first, no text twice."""
        owners: list[int] = []
        parts: list[str] = []
        for owner, text in enumerate(texts):
            for part in self._windows(text):
                owners.append(owner)
                parts.append(self._prefix + part)
        found: list[list[Proposal]] = [[] for _ in texts]
        for index, proposals in self._by_length(parts, limit):
            found[owners[index]].extend(proposals)
        return [_best_first(proposals) for proposals in found]

    @torch.inference_mode()
    def likelihood(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """As `Scorer` says. A source longer than the window is judged by the window in which the
        headline is likeliest."""
        return [self._best_window(*pair) if pair[1].strip() else -torch.inf for pair in pairs]

    def _windows(self, text: str) -> list[str]:
        return windows(neutral(strip_hidden(text), self._markers), self._window, self._count)

    def _count(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids)

    def _by_length(self, parts: Sequence[str], limit: int) -> Iterator[tuple[int, list[Proposal]]]:
        """(index, proposals) of every part, longest first: batches then hold equal lengths."""
        order = sorted(range(len(parts)), key=lambda i: (-self._count(parts[i]), i))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            yield from zip(batch, self._generate([parts[i] for i in batch], limit), strict=True)

    @torch.inference_mode()
    def _generate(self, parts: list[str], limit: int) -> list[list[Proposal]]:
        # BERT's token_type_ids are not for generate()
        inputs = self._tokenizer(parts, padding=True, return_tensors="pt", verbose=False)
        with running(self.name):
            out = self._model.generate(
                input_ids=inputs.input_ids.to(self._model.device),
                attention_mask=inputs.attention_mask.to(self._model.device),
                generation_config=self._plan(limit),
            )
        scores = self._scores(out)
        texts = map(self._tidy, self._tokenizer.batch_decode(out.sequences, skip_special_tokens=True))
        made = [Proposal(text, score, "beam") for text, score in zip(texts, scores, strict=True)]
        whole = [p if p.text and "\ufffd" not in p.text else None for p in made]  # no half characters
        return [list(filter(None, whole[i : i + self._beams])) for i in range(0, len(made), self._beams)]

    def _plan(self, limit: int) -> GenerationConfig:
        return GenerationConfig(
            num_beams=self._beams,
            num_return_sequences=self._beams,
            do_sample=False,
            max_new_tokens=limit + _SPARE,
            min_length=0,
            length_penalty=1.0,  # by length, so that a beam's score is its mean log-probability
            early_stopping=self._beams > 1,
            no_repeat_ngram_size=_NO_REPEAT_CHARACTERS if self._wordpiece else _NO_REPEAT,
            # an unknown token would drop out of a name without a trace
            suppress_tokens=self._banned,
            return_dict_in_generate=True,
            output_scores=True,
        )

    def _scores(self, out: ModelOutput) -> list[float]:
        if self._beams > 1:
            return [float(score) for score in out.sequences_scores]
        steps = self._model.compute_transition_scores(out.sequences, out.scores, normalize_logits=True)
        real = out.sequences[:, -steps.shape[1] :] != self._tokenizer.pad_token_id
        return [float(row[keep].mean()) if keep.any() else 0.0 for row, keep in zip(steps, real, strict=True)]

    def _best_window(self, source: str, target: str) -> float:
        return max((self._likelihood(part, target) for part in self._windows(source)), default=-torch.inf)

    def _likelihood(self, source: str, target: str) -> float:
        place = self._model.device
        inputs = self._tokenizer(self._prefix + source, return_tensors="pt", verbose=False).to(place)
        labels = self._tokenizer(text_target=target, return_tensors="pt", verbose=False).input_ids.to(place)
        out = self._model(input_ids=inputs.input_ids, attention_mask=inputs.attention_mask, labels=labels)
        return -float(out.loss)

    def _tidy(self, text: str) -> str:
        """Decoded tokens as Chinese is printed: no blanks between characters where the vocabulary
        (BERT's) put them itself, full-width marks after Chinese where NFKC (mT5's) halved them."""
        text = strip_hidden(text)
        text = _BLANK_IN_CHINESE.sub("", text) if self._wordpiece else " ".join(text.split())
        return _HALF_AFTER_HAN.sub(lambda mark: mark[0].translate(_FULL), text)


def load(argument: str, settings: Settings) -> Seq2Seq:
    """The model in the folder, or of the Hugging Face name, `argument`. Raises ModelError."""
    folder = loading.open_folder(argument, settings, prefix="seq2seq")
    set_threads(settings)
    name = f"seq2seq:{argument}"
    with loading.failing_as(name):
        tokenizer = loading.tokenizer(folder)
        # full precision: in bf16 the padding of a batch would change which beam wins
        model = loading.weights(AutoModelForSeq2SeqLM, folder, torch.float32)
        loading.fit(name, model, tokenizer)
        return Seq2Seq(name, safety.fingerprint(folder), model, tokenizer, beams=settings.beams)


def _special_tokens_only(stated: GenerationConfig) -> GenerationConfig:
    """A generation config without the search its author liked: one made for long English
    abstracts asks for 56 tokens at least. `generate` would fill every gap of ours from it."""
    names = ("pad", "bos", "eos", "decoder_start", "forced_bos", "forced_eos")
    return GenerationConfig(**{f"{name}_token_id": getattr(stated, f"{name}_token_id") for name in names})


def _task_prefix(config: PreTrainedConfig) -> str:
    """What a T5 was trained to see before the text ("summarize: "); "" for most."""
    tasks = getattr(config, "task_specific_params", None) or {}
    return str(tasks.get("summarization", {}).get("prefix") or getattr(config, "prefix", None) or "")


def _best_first(proposals: Sequence[Proposal]) -> list[Proposal]:
    best: dict[str, Proposal] = {}
    for proposal in sorted(proposals, key=lambda p: -p.score):
        best.setdefault(proposal.text, proposal)
    return list(best.values())

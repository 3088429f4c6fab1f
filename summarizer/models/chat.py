"""Any Hugging Face chat model in this process, through its own chat template.

The first answer is the likeliest one (greedy), the others are sampled with a seed made of the
run's seed and the prompt, so that the same article gives the same answers in any batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from threading import Event, Thread

import torch
from jinja2 import TemplateError
from transformers import (
    AutoModelForCausalLM,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import Proposal, dialogue, loading, safety
from summarizer.models.dialogue import Reply
from summarizer.models.markers import neutral, own_markers
from summarizer.models.running import running
from summarizer.models.threads import set_threads
from summarizer.prompts import Message
from summarizer.records import Style

__all__ = ["Chat", "load"]

# For a template that always opens a <think> block (the "-Thinking" models): tokens it may think.
_THINKING = 2048
# Qwen's own advice for answers without thinking; wider sampling changes numbers and names.
_TEMPERATURE, _TOP_P = 0.7, 0.8
# A text put into a prompt may split tokens of the prompt at its two borders.
_BORDERS = 8


class Chat:
    """A `Generator` and a `dialogue.Talker` around one causal language model."""

    styles = dialogue.STYLES

    def __init__(
        self,
        name: str,
        fingerprint: str,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        candidates: int,
        seed: int,
    ) -> None:
        """`tokenizer` must have a chat template; `candidates` >= 1."""
        self.name, self.fingerprint = name, fingerprint
        self._model, self._tokenizer = model, tokenizer
        self._candidates, self._seed = candidates, seed
        self._window = loading.window(model.config, tokenizer)
        self._markers = own_markers(tokenizer)
        self._ends = _token_ids(model.generation_config.eos_token_id) | _token_ids(tokenizer.eos_token_id)
        model.generation_config = GenerationConfig()  # the search is ours, see _plan

    def propose(self, texts: Sequence[str], *, style: Style, limit: int) -> list[list[Proposal]]:
        """As `Generator` says."""
        return dialogue.propose(self, texts, style=style, limit=limit, count=self._candidates)

    def stream(self, text: str, *, style: Style, limit: int, cancel: Event | None = None) -> Iterator[str]:
        """The likeliest answer piece by piece, without its thinking, not cleaned of labels.

        Setting `cancel`, or closing the iterator, ends the generation after the next token.
        """
        messages = dialogue.request(self, text, style, limit)
        return self.stream_messages(messages, budget=dialogue.budget(style, limit), cancel=cancel)

    def stream_messages(
        self, messages: Sequence[Message], *, budget: int, cancel: Event | None = None
    ) -> Iterator[str]:
        """As `stream`, for any messages; at most `budget` tokens."""
        stop = Event()  # ours: the caller's is only read
        prompt = self._rendered(messages)
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        halt = StoppingCriteriaList([_Stop(event) for event in (stop, cancel) if event is not None])
        failed: list[Exception] = []

        def run() -> None:
            try:
                self._generate(prompt, self._plan(budget, prompt), streamer=streamer, stopping_criteria=halt)
            except Exception as error:  # raised below, in the thread that reads
                failed.append(error)
            finally:
                streamer.end()

        worker = Thread(target=run, name="summarizer-chat")
        worker.start()
        try:
            yield from dialogue.shown(streamer, thinking=_opens_thinking(prompt))
        finally:
            stop.set()
            worker.join()
        if failed:
            raise failed[0]

    def replies(self, messages: Sequence[Message], *, budget: int, count: int) -> list[Reply]:
        """As `dialogue.Talker` says: the greedy answer, then `count` - 1 samples."""
        prompt = self._rendered(messages)
        found = self._answers(prompt, self._plan(budget, prompt))
        if count > 1:
            plan = self._plan(budget, prompt)
            plan.update(do_sample=True, temperature=_TEMPERATURE, top_p=_TOP_P)
            plan.num_return_sequences = count - 1
            mixed = hashlib.sha256(f"{self._seed}\0{prompt}".encode()).digest()
            devices = [self._model.device] if self._model.device.type == "cuda" else []
            with torch.random.fork_rng(devices=devices):
                torch.manual_seed(int.from_bytes(mixed[:8], "big") >> 1)
                samples = self._answers(prompt, plan)
            found += sorted(samples, key=lambda reply: -reply.score)
        return found

    def count(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False).input_ids)

    def room(self, messages: Sequence[Message], *, budget: int) -> int:
        prompt = self._rendered(messages)
        thinking = _THINKING if _opens_thinking(prompt) else 0
        return self._window - self.count(prompt) - _BORDERS - budget - thinking

    def neutral(self, text: str) -> str:
        return neutral(text, self._markers)

    def _rendered(self, messages: Sequence[Message]) -> str:
        """The prompt as text, thinking switched off where the template has the switch."""
        turns = [{"role": message.role, "content": message.content} for message in messages]
        knows = "enable_thinking" in str(self._tokenizer.chat_template)
        options = {"enable_thinking": False} if knows else {}
        try:
            text = self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True, **options
            )
        except TemplateError as error:
            if turns[0]["role"] != "system" or len(turns) == 1:
                raise ModelError(f"{self.name}: its chat template failed: {error}") from error
            first, second, *rest = messages  # some templates know no system turn (Gemma's)
            joined = Message("user", f"{first.content}\n\n{second.content}")
            return self._rendered((joined, *rest))
        return str(text)

    def _plan(self, budget: int, prompt: str) -> GenerationConfig:
        pad = self._tokenizer.pad_token_id
        return GenerationConfig(
            max_new_tokens=budget + (_THINKING if _opens_thinking(prompt) else 0),
            do_sample=False,
            eos_token_id=sorted(self._ends) or None,
            pad_token_id=min(self._ends, default=0) if pad is None else pad,
        )

    @torch.inference_mode()
    def _generate(self, prompt: str, plan: GenerationConfig, **options: object) -> torch.Tensor:
        # the template has put the special tokens there already
        inputs = self._tokenizer(prompt, add_special_tokens=False, return_tensors="pt", verbose=False)
        place = self._model.device
        with running(self.name):
            sequences: torch.Tensor = self._model.generate(
                input_ids=inputs.input_ids.to(place),
                attention_mask=inputs.attention_mask.to(place),
                generation_config=plan,
                **options,
            )
        return sequences[:, inputs.input_ids.shape[1] :]

    def _answers(self, prompt: str, plan: GenerationConfig) -> list[Reply]:
        likelihood = _Likelihood(self._ends)
        sequences = self._generate(prompt, plan, logits_processor=LogitsProcessorList([likelihood]))
        texts = self._tokenizer.batch_decode(sequences, skip_special_tokens=True)
        return [Reply(text, score) for text, score in zip(texts, likelihood.means(sequences), strict=True)]


class _Likelihood(LogitsProcessor):  # type: ignore[misc]  # transformers is untyped here
    """Sums up the log-probabilities of the tokens chosen, before temperature, one step late.

    Keeping every step's distribution for the end, as `output_logits` does, would take a
    gigabyte for a few hundred tokens of a vocabulary of 150,000.
    """

    def __init__(self, ends: set[int]) -> None:
        self._ends, self._steps = ends, 0
        self._last: torch.Tensor | None = None
        self._sums = self._lengths = self._open = torch.empty(0)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        if self._last is None:
            self._sums = torch.zeros(len(scores), device=scores.device)
            self._lengths, self._open = self._sums.clone(), self._sums == 0
        else:
            self._add(input_ids[:, -1])
        self._last = scores.float().log_softmax(-1)
        self._steps += 1
        return scores

    def means(self, sequences: torch.Tensor) -> list[float]:
        """Mean log-probability of each row of new tokens; 0.0 for a row of none."""
        if self._last is not None and self._steps == sequences.shape[1]:
            self._add(sequences[:, -1])
        return [float(mean) for mean in self._sums / self._lengths.clamp(min=1)]

    def _add(self, chosen: torch.Tensor) -> None:
        assert self._last is not None
        gained = self._last.gather(1, chosen[:, None].to(self._last.device)).squeeze(1)
        self._sums = self._sums + torch.where(self._open, gained, 0.0)
        self._lengths = self._lengths + self._open
        ended = torch.isin(chosen, torch.tensor(sorted(self._ends), device=chosen.device))
        self._open = self._open & ~ended


class _Stop(StoppingCriteria):  # type: ignore[misc]  # transformers is untyped here
    """Stops every sequence once the event is set."""

    def __init__(self, event: Event) -> None:
        self._event = event

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.Tensor:
        return torch.full((len(input_ids),), self._event.is_set(), device=input_ids.device)


def load(argument: str, settings: Settings) -> Chat:
    """The model in the folder, or of the Hugging Face name, `argument`. Raises ModelError."""
    folder = loading.open_folder(argument, settings, prefix="chat")
    set_threads(settings)
    name = f"chat:{argument}"
    with loading.failing_as(name):
        tokenizer = loading.tokenizer(folder)
        if not tokenizer.chat_template:
            raise ModelError(
                f"{name}: expected a chat template and found none; use the model's chat (instruct) version."
            )
        model = loading.weights(AutoModelForCausalLM, folder, loading.precision())
        loading.fit(name, model, tokenizer)
        fingerprint = safety.fingerprint(folder)
        return Chat(name, fingerprint, model, tokenizer, candidates=settings.beams, seed=settings.seed)


def _opens_thinking(prompt: str) -> bool:
    return prompt.rstrip().endswith("<think>")


def _token_ids(stated: int | list[int] | None) -> set[int]:
    return set() if stated is None else {stated} if isinstance(stated, int) else set(stated)

"""Special tokens in documents. A tokenizer that meets `<|im_start|>` in an article makes the same token of
it as of one in a chat template, and the article then speaks as the system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["neutral", "own_markers"]

# Markers of the chat formats in use: ChatML and Llama 3 (<|…|>; DeepSeek writes the same with
# full-width bars), Llama 2 and Mistral ([INST], <<SYS>>, <s>), Gemma (<start_of_turn>), GLM
# ([gMASK], <sop>), BERT; thinking; and the delimiter of our prompts.
_MARKER = re.compile(
    r"<(?=\|[^<>\n]{1,60}\|>|/?(?:s|pad|unk|bos|eos|sop|eop|think|报道)>|(?:start|end)_of_turn>|<?/?SYS>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|gMASK|sMASK|MASK|CLS|SEP|PAD|UNK)\])",
    re.IGNORECASE,
)
# Not the full-width forms: the NFKC of SentencePiece vocabularies makes ＜ a < again, and ＜/s> the end.
_HARMLESS = {"<": "〈", "[": "〔"}


def neutral(text: str, markers: Iterable[str] = ()) -> str:
    """`text` with special tokens made harmless: their first character becomes 〈, 〔 or □.

    `markers` are a model's own special tokens; those of the usual chat formats are always
    included, and full-width spellings of all. The length does not change.
    """
    seen = _narrow(text)
    starts = {mark.start() for mark in _MARKER.finditer(seen)}
    for marker in {_narrow(marker) for marker in markers if len(marker) > 1}:
        starts.update(mark.start() for mark in re.finditer(f"(?={re.escape(marker)})", seen))
    if not starts:
        return text
    return "".join(_HARMLESS.get(seen[at], "□") if at in starts else char for at, char in enumerate(text))


def _narrow(text: str) -> str:
    """The text as a vocabulary with NFKC sees it, character by character, none more and none less."""
    forms = (unicodedata.normalize("NFKC", char) for char in text)
    return "".join(form if len(form) == 1 else char for char, form in zip(text, forms, strict=True))


def own_markers(tokenizer: PreTrainedTokenizerBase) -> set[str]:
    """The texts that this tokenizer turns into special tokens.

    Of its added tokens only those in brackets: some vocabularies add runs of blanks as well.
    """
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    return {token for token in added if token.startswith(("<", "["))} | set(tokenizer.all_special_tokens)

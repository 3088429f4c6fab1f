"""A SentencePiece unigram vocabulary, saved as the tokenizer.json that transformers loads."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

__all__ = ["PIECES", "train_vocabulary"]

# 12,000 pieces: 1.5 characters a token, and half of an 8 M model's weights at the most.
PIECES = 12_000
PAD, EOS, UNK = "<pad>", "</s>", "<unk>"


def train_vocabulary(texts: Iterable[str], folder: Path, pieces: int = PIECES) -> None:
    """Learn pieces from `texts` and save a fast tokenizer into `folder`.

    Digits stand alone, so that a number is copied digit by digit and never half of a piece;
    a character outside the vocabulary is spelt in bytes, so that no name is unknown.
    """
    buffer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=buffer, model_type="unigram",
        vocab_size=pieces, character_coverage=0.9997, byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", add_dummy_prefix=False, max_sentencepiece_length=6,
        # A small archive has fewer pieces to offer.
        hard_vocab_limit=False,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, pad_piece=PAD, eos_piece=EOS, unk_piece=UNK,
        num_threads=2, minloglevel=2,
    )  # fmt: skip
    learnt = sentencepiece.SentencePieceProcessor(model_proto=buffer.getvalue())
    scored = [(learnt.id_to_piece(i), learnt.get_score(i)) for i in range(learnt.get_piece_size())]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=2, byte_fallback=True))
    # SentencePiece writes a blank as ▁ and keeps digits and scripts apart; the same here.
    tokenizer.normalizer = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Metaspace(prepend_scheme="never")]
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="never"), decoders.Fuse()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {EOS}", special_tokens=[(EOS, 1)])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=EOS, unk_token=UNK)
    fast.save_pretrained(folder)

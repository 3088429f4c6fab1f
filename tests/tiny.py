"""Tiny real models in real folders: random or overfitted weights, vocabularies trained on invented
news, written with save_pretrained and read back by the code under test."""

from __future__ import annotations

import io
import json
import string
from pathlib import Path

import sentencepiece
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, trainers
from tokenizers.models import BPE
from transformers import (
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    MT5Config,
    MT5ForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)

from summarizer.models.selftest import PARAGRAPH
from summarizer.prompts import load_prompt

NEWS = [
    "柳湾县农业农村局今天发布消息，全县32万亩小麦已全部收割完毕，平均亩产512公斤。",
    "清河市公交集团新增20辆新能源公交车，投放到3路、7路和12路，早高峰间隔缩短到6分钟。",
    "市气象台8月3日发布暴雨橙色预警，预计未来6小时城区降雨量将超过50毫米，请市民减少外出。",
    "云溪县第二实验小学昨天迎来首批800名新生，校长高一帆说，学校将开设木工和园艺课程。",
    "“这条路修好了，我家的苹果再也不愁卖。”石门村村民贾有福站在新铺的柏油路旁说。",
    PARAGRAPH,
]
LOCAL = ["t5", "mt5", "bart", "pegasus", "chat"]
"""The builders below of random models, by name."""
TAUGHT = ["taught_t5", "taught_chat"]
HEADLINE = "云溪县城南客运站正式投入使用"
HEADLINES = [
    "柳湾县32万亩小麦收割完毕",
    "清河市新增20辆新能源公交车",
    "市气象台发布暴雨橙色预警",
    "云溪县第二实验小学迎来首批新生",
    "柏油路修到石门村苹果不愁卖",
    HEADLINE,
]

CHAT_TEMPLATE = """{%- for m in messages %}<|im_start|>{{ m.role }}
{{ m.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% if enable_thinking is defined and enable_thinking is false %}<think>

</think>

{% endif %}{% endif %}"""


def t5(folder: Path, *, seed: int = 0, news: list[str] = NEWS) -> Path:
    _spiece(folder, "T5Tokenizer", news, extra_ids=0)
    return _saved(T5ForConditionalGeneration, _t5_config(T5Config), folder, seed)


def mt5(folder: Path, *, seed: int = 0) -> Path:
    _spiece(folder, "T5Tokenizer", extra_ids=0)
    return _saved(MT5ForConditionalGeneration, _t5_config(MT5Config), folder, seed)


def bart(folder: Path, *, seed: int = 0) -> Path:
    """With BERT's vocabulary and no word on its tokenizer, as bart-base-chinese is often stored."""
    pieces = _letters()
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    config = BartConfig(
        vocab_size=len(pieces), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=64,
        pad_token_id=0, bos_token_id=2, eos_token_id=3, decoder_start_token_id=3, forced_eos_token_id=3,
    )  # fmt: skip
    return _saved(BartForConditionalGeneration, config, folder, seed)


def _letters() -> list[str]:
    """BERT's vocabulary, of NEWS."""
    letters = sorted({c for text in NEWS for c in text} | set("abcdefghijklmnopqrstuvwxyz0123456789"))
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]


def encoder(folder: Path, *, pooling: str = "mean", seed: int = 0, **options) -> Path:
    """A sentence-transformers folder: a BERT of one layer and a pooling; options are its prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    parts = folder.with_name(f"{folder.name}.parts")
    transformer = Transformer(str(_bert(BertModel, parts, seed)))
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling)]
    SentenceTransformer(modules=modules, device="cpu", **options).save(str(folder))
    return folder


def reranker(folder: Path, *, labels: int = 1, seed: int = 0) -> Path:
    """A CrossEncoder folder: a BERT of one layer with `labels` outputs."""
    return _bert(BertForSequenceClassification, folder, seed, num_labels=labels)


def reader(folder: Path, *, seed: int = 0) -> Path:
    """A folder of the bundled reader's form with random weights."""
    # late: nobody else needs the training, nor the headline model's vocabulary
    from summarizer.models.bundled import FOLDER
    from summarizer.models.bundled.reading.model import ReaderModel, reader_config
    from summarizer.training.reading.export import export

    torch.manual_seed(seed)
    model = ReaderModel(reader_config(len(AutoTokenizer.from_pretrained(FOLDER))))
    torch.nn.init.normal_(model.link.weight, std=0.05)  # a fresh one is zeros: ends would not know starts
    work = folder.with_name(f"{folder.name}.work")
    work.mkdir(parents=True)
    weights = {f"model.{name}": parameter.detach() for name, parameter in model.named_parameters()}
    save_file(weights, work / "checkpoint.safetensors")
    export(work, folder)
    return folder


def _bert(kind, folder: Path, seed: int, **options) -> Path:
    folder.mkdir(parents=True)
    pieces = _letters()
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, pad_token_id=0, initializer_range=0.5, **options,
    )  # fmt: skip
    return _saved(kind, config, folder, seed)


def pegasus(folder: Path, *, seed: int = 0) -> Path:
    _spiece(folder, "PegasusTokenizer", model_max_length=64)
    config = PegasusConfig(
        vocab_size=512, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1,
    )  # fmt: skip
    return _saved(PegasusForConditionalGeneration, config, folder, seed)


def chat(
    folder: Path,
    *,
    seed: int = 0,
    context: int = 2048,
    template: str | None = CHAT_TEMPLATE,
    vocabulary: int = 900,
) -> Path:
    """A Qwen3 of one layer with ChatML and a thinking switch."""
    # characters, not bytes as in Qwen: random bytes make no text, and every test of it would be empty
    model = Tokenizer(BPE(unk_token="<unk>"))
    model.decoder = decoders.Fuse()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<unk>"]
    prompts = [load_prompt(name).user for name in ("headline", "brief", "points", "digest", "notes")]
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=special, show_progress=False)
    model.train_from_iterator([*NEWS, *prompts, string.printable], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=model,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token="<unk>",
        chat_template=template,
    )
    tokenizer.save_pretrained(folder)
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, head_dim=8, max_position_embeddings=context,
        tie_word_embeddings=True, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return _saved(Qwen3ForCausalLM, config, folder, seed)


def taught_chat(folder: Path) -> Path:
    """A chat model that has learnt its headline for each of NEWS, by the shipped prompt."""
    chat(folder)
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Qwen3ForCausalLM.from_pretrained(folder).train()
    rows = [_turn(tokenizer, article, headline) for article, headline in zip(NEWS, HEADLINES, strict=True)]
    longest = max(len(question + answer) for question, answer in rows)
    inputs = [(question + answer + [0] * longest)[:longest] for question, answer in rows]
    labels = [([-100] * len(question) + answer + [-100] * longest)[:longest] for question, answer in rows]
    _fit(model, steps=100, input_ids=torch.tensor(inputs), labels=torch.tensor(labels))
    model.save_pretrained(folder)
    return folder


def _turn(tokenizer, article: str, headline: str) -> tuple[list[int], list[int]]:
    """Token ids of the prompt for an article, and of the answer to it."""
    messages = load_prompt("headline").render(article=article, limit=30)
    turns = [{"role": message.role, "content": message.content} for message in messages]
    options = {"add_generation_prompt": True, "enable_thinking": False}
    question = tokenizer.apply_chat_template(turns, tokenize=False, **options)
    return tuple(
        tokenizer(text, add_special_tokens=False).input_ids for text in (question, headline + "<|im_end|>")
    )


def taught_t5(folder: Path) -> Path:
    """A T5 that has learnt one thing: HEADLINE for PARAGRAPH."""
    t5(folder)
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = T5ForConditionalGeneration.from_pretrained(folder).train()
    source = tokenizer(PARAGRAPH, return_tensors="pt")
    labels = tokenizer(HEADLINE, return_tensors="pt").input_ids
    _fit(model, steps=80, **source, labels=labels)
    model.save_pretrained(folder)
    return folder


def _fit(model, *, steps: int, **batch) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(steps):
        optimizer.zero_grad()
        model(**batch).loss.backward()
        optimizer.step()


def _t5_config(kind):
    return kind(
        vocab_size=384, d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=2, dropout_rate=0.0,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, n_positions=64, tie_word_embeddings=True,
    )  # fmt: skip


def _spiece(folder: Path, tokenizer_class: str, news: list[str] = NEWS, **options) -> None:
    folder.mkdir(parents=True)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(news * 3), model_writer=written, vocab_size=320, hard_vocab_limit=False,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=3, num_threads=1,
    )  # fmt: skip
    (folder / "spiece.model").write_bytes(written.getvalue())
    stated = {"tokenizer_class": tokenizer_class, **options}
    (folder / "tokenizer_config.json").write_text(json.dumps(stated), encoding="utf-8")


def _saved(model_class, config, folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    model_class(config).save_pretrained(folder)
    return folder

"""Sentence-transformers models by folder: their pooling, their prompts, and what is refused.

The models are real and tiny; what they should say is computed here from the transformer itself.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from transformers import AutoTokenizer, BertModel

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import embedding
from summarizer.models.embedding import SentenceEncoder
from summarizer.models.encoding import FOLDER as ENCODER
from summarizer.models.encoding import load_encoder
from tests.tiny import NEWS, encoder

BGE = "为这个句子生成表示以用于检索相关文章："


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Makes each kind of folder once."""
    root, done = tmp_path_factory.mktemp("encoders"), {}

    def make(name, **options):
        if name not in done:
            done[name] = encoder(root / name, **options)
        return done[name]

    return make


@torch.inference_mode()
def by_hand(folder, text, pooling):
    """The vector of one text, from the transformer's states alone."""
    tokens = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt", truncation=True)
    states = BertModel.from_pretrained(folder).eval()(**tokens).last_hidden_state[0]
    vector = {"mean": states.mean(0), "cls": states[0], "lasttoken": states[-1]}[pooling]
    return (vector / vector.norm()).numpy()


@pytest.mark.parametrize("pooling", ["mean", "cls", "lasttoken"])
def test_pooling_is_that_of_the_folder(made, pooling):
    folder = made(pooling, pooling=pooling)
    loaded = SentenceEncoder(str(folder), Settings())
    vectors = loaded.passages([NEWS[0], "苹果"])
    assert vectors.dtype == np.float32 and vectors.shape == (2, loaded.dimensions) == (2, 16)
    for text, vector in zip([NEWS[0], "苹果"], vectors, strict=True):
        assert vector == pytest.approx(by_hand(folder, text, pooling), abs=1e-5)


def test_batches_do_not_matter(made, monkeypatch):
    monkeypatch.setattr(embedding, "BATCH", 4)
    loaded = SentenceEncoder(str(made("mean")), Settings())
    texts = [text[: 5 + 7 * n] for n, text in enumerate(NEWS)]
    together = loaded.passages(texts)
    alone = np.concatenate([loaded.passages([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    assert loaded.passages([]).shape == (0, 16)


def test_prompts_come_from_the_folder(made):
    folder = made("prompted", prompts={"query": "问：", "document": "文："})
    loaded = SentenceEncoder(str(folder), Settings())
    assert loaded.questions(["苹果"])[0] == pytest.approx(by_hand(folder, "问：苹果", "mean"), abs=1e-5)
    assert loaded.passages(["苹果"])[0] == pytest.approx(by_hand(folder, "文：苹果", "mean"), abs=1e-5)


def test_a_default_prompt_is_not_put_before_passages(made):
    folder = made("default", prompts={"query": "问："}, default_prompt_name="query")
    loaded = SentenceEncoder(str(folder), Settings())
    assert loaded.passages(["苹果"])[0] == pytest.approx(by_hand(folder, "苹果", "mean"), abs=1e-5)


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("bge-small-zh-v1.5", BGE, ""),
        ("multilingual-e5-small", "query: ", "passage: "),
        ("bge-m3", "", ""),
        ("plain", "", ""),
    ],
)
@pytest.mark.parametrize("end", ["", "/"])
def test_a_model_that_states_no_prompt_gets_the_one_of_its_family(made, name, question, passage, end):
    folder = made(name)
    loaded = load_encoder(f"{folder}{end}")
    said = by_hand(folder, f"{question}苹果", "mean"), by_hand(folder, f"{passage}苹果", "mean")
    assert loaded.questions(["苹果"])[0] == pytest.approx(said[0], abs=1e-5)
    assert loaded.passages(["苹果"])[0] == pytest.approx(said[1], abs=1e-5)


def test_a_stated_prompt_is_believed_before_the_family(made):
    folder = made("bge-base-zh", prompts={"query": "问："})
    said = by_hand(folder, "问：苹果", "mean")
    assert load_encoder(str(folder)).questions(["苹果"])[0] == pytest.approx(said, abs=1e-5)


def test_the_fingerprint_changes_with_weights_and_with_pooling(made, tmp_path):
    prints = [
        load_encoder(str(folder)).fingerprint
        for folder in (
            made("mean"), made("cls", pooling="cls"), encoder(tmp_path / "other", seed=1),
            encoder(tmp_path / "again"),
        )
    ]  # fmt: skip
    assert len(set(prints)) == 3 and prints[0] == prints[3]


@pytest.mark.parametrize("place", ["", "1_Pooling"])
def test_pickles_and_code_are_refused_at_any_depth(tmp_path, place):
    folder = encoder(tmp_path / "encoder")
    (folder / place / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match="can run code"):
        load_encoder(str(folder))
    (folder / place / "pytorch_model.bin").unlink()
    code = json.dumps({"auto_map": {"AutoModel": "m.M"}})
    (folder / place / "extra.json").write_text(code, encoding="utf-8")
    with pytest.raises(ModelError, match="auto_map"):
        load_encoder(str(folder))


def test_a_static_encoder_has_no_config_and_is_loaded_all_the_same(tmp_path):
    words = Tokenizer.from_file(str(ENCODER / "tokenizer.json"))
    table = StaticEmbedding(words, embedding_dim=8)
    SentenceTransformer(modules=[table], device="cpu").save_pretrained(str(tmp_path / "static"))
    encoder = load_encoder(str(tmp_path / "static"))
    assert not (tmp_path / "static" / "config.json").exists() and encoder.dimensions == 8
    (one, other) = encoder.passages(["云溪县", "清河市"])
    assert one.shape == (8,) and not np.allclose(one, other)


def test_a_name_that_is_not_here_is_told():
    with pytest.raises(ModelError, match="no such folder"):
        load_encoder("somebody/no-such-encoder")


def test_a_broken_folder_is_told(tmp_path):
    folder = encoder(tmp_path / "encoder")
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="could not load this model"):
        load_encoder(str(folder))

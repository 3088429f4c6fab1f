"""The static encoder equals sentence-transformers on the same folder; others load by name."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file

from summarizer.errors import ModelError
from summarizer.models.encoding import FOLDER, load_encoder
from summarizer.models.static import StaticEncoder

TEXTS = ["县医院夜间门诊累计接诊6800人次。", "XeSS 1.2 发布", "电梯", "㙍岇村\n  𠮷野家🎉", "长文。" * 900]


def test_it_equals_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(FOLDER), device="cpu", local_files_only=True).encode(TEXTS)
    ours = load_encoder("bundled").passages(TEXTS)
    assert np.allclose(ours, theirs, atol=1e-3)


def test_vectors_have_length_one_or_are_zeros():
    vectors = load_encoder("bundled").questions([*TEXTS, ""])
    assert vectors.shape == (len(TEXTS) + 1, load_encoder("bundled").dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1] * len(TEXTS) + [0], abs=1e-5)
    assert load_encoder("bundled").passages([]).shape == (0, load_encoder("bundled").dimensions)


def test_batches_do_not_matter():
    encoder = load_encoder("bundled")
    together = encoder.passages(TEXTS)
    assert all(
        np.allclose(encoder.passages([t])[0], v, atol=1e-6) for t, v in zip(TEXTS, together, strict=True)
    )


def test_what_is_wrong_with_a_folder_is_said(tmp_path):
    with pytest.raises(ModelError, match="found none"):
        StaticEncoder(tmp_path, "x")
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match="static encoder"):
        StaticEncoder(tmp_path, "x")


def test_a_folder_with_a_pickle_is_no_encoder(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match="can run code"):
        load_encoder(str(tmp_path))


def copied(folder, *, table=None):
    folder.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    if table is not None:
        save_file({"embedding.weight": table}, folder / "model.safetensors")
    return folder


def test_a_table_and_a_vocabulary_of_two_encoders_are_told(tmp_path):
    folder = copied(tmp_path / "mixed", table=np.zeros((7, 4), np.float16))
    with pytest.raises(ModelError, match="but the table 7 rows"):
        StaticEncoder(folder, "mixed")


def test_the_fingerprint_is_that_of_the_files(tmp_path):
    same = StaticEncoder(copied(tmp_path / "same"), "same")
    rows = StaticEncoder(FOLDER, "bundled")._table.shape
    other = StaticEncoder(copied(tmp_path / "other", table=np.ones(rows, np.float16)), "same")
    assert same.fingerprint == load_encoder("bundled").fingerprint != other.fingerprint

"""The real loading and decoding code, on a tiny random model with the shipped vocabulary."""

import json
import shutil
import subprocess
import sys

import pytest
import torch
from transformers import AutoTokenizer
from transformers.modeling_outputs import BaseModelOutput

from summarizer.config import Settings
from summarizer.errors import ModelError
from summarizer.models import bundled
from summarizer.models.bundled.generator import BundledGenerator, opening
from summarizer.models.bundled.model import HeadlineT5, bundled_config, shift_right
from summarizer.training.export import SHIPPED, write_checksums

TEXTS = [
    "本报讯（记者 方晓禾）柳湾县32.5万亩小麦已全部收割完毕，平均亩产512公斤。",
    "县城南客运站8月21日正式投入使用，该站占地42亩。",
    "清河市新增20辆新能源公交车。",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = bundled_config(12_000)
    config.update(
        {"d_model": 16, "d_kv": 8, "num_heads": 2, "d_ff": 16, "num_layers": 1, "num_decoder_layers": 1}
    )
    HeadlineT5(config).save_pretrained(out)
    for name in SHIPPED:
        if name.startswith(("tokenizer", "bigrams", "bonds", "ranker", "chooser")):
            shutil.copyfile(bundled.FOLDER / name, out / name)
    write_checksums(out)
    return out


@pytest.fixture(scope="module")
def model(folder):
    return BundledGenerator(folder, Settings(beams=3, threads=1))


def test_beams_and_edits_are_offered(model):
    found = model.propose(TEXTS, style="headline", limit=20)
    for text, proposals in zip(TEXTS, found, strict=True):
        assert {p.origin for p in proposals} <= {"beam", "edit"}
        assert len({p.text for p in proposals}) == len(proposals)
        source = opening(text)
        for p in proposals:
            if p.origin == "edit":
                assert set(p.text) - {" "} <= set(source) and len(p.text.replace(" ", "")) <= 20


def test_digits_of_beams_stand_in_the_source(model):
    import re

    for text, proposals in zip(TEXTS, model.propose(TEXTS, style="headline", limit=30), strict=True):
        runs = set(re.findall(r"\d+", opening(text)))
        for p in proposals:
            if p.origin == "beam":
                assert set(re.findall(r"\d+", p.text)[:-1]) <= runs  # the last may be cut by the token budget


def test_order_and_results_do_not_depend_on_batching(model):
    together = model.propose(TEXTS, style="headline", limit=20)
    alone = [model.propose([t], style="headline", limit=20)[0] for t in TEXTS]
    assert [[p.text for p in row] for row in together] == [[p.text for p in row] for row in alone]


def test_a_blank_text_gives_nothing(model):
    assert model.propose(["", "  \n"], style="headline", limit=20) == [[], []]
    assert model.propose([], style="headline", limit=20) == []


def test_likelihood_is_a_mean_log_probability(model):
    scores = model.likelihood([(TEXTS[0], "小麦收割"), (TEXTS[0], ""), (TEXTS[1], "小麦收割")])
    assert scores[1] == float("-inf") and scores[0] < 0 and scores[2] < 0


def test_the_looked_up_likelihood_is_that_of_the_mixture(folder, model):
    """Training never builds the mixture over the vocabulary, decoding does: they must agree."""
    trained = HeadlineT5.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval()
    source, title = model.pieces.batch(["小麦已全部收割完毕"]), model.pieces.batch(["小麦收割"]).ids
    ids, mask = source.ids, source.mask
    with torch.inference_mode():
        hidden = trained.encode(ids, mask)
        looked_up = trained.title_log_likelihood(ids, mask, hidden, title)
        mixture = trained(
            source_ids=ids, attention_mask=mask, decoder_input_ids=shift_right(title),
            encoder_outputs=BaseModelOutput(last_hidden_state=hidden),
        ).logits  # fmt: skip
    assert torch.allclose(mixture.gather(-1, title[..., None]).squeeze(-1), looked_up, atol=1e-5)
    assert torch.allclose(mixture.exp().sum(-1), torch.ones(1, title.shape[1]), atol=1e-4)


def test_pieces_are_those_of_the_tokenizer_that_trained_it(folder, model):
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    texts = [*TEXTS, "A4纸 1,200.5元\n“两会”龘㐀", "长" * 300]
    wanted = tokenizer(texts, truncation=True, max_length=20, return_offsets_mapping=True)
    found = model.pieces.batch(texts, 20)
    assert found.rows == wanted["input_ids"]
    assert [[tuple(span) for span in row] for row in wanted["offset_mapping"]] == found.spans
    assert model.pieces.texts(found.rows) == tokenizer.batch_decode(found.rows, skip_special_tokens=True)
    assert found.mask.sum(1).tolist() == [len(row) for row in found.rows]


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_file_of_something_else_is_told(folder, tmp_path, name):
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / name).write_text("{}", encoding="utf-8")
    write_checksums(broken)
    with pytest.raises(ModelError, match="expected"):
        bundled.load(str(broken), Settings())


def test_a_page_is_read_without_the_library_that_trained_it():
    program = "import sys, summarizer.models.bundled.generator; sys.exit('transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_judge_scores_every_candidate(model):
    pools = model.propose(TEXTS, style="headline", limit=20)
    scores = model.judge(TEXTS, pools, 20)
    assert [len(s) for s in scores] == [len(p) for p in pools]


def test_a_changed_file_is_refused(folder, tmp_path):
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "ranker.txt").write_text("other", encoding="utf-8")
    with pytest.raises(ModelError, match=r"ranker\.txt: expected sha256"):
        bundled.load(str(broken), Settings())
    (broken / "ranker.txt").unlink()
    with pytest.raises(ModelError, match=r"ranker\.txt: expected a file"):
        bundled.load(str(broken), Settings())


def test_the_fingerprint_changes_with_the_weights(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    (other / "chooser.txt").write_text("other", encoding="utf-8")
    write_checksums(other)
    assert bundled.fingerprint(other) != bundled.fingerprint(folder)


def test_every_shipped_file_is_covered_by_a_checksum():
    bundled.verify()
    covered = set(json.loads((bundled.FOLDER / "checksums.json").read_text(encoding="utf-8")))
    data = {p.name for p in bundled.FOLDER.iterdir() if p.suffix in (".safetensors", ".txt", ".json")}
    assert covered == data - {"checksums.json"}


def test_the_shipped_model_fits_its_budget():
    assert sum(p.stat().st_size for p in bundled.FOLDER.iterdir() if p.is_file()) <= 40_000_000

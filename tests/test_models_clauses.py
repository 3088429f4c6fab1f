import numpy as np

from summarizer.models.bigrams import BUCKETS, Bigrams, bigram_codes
from summarizer.models.clauses import FEATURES, candidates, features

BODY = (
    "8月26日，记者从柳湾县农业农村局获悉，全县32万亩小麦已全部收割完毕，平均亩产512公斤。"
    "“今年是个丰收年。”种粮大户贾有福说，他家的200亩小麦卖了好价钱。\n"
    "据了解，柳湾县还将扩大优质小麦种植面积（含三个新乡镇）。"
)


def test_candidates_are_copies_with_their_spans():
    for clause in candidates(BODY, 30):
        assert BODY[slice(*clause.span)] == clause.text
        assert 5 <= len(clause.text) <= 30


def test_temporal_openings_and_edge_marks_are_cut():
    found = [c.text for c in candidates(BODY, 30)]
    assert "全县32万亩小麦已全部收割完毕，平均亩产512公斤" in found
    assert "柳湾县还将扩大优质小麦种植面积（含三个新乡镇）" in found
    assert not any(t.startswith(("8月26日", "据了解", "，")) or t.endswith(("，", "。")) for t in found)


def test_quotes_and_brackets_are_balanced():
    for clause in candidates(BODY, 60):
        assert clause.text.count("“") == clause.text.count("”")


def test_no_text_gives_no_candidates():
    assert candidates("", 30) == [] and candidates("开会。", 30) == []


def flat():
    return Bigrams(np.ones(BUCKETS, np.float32), np.zeros(BUCKETS, np.float32))


def test_features_have_one_row_a_clause_and_one_column_a_name():
    found = candidates(BODY, 30)
    table = features(BODY, found, flat())
    assert table.shape == (len(found), len(FEATURES)) and np.isfinite(table).all()
    digits = table[:, FEATURES.index("digits")]
    assert digits.tolist() == [sum(c.isdigit() for c in f.text) for f in found]
    lengths = table[:, FEATURES.index("length")]
    assert lengths.tolist() == [len(f.text) for f in found]


def test_bigram_codes_are_one_fewer_than_characters():
    assert bigram_codes("小麦丰收").shape == (3,)
    assert bigram_codes("麦").shape == (0,) and bigram_codes("").shape == (0,)


def test_bigram_tables_survive_the_disk(tmp_path):
    rng = np.random.default_rng(0)
    made = Bigrams(
        rng.uniform(0, 15, BUCKETS).astype(np.float32), rng.normal(size=BUCKETS).astype(np.float32)
    )
    made.save(tmp_path / "b.safetensors")
    read = Bigrams.load(tmp_path / "b.safetensors")
    assert np.abs(read.idf - made.idf).max() <= 1 / 32 and np.abs(read.style - made.style).max() <= 1 / 32

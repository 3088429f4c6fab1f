import gzip
import json

from eval import headlines

TITLES = ["柳湾县小麦收割完毕", "城南客运站启用", "新公交上路"]
BODIES = [
    "柳湾县32万亩小麦已全部收割完毕。平均亩产512公斤，比去年增加18公斤。",
    "县城南客运站8月21日正式投入使用。该站占地42亩，总投资1.3亿元。",
    "清河市新增20辆新能源公交车，投放到3路和7路。早高峰间隔缩短到6分钟。",
]


def rows():
    pairs = zip(TITLES, BODIES, strict=True)
    return [{"id": str(i), "title": t, "body": b} for i, (t, b) in enumerate(pairs, 1)]


def test_a_run_over_a_set_of_ones_own(tmp_path, capsys):
    with gzip.open(tmp_path / "titles.dev.own.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows())
    out = tmp_path / "results.json"
    assert headlines.main([str(tmp_path), "--model", "extractive", "--limit", "2", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "not a result" in printed and "lead sentence" in printed and "own (2)" in printed
    record = json.loads(out.read_text(encoding="utf-8"))
    kept = record["rows"]["own"]
    assert [r["id"] for r in kept] == ["1", "2"] and record["fingerprint"]
    for row in kept:
        assert row["outputs"]["printed"] and not row["too_long"] and row["bad_numbers"] == 0
        best, chosen = (row["scores"][s]["long"] for s in ("best candidate", "printed"))
        assert best >= chosen

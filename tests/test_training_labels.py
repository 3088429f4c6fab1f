from itertools import combinations, pairwise

import numpy as np

from summarizer.training.labels import kept_characters, kept_tokens


def kept(title, source):
    return "".join(c for c, k in zip(source, kept_characters(title, source), strict=True) if k)


def test_a_title_cut_from_the_opening_is_kept_whole():
    source = "柳湾县农业农村局今天发布消息，全县小麦已全部收割完毕。"
    assert kept("柳湾县小麦收割完毕", source) == "柳湾县小麦收割完毕"


def test_runs_are_preferred_to_scattered_characters():
    # 县 stands twice before 县城; the run 县城通车 must win over 县 … 城通车.
    source = "县里消息，县城通车。"
    flags = kept_characters("县城通车", source)
    assert "".join(source[i] for i in np.flatnonzero(flags)) == "县城通车"
    assert np.flatnonzero(flags)[0] == source.index("县城")


def test_what_the_source_does_not_say_is_not_kept():
    assert kept("苹果丰收", "全县召开会议部署工作。") == ""


def test_empty_texts_keep_nothing():
    assert kept_characters("", "全县").tolist() == [False, False]
    assert kept_characters("全县", "").shape == (0,)


def test_a_token_is_kept_when_most_of_its_characters_are():
    flags = np.array([True, True, False, True, False, False])
    spans = np.array([[0, 3], [3, 5], [5, 6], [6, 6]])
    assert kept_tokens(flags, spans).tolist() == [True, False, False, False]


def test_the_alignment_is_as_good_as_the_best_of_all_subsets():
    """Against the slow obvious way: every common subsequence of two short texts, scored."""
    from summarizer.training.labels import RUN_BONUS, START_COST

    def worth(places):
        total = 0.0
        for i, place in enumerate(places):
            follows = i > 0 and places[i - 1][0] + 1 == place[0] and places[i - 1][1] + 1 == place[1]
            total += 1 + (RUN_BONUS if follows else -START_COST)
        return total

    rng = np.random.default_rng(1)
    for _ in range(40):
        title = "".join(rng.choice(list("县城路"), 4))
        source = "".join(rng.choice(list("县城路"), 7))
        pairs = [(i, j) for i in range(4) for j in range(7) if title[i] == source[j]]
        best = 0.0
        for n in range(1, 5):
            for chosen in combinations(pairs, n):
                if all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chosen)):
                    best = max(best, worth(chosen))
        flags = np.flatnonzero(kept_characters(title, source))
        found = max(
            (
                worth(list(zip(rows, flags, strict=True)))
                for rows in combinations(range(4), len(flags))
                if all(title[r] == source[f] for r, f in zip(rows, flags, strict=True))
            ),
            default=0.0,
        )
        assert np.isclose(found, best), (title, source)

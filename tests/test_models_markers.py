import pytest

from summarizer.models.loading import tokenizer
from summarizer.models.markers import neutral, own_markers


def test_special_tokens_become_harmless_text_of_the_same_length():
    hostile = "<|im_start|>system\n[INST]<<SYS>><s></s><start_of_turn>[/INST]"
    hostile += "<｜User｜></报道>＜/ｓ＞﹤|end|﹥[gMASK]<THINK></think>[CLS]"
    harmless = neutral(hostile)
    assert len(harmless) == len(hostile)
    assert not set("<[＜﹤") & set(harmless) and harmless.startswith("〈|im_start|>system\n〔INST]〈〈SYS>>")


def test_ordinary_brackets_stay():
    for text in ("", "比分[3:2]，a<b，<本报>讯", "＜海岱新城报＞第3版", "10㎡＜20㎡"):
        assert neutral(text, ["<|x|>"]) == text


def test_a_models_own_tokens_are_found_whatever_their_form():
    assert neutral("用▁户[|用户|]说", ["[|用户|]", "▁户"]) == "用□户〔|用户|]说"
    assert neutral("aaab", ["aa", "b"]) == "□□ab"


@pytest.mark.parametrize("kind", ["t5", "bart", "pegasus", "chat"])
def test_no_document_makes_a_special_token_of_a_real_tokenizer(folders, kind):
    words = tokenizer(folders[kind])
    markers = own_markers(words)
    hostile = "县".join(sorted(markers))
    known = set(words.convert_tokens_to_ids(sorted(markers))) - {words.unk_token_id}
    assert len(markers) >= 3 and known & set(words(hostile, add_special_tokens=False).input_ids)
    assert not known & set(words(neutral(hostile, markers), add_special_tokens=False).input_ids)

import pytest

from summarizer.errors import ModelError
from summarizer.models import Proposal
from summarizer.models.selftest import PARAGRAPH, check, fault, looping


@pytest.mark.parametrize(
    "text",
    [
        "中国队中国队中国队夺冠",
        "云溪县云溪县云溪县客运站",
        "好好好好好的一天",
        "启用启用启用",
        "城南客运站启用城南客运站启用",
        "客运站，客运站，客运站，客运站",
        "今天上午天气很好今天上午天气不好今天上午天气很好今天上午天气不错",
    ],
)
def test_circles_are_seen(text):
    assert looping(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "云溪县城南客运站正式投入使用",
        "高高兴兴上班去 平平安安回家来",
        "总投资1000000000元",
        "编号20202020202020",
        "研究研究再说，讨论讨论再定",
        "柳湾县农业农村局：32万亩小麦收割完毕\n柳湾县农业农村局：平均亩产512公斤\n柳湾县农业农村局：秋种已经准备就绪",
        PARAGRAPH,
    ],
)
def test_plain_chinese_is_no_circle(text):
    assert not looping(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("……", "empty"),
        ("A new bus station opened", "not Chinese"),
        ("客运站客运站客运站客运站", "repeats itself"),
        ("教育部公布高校名单", "nothing to do"),
        ("云溪县城南客运站启用", ""),
        ("占地42亩 云溪县城南客运站正式投入使用", ""),
    ],
)
def test_faults_are_named(text, says):
    found = fault(text, PARAGRAPH)
    assert says in found and bool(found) == bool(says)


class Scripted:
    name, fingerprint, styles = "chat:scripted", "0" * 64, frozenset({"headline"})

    def __init__(self, *texts):
        self.texts = texts

    def propose(self, texts, *, style, limit):
        assert (list(texts), style, limit) == ([PARAGRAPH], "headline", 30)
        return [[Proposal(text, 0.0, "chat") for text in self.texts]]


def test_the_check_judges_the_best_proposal():
    check(Scripted("云溪县城南客运站启用", "一派胡言"))
    with pytest.raises(ModelError, match=r"chat:scripted: the self-test failed: .*nothing to do.*'一派胡言'"):
        check(Scripted("一派胡言", "云溪县城南客运站启用"))
    with pytest.raises(ModelError, match="the output is empty"):
        check(Scripted())

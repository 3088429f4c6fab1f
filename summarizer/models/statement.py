"""Does a text read as a statement? A headline says that something happens, not only what it is about.

ROUGE cannot tell a topic (新闻发布会) from a statement (新闻发布会召开); editors can. So the choosers take
something off for a text without a verb, one that is only a place or a reason, and a stray word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.models import bundled
from summarizer.text import fold

__all__ = ["VERBS", "says", "shortfall"]

# Off a chooser's score (a ROUGE-L F1 gained over the other candidates, rarely beyond 0.2): enough to
# prefer any statement near in score, too little to prefer a bad one (dev, read by hand).
_EACH = 0.25
# A verb may be one that nobody listed. On dev 0.25 loses 0.2 ROUGE-L, 0.1 gains nothing.
_NO_VERB = 0.15
# Characters. Nobody prints fewer as a headline of a story.
_SHORT = 8

VERBS = bundled.FOLDER / "verbs.txt"
"""Verbs of two characters, made by training/verbs.py."""
# Verbs of headlines that take no aspect marker or are one character, so that no list learns them.
_SELDOM = re.compile(
    "开[跑学业馆]|启[动幕程]|[开闭落]幕|印发|落[实户地]|通车|投[产运用]|[新改扩]建|升级|上[线市]|突破|[荣入]选|荣获|获[评悉]?|晋级|战胜"
    "|不敌|会[见谈晤]|致[辞电]|讲话|呼吁|揭牌|暂停|[判索]赔|审理|通报|曝光|证实|整治|死亡|[伤身]亡|遇难|受伤|遭|来袭|迎|参[赛观展训]|回[家国]|赴|聚力|助"
    "|赋能|促|护航|惠及|让|使(?![命馆用])|变身|深化|免费|收官|出口|毕业|亮相|首[发演映]|破|是|被|[将已](?!军)|占(?!比)|送|纪念|祝贺|缅怀|警惕|[用住]上|写"
    "|[买卖]|达|称(?!号)|说|[下上]?跌|涨|罚|撞|坠|骗|抓|夺|晒|驻|添|拟|推进|支持|力推|丰收|发展"
)
# After a verb, who does it, what it costs, what it describes: 调解|员, 消费|者, 出战|的.
_NOUN = re.compile("[者权室费率量的]|员(?!工)")
# Meetings that are called after a verb.
_MEETING = re.compile("(?:发布|推进|启动|动员|招聘|展览|研讨|交流|运动|调度|培训|推介|展销|座谈)会")
# A stretch that only says where, when or why: it opens with a preposition, or one stands alone at its end.
_ASIDE = re.compile(
    "^(?:在|从|因|据|为了?|随着|根据|按照|经过?|通过|针对|围绕|对于?|由于|当|作为|除了?)[^，]*$"
    "|(?:根据|按照|围绕|针对|随着|为了|由于|依托|结合)[^，]*$"
    # A cause without what it causes, a time without what happens then.
    "|^受[^，]*影响$|(?:[，月]\\d{1,2}日|[立放行始束布生出幕]时|期间|之际|以来|(?<![\\d幕])后)$"
    # A condition without what follows from it, one of two things at once.
    "|(?:如有|如果|一旦|只要)[^，]*$|^(?:(?!一边).)*一边(?!.*一边)"
)
# Openings that lean on a sentence before.
_HEADLESS = re.compile(
    "(?:^|，)该[^，]|^(?:于是|不仅|因此|所以|随后|同时|然而|一是|二是|是|但|也|而|并|还|又|却|则|且|及|你|您|这|那|其|他|她|它|被|让|使|令|用|以|把|造成|导致|会上|看样子|说到|导语|原标题|(?:股份)?有限公司|原本|直播吧)"
)
_QUOTED = re.compile("“[^”]*”|《[^》]*》")


def shortfall(text: str, source: str = "") -> float:
    """How much to take off a score: 0.0 for a statement, `_EACH` for every way in which it is none, such as
    words that somebody says in `source`; `_NO_VERB` without a verb."""
    stray = len(fold(text)) < _SHORT
    lacks = bool(_ASIDE.search(text)), bool(_HEADLESS.search(text)), stray, _spoken(text, source)
    verb = says(_QUOTED.sub("", text))
    return _EACH * sum(lacks) + _NO_VERB * (not verb)


def _spoken(text: str, source: str) -> bool:
    """Does `text` stand in the source inside a quotation, the first time it does?"""
    at = source.find(text)
    return at >= 0 and source.rfind("“", 0, at) > source.rfind("”", 0, at)


def says(text: str) -> bool:
    """Is there a verb, other than one at the head of what describes the last noun (代表全县出战的|运动员)?"""
    text = _MEETING.sub("会", text)
    if text[:2] in _verbs():
        text = text[text.rfind("的") + 1 :]
    pairs = (text[at : at + 2] for at in range(len(text) - 1) if not _NOUN.match(text, at + 2))
    return bool(_SELDOM.search(text)) or not _verbs().isdisjoint(pairs)


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    return frozenset(VERBS.read_text(encoding="utf-8").split())

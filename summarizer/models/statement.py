"""Does a text read as a statement? A headline says that something happens, not only what it is about.

ROUGE cannot tell a topic (新闻发布会) from a statement (新闻发布会召开); editors can. So the choosers take
something off for a text without a verb, one that is only a place or a reason, and a stray word.
"""

from __future__ import annotations

import re

from summarizer.text import fold

__all__ = ["shortfall"]

# Off a chooser's score (a ROUGE-L F1 gained over the other candidates, rarely beyond 0.2): enough to
# prefer any statement near in score, too little to prefer a bad one (dev, read by hand).
_EACH = 0.25
# Characters. Nobody prints fewer as a headline of a story.
_SHORT = 8

_VERB = re.compile(
    "举[行办]|召开|开[幕展启跑学建工业馆播]|启[动用幕程]|闭幕|发布(?!会)|公布|出台|印发|实施|施行|推[进动出行广]|落[实户地]|完成|完工|竣工|通车|投产|投用|投运"
    "|投入|建[成设立]|新建|改造|升级|增[长加至设]|下[降调跌]|上[涨升调线市]|提[高升出前]|达到?|突破|超过?|实现|获[得奖评批悉]?|荣获|夺[得冠]|入选|当选"
    "|晋级|战胜|击败|不敌|出席|会见|会谈|访问|考察|调研|视察|看望|慰问|致[信辞电]|讲话|强调|表示|指出|要求|呼吁|宣布|决定|批准|通过|签[署订约]"
    "|成立|揭牌|挂牌|设立|落成|开放|关闭|暂停|取消|停止|禁止|限制|打击|查[处获封]|破获|抓获|逮捕|判[处决赔]|起诉|受理|审[议理判]|通报|曝光|回应"
    "|否认|证实|调查|整治|治理|保护|救[援治助出]|遇难|受伤|死亡|伤亡|发生|爆发|爆炸|坠毁|坍塌|起火|着火|遭|来袭|登陆|影响|迎[来接]?|走[进红上访]"
    "|进[入行]|参[加与赛观]|参[展训]|组织|开设|增开|运行|运营|运送|发送|到达|抵达|返回|回家|回[国升落]|出发|赴|聚焦|聚力|关注|助[力推]?|赋能|带动|促[进]?|激发"
    "|护航|守护|服务|惠及|让|使|成为|变[成为身]?|打造|培育|发展|加[快强大]|优化|深化|扩大|巩固|防[范止治]|应对|化解|解决|缓解|减少|降[低至]?|免[费除]"
    "|收[割获官购]|播种|种植|丰收|采摘|销售|出口|引进|招[聘募商]|征集|报名|开考|录取|毕业|上演|上映|亮相|展[出示开]|演出|首[发演映]|创[新造下]|刷新|破"
    "|是|被|将|已|赴|占|送|需要|争取|接诊|累计|同比|继续|持续|纪念|庆祝|祝贺|缅怀|警惕|提醒|走出|走上|用上|住上|写|卖出|买"
)
# A stretch that only says where, when or why: it opens with a preposition, or one stands alone at its end.
_ASIDE = re.compile(
    "^(?:在|从|因|据|为了?|随着|根据|按照|经过?|通过|针对|围绕|对于?|由于|当|作为|除了?)[^，]*$"
    "|(?:根据|按照|围绕|针对|随着|为了|由于|依托|结合)[^，]*$"
)
# Openings that lean on a sentence before.
_HEADLESS = re.compile(
    "^(?:是|但|也|而|并|还|又|却|则|且|及|你|您|这|那|其|他|她|它|被|让|使|令|用|以|造成|导致|会上|看样子|说到|原本|直播吧)"
)
_QUOTED = re.compile("“[^”]*”|《[^》]*》")


def shortfall(text: str) -> float:
    """How much to take off a score: 0.0 for a statement, `_EACH` for every way in which it is none."""
    outside = _QUOTED.sub("", text)
    stray = len(fold(text)) < _SHORT
    lacks = (not _VERB.search(outside), bool(_ASIDE.search(text)), bool(_HEADLESS.match(text)), stray)
    return _EACH * sum(lacks)

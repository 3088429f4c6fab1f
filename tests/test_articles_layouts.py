"""Invented pages in forms that papers have, each read whole: what stands where, and what belongs to what."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from summarizer.articles import separate
from summarizer.records import Article, Page


class Item(NamedTuple):
    """One expected item; `starts` and `ends` are the first and last characters of its body."""

    headline: str | None
    starts: str
    ends: str
    kicker: str | None = None
    subtitle: str | None = None
    byline: str | None = None
    kind: str = "article"


KICKER_ABOVE = """
全县重点水利工程推进会召开——
南渠清淤提前十天完工

本报讯（记者 石砚） 昨天，记者从榆川县水务局获悉，南渠清
淤工程比计划提前十天完工。工程投入机械42台，清出淤泥6.8万
方，下游三个乡镇的春灌用水有了保证。

小学午餐有了“明白账”
——河口镇食堂公示制度见闻

本报讯（记者 梅雨桐） 一周吃什么、钱花在哪里，河口镇中心小
学的公示栏写得清清楚楚。家长代表每月可以进后厨查看两次。
"""
KICKER_ABOVE_ITEMS = [
    Item("南渠清淤提前十天完工", "昨天，", "有了保证。", "全县重点水利工程推进会召开——", byline="记者 石砚"),
    Item(
        "小学午餐有了“明白账”", "一周吃什么", "查看两次。",
        subtitle="——河口镇食堂公示制度见闻", byline="记者 梅雨桐",
    ),
]  # fmt: skip

BYLINE_BETWEEN = """
老渡口的新生意
本报记者 石砚 通讯员 叶满

　　天还没亮，榆川河老渡口的灯就亮了。五十六岁
的船工蒋顺发把缆绳盘好，等第一批游客上船。
　　三年前大桥通车，渡口停了摆。蒋顺发和村里的
四户人家凑钱修船，办起了夜游。“从前摆渡挣的是
过河钱，现在挣的是看景钱。”他说。
　　去年，老渡口接待游客两万三千人次，带动周边
开了九家农家菜馆。

冬枣为啥不愁卖
本报记者 梅雨桐

　　走进柏树坪村的冷库，一筐筐冬枣码得整整齐
齐。库管员单小满打开手机，当天的订单已有四百
多件。
　　柏树坪种枣二十年，从前最怕果子扎堆上市。
村里建起冷库，又请农技员指导错峰采收，销售期
由一个月拉长到三个月。
"""
BYLINE_BETWEEN_ITEMS = [
    Item("老渡口的新生意", "天还没亮", "农家菜馆。", byline="本报记者 石砚 通讯员 叶满"),
    Item("冬枣为啥不愁卖", "走进柏树坪村", "三个月。", byline="本报记者 梅雨桐"),
]

UNSIGNED_AFTER = """
近日，榆川县第二届田间运动会在石鼓乡举行，来自全县
十一个乡镇的三百二十名农民参加了扛粮、插秧和独轮车
接力等项目的比赛。
石鼓乡代表队获得团体第一名，河口镇和柏树坪村分别获
得第二名和第三名。

扛粮插秧比本领 三百农民赛田间

目前，省道218线榆川段改造工程进入收尾阶段，沥青摊铺
已完成九成。施工方采用半幅封闭、半幅通行的办法，尽量
减少对过往车辆的影响。
据项目负责人介绍，全线将于本月底恢复双向通行。

省道218线榆川段月底恢复双向通行
"""
UNSIGNED_AFTER_ITEMS = [
    Item("扛粮插秧比本领 三百农民赛田间", "近日，", "第三名。"),
    Item("省道218线榆川段月底恢复双向通行", "目前，", "双向通行。"),
]

CAPTIONS_BETWEEN = """
本报讯（记者 叶满）4月2日，榆川县人民法院在河口镇巡回开庭，
当场调解三起土地流转纠纷，六十多名村民旁听。法官结合案情讲
解合同签订要点，并发放普法手册两百册。
法庭搬到家门口 三起纠纷当场结

4月3日，柏树坪村的油菜花进入盛花期，游客在花田边写生。
石砚 摄

本报讯（记者 单晴）榆川县气象台预计，未来三天多阵雨，气温下
降六至八摄氏度。农技部门提醒果农做好防冻准备，已经开花的梨
园可在夜间熏烟保温。
未来三天多阵雨 果园注意防冻

▲4月1日，消防员在石鼓乡敬老院检查用电线路。
本报通讯员 牛向南 摄影报道
"""
CAPTIONS_BETWEEN_ITEMS = [
    Item("法庭搬到家门口 三起纠纷当场结", "4月2日，", "两百册。", byline="记者 叶满"),
    Item(None, "4月3日，", "写生。", byline="石砚 摄", kind="photo"),
    Item("未来三天多阵雨 果园注意防冻", "榆川县气象台", "熏烟保温。", byline="记者 单晴"),
    Item(None, "▲4月1日，", "用电线路。", byline="本报通讯员 牛向南 摄影报道", kind="photo"),
]

NOTICES = """
柏树坪村修通环山路
本报讯（记者 单晴）3月28日，柏树坪村环山路通车，全长7.4公里，
沿线四个村民小组的山货可以直接装车外运。

遗失声明
蒋顺发遗失船员证，编号尾数2216，声明作废。
榆川县河口镇叶氏豆腐坊遗失公章一枚，声明作废。

停水通知
因城区供水管网改造，4月6日8时至18时，文化街、南门
巷一带停水，请用户提前储水。特此通知。

招租公告
河口镇农贸市场现有门面房六间对外招租，面积二十至
四十平方米，有意者请于4月15日前报名。特此公告。
"""
NOTICES_ITEMS = [
    Item("柏树坪村修通环山路", "3月28日，", "装车外运。", byline="记者 单晴"),
    Item("遗失声明", "蒋顺发遗失", "声明作废。", kind="notice"),
    Item("停水通知", "因城区供水", "特此通知。", kind="notice"),
    Item("招租公告", "河口镇农贸", "特此公告。", kind="notice"),
]

SECTIONS = """
03 综合新闻
榆川日报 2025年4月3日 星期四

税务夜校开课 店主学会开电子票
本报讯（记者 石砚） 4月1日晚七时，榆川县税务局的夜校准时
开课，四十七名个体店主带着手机来学开电子发票。夜校每周二
开讲，内容按店主的提问来定。

城西公交枢纽启用 四条线路调整
本报讯（记者 叶满） 4月2日，城西公交枢纽启用，1路、6路、
9路和12路公交车的终点站同时调整，日均可服务乘客一万二千
人次。

责编/单晴 美编/牛向南 校对/蒋平
"""
SECTIONS_ITEMS = [
    Item("税务夜校开课 店主学会开电子票", "4月1日晚", "来定。", byline="记者 石砚"),
    Item("城西公交枢纽启用 四条线路调整", "4月2日，", "人次。", byline="记者 叶满"),
]

INTERVIEW = """
把果园交给懂行的人
——访榆川县果业协会会长乔大年
本报记者 梅雨桐

　　记者：今年的梨价比去年低，果农有什么办法？
　　乔大年：办法还是在品质上。同样一筐梨，分了级
就能差出三成的价钱，所以协会今年先办分级培训。
　　记者：年轻人愿意回来种果树吗？
　　乔大年：愿意。去年有二十六个年轻人回村，他们
懂直播，也懂修剪。把果园交给懂行的人，我放心。

县医院开设午间门诊
　　本报讯（记者 单晴） 4月起，榆川县人民医院内科、
儿科开设午间门诊，时间为12时至14时，方便上班族和学
生就诊。
"""
INTERVIEW_ITEMS = [
    Item(
        "把果园交给懂行的人", "记者：今年的梨价", "我放心。",
        subtitle="——访榆川县果业协会会长乔大年", byline="本报记者 梅雨桐",
    ),
    Item("县医院开设午间门诊", "4月起", "就诊。", byline="记者 单晴"),
]  # fmt: skip

RESULTS = """
县中学生篮球赛落幕 一中队夺冠
本报讯（记者 叶满） 3月30日，榆川县中学生篮球赛在县体育
馆落幕，八支球队打满十二场。最后名次和比分如下：
决赛　一中 68:61 三中
三四名　河口中学 55:49 石鼓中学
五六名　二中 60:58 职教中心
最佳球员由一中的蒋一舟获得，他在决赛中独得二十四分。

石鼓乡开办老年学堂
本报讯（记者 石砚） 3月31日，石鼓乡老年学堂开课，书法、
合唱和智能手机三个班共收学员九十六名。
"""
RESULTS_ITEMS = [
    Item("县中学生篮球赛落幕 一中队夺冠", "3月30日，", "二十四分。", byline="记者 叶满"),
    Item("石鼓乡开办老年学堂", "3月31日，", "九十六名。", byline="记者 石砚"),
]

BRIEFS = """
河口镇清理占道经营
4月1日起，河口镇开展为期半月的占道经营整治，首日规劝摊主31人。

县图书馆添新书
榆川县图书馆新购图书八千册，其中少儿读物占四成，本周末上架。

石鼓乡改造旱厕
石鼓乡今年计划改造旱厕六百座，目前已完成二百四十座。

柏树坪村体检进山
县中医院医疗队3月29日到柏树坪村为140名老人免费体检。
"""
BRIEFS_ITEMS = [
    Item("河口镇清理占道经营", "4月1日起", "31人。"),
    Item("县图书馆添新书", "榆川县图书馆", "上架。"),
    Item("石鼓乡改造旱厕", "石鼓乡今年", "四十座。"),
    Item("柏树坪村体检进山", "县中医院", "体检。"),
]

WIDE = """
本报讯（记者 石砚 通讯员 乔雨）记者4月1日从榆川县农业农村局获悉，今年全县落实高标准农田建
设项目四个，总面积三万六千亩，计划投资七千二百万元，其中沟渠衬砌一百一十公里，机耕道八十六公里。
项目建成后，预计每亩节水三成，节省人工两个，受益农户一万一千户。目前，石鼓乡和河口镇的两个标段
已经进场施工，其余标段将在5月底前开工。
高标准农田再添三万六千亩

本报讯（记者 梅雨桐）随着电商快递网点铺到村口，河口镇的手工挂面越卖越远。今年前三个月，全镇四
十二家挂面作坊卖出挂面三百一十吨，比去年同期多了一成半，七成订单来自省外。镇里正筹建统一的晾晒
场和检测室，解决阴雨天不能开工的难题。
村口发快递 挂面销省外
"""
WIDE_ITEMS = [
    Item("高标准农田再添三万六千亩", "记者4月1日", "开工。", byline="记者 石砚 通讯员 乔雨"),
    Item("村口发快递 挂面销省外", "随着电商", "难题。", byline="记者 梅雨桐"),
]

SUPPLEMENT = """
井
□ 乔雨

院子里那口井
是祖父挖的
他把一截月亮
放在井底

我从远方回来
打上一桶水
水里有他的咳嗽
也有枣花的香

腌菜记
□ 牛向南

　　入冬以后，母亲总要腌一缸芥菜。她说菜要选
霜打过的，叶子厚，根也甜。洗菜的时候，我蹲在
一边看水，水凉得扎手，母亲的手却一直是热的。
　　后来我进了城，超市里的腌菜一袋一袋，味道
总差一点。差的那一点，大约就是院子里的风。
"""
SUPPLEMENT_ITEMS = [
    Item("井", "院子里那口井", "枣花的香", byline="□ 乔雨"),
    Item("腌菜记", "入冬以后", "院子里的风。", byline="□ 牛向南"),
]

TOUCHING = """
榆川县启动春季植树
本报讯（记者 叶满）3月12日，榆川县启动
春季植树活动，干部群众六百多人在南山种下
油松和侧柏四千二百棵。
防汛物资储备充足
本报讯（记者 石砚）记者3月14日从县应急
管理局获悉，全县已储备编织袋十二万条、冲
锋舟十八艘，各乡镇抢险队完成集训。
石鼓乡评出好邻居
本报讯（记者 单晴）3月15日，石鼓乡表彰
好邻居二十户，奖品是一把新扫帚和一面锦旗。
"""
TOUCHING_ITEMS = [
    Item("榆川县启动春季植树", "3月12日，", "四千二百棵。", byline="记者 叶满"),
    Item("防汛物资储备充足", "记者3月14日", "集训。", byline="记者 石砚"),
    Item("石鼓乡评出好邻居", "3月15日，", "锦旗。", byline="记者 单晴"),
]

PAGES = {
    "a kicker right above, a subtitle right below": (KICKER_ABOVE, KICKER_ABOVE_ITEMS),
    "writers between headline and body": (BYLINE_BETWEEN, BYLINE_BETWEEN_ITEMS),
    "no lead-ins, headlines after": (UNSIGNED_AFTER, UNSIGNED_AFTER_ITEMS),
    "captions between stories": (CAPTIONS_BETWEEN, CAPTIONS_BETWEEN_ITEMS),
    "a column of notices": (NOTICES, NOTICES_ITEMS),
    "section, date and staff lines": (SECTIONS, SECTIONS_ITEMS),
    "an interview": (INTERVIEW, INTERVIEW_ITEMS),
    "a table of results": (RESULTS, RESULTS_ITEMS),
    "one-paragraph briefs": (BRIEFS, BRIEFS_ITEMS),
    "wide columns": (WIDE, WIDE_ITEMS),
    "a poem and an essay": (SUPPLEMENT, SUPPLEMENT_ITEMS),
    "no blank lines": (TOUCHING, TOUCHING_ITEMS),
}


def printed(article: Article, item: Item) -> Item:
    """The article as an Item, its body cut to the length of what is expected of it."""
    starts, ends = article.body[: len(item.starts)], article.body[-len(item.ends) :]
    return Item(
        article.headline, starts, ends, article.kicker, article.subtitle, article.byline, article.kind
    )


@pytest.mark.parametrize("name", PAGES)
def test_layout(name: str) -> None:
    text, items = PAGES[name]
    found = separate(Page(name, tuple(text.strip("\n").split("\n"))))
    assert [a.headline for a in found] == [item.headline for item in items]
    assert [printed(a, item) for a, item in zip(found, items, strict=True)] == items

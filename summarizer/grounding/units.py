"""Units and measure words: which of them mean the same, and which convert.

A unit word has one or more readings (dimension, factor): 公里 is ("length", 1000).
Measure words that only count have the dimension "#" plus the name of their group.
"""

from __future__ import annotations

from fractions import Fraction

__all__ = ["ABSTRACT", "COUNTERS", "UNITS", "readings"]

Reading = tuple[str, Fraction]

_MEASURES: dict[str, dict[str, str]] = {
    "length": {
        "1000": "公里 千米 km KM", "1": "米 m", "1/100": "厘米 公分 cm", "1/1000": "毫米 mm",
        "500": "里 华里 里地", "1852": "海里", "1/1000000": "微米", "1/1000000000": "纳米",
    },
    "area": {
        "1": "平方米 平米 ㎡ m²", "1000000": "平方公里 平方千米", "2000/3": "亩 亩地", "10000": "公顷",
    },
    "volume": {"1": "立方米 方 m³", "1/1000": "升 L", "1/1000000": "毫升 ml mL"},
    "mass": {
        "1000": "吨 t", "1": "公斤 千克 kg", "1/2": "斤", "1/1000": "克 g", "1/1000000": "毫克 mg",
    },
    "span": {
        "1": "秒 秒钟", "60": "分钟", "3600": "小时 个小时 h 个钟头", "86400": "天 昼夜 日",
        "604800": "周 星期 个星期 礼拜",
    },
    "months": {"1": "个月", "12": "年 周年", "3": "个季度", "1200": "个世纪"},
    "yuan": {"1": "元 块 块钱 圆 元人民币 元钱", "1/10": "角 毛", "1/100": "分钱"},
    "power": {"1": "瓦 W", "1000": "千瓦 kW KW", "1000000": "兆瓦 MW", "1000000000": "吉瓦 GW"},
    "energy": {"1": "千瓦时 度 度电 kWh"},
    "heat": {"1": "℃ 度 摄氏度 °C"},
    "data": {"1": "MB", "1024": "GB", "1048576": "TB"},
    "share": {"1/100": "%", "1/1000": "‰", "1/10": "成"},
    "point": {"1": "个百分点 百分点 pct", "1/100": "个基点 基点"},
}  # fmt: skip

# Measure words of one line may stand for one another.
_COUNTED = """
人 名 位 口 个人 例
家 所 户 处 间
辆 台 部
条 项 款 道 则 门
次 回 趟 遍 场 度
例 起 宗 件 桩
只 头 匹 羽 尾
栋 幢 座 处
枚 块 面
支 支队伍 队 股
艘 条 只
架 台
棵 株
本 册 部 卷
张 幅 份 封
层 楼
级 级台风
期 批
届
岁 周岁
人次
车次 班次 班 列 趟
架次
周年
年级
年代
世纪
号 号楼 号线 路
版
轮 盘 局
节 课时
课
站
强
金 枚金牌
银 枚银牌
铜 枚铜牌
死
伤
倍
折
番
分
环
胎
孩
公里/小时 公里每小时 km/h
国 个国家 国家
省 个省 省份
市 个市
县 个县
区 个区
镇 个镇 个乡镇 乡镇
乡
村 个村 村庄
校
企
地
方
部门
省区市
城
门课
套 组 副 对 双
种 类 样
首 曲 支
篇
字
句
集
步
箱 盒 瓶 袋 包 桶 罐 听
片 块
朵 束
根
颗 粒 枚
点
床 张
亩次
吨公里
平方
任
代
后
秒钟
环节
页
席
票 张
单 笔 票
剂 剂次
词
人家
团
大
美元
欧元
港元 港币
日元
韩元
英镑
卢布
澳元
克拉
赫兹 Hz
马力
分贝
兆帕
毫克/升
微克/立方米
桶/日
"""
_CURRENCIES = (
    "美元 欧元 港元 港币 日元 韩元 英镑 卢布 澳元 克拉 赫兹 Hz 马力 分贝 兆帕 毫克/升 微克/立方米".split()
)

UNITS: dict[str, frozenset[Reading]] = {}
"""Every unit word with its readings."""


def _collect() -> None:
    found: dict[str, set[Reading]] = {}
    for dimension, words in _MEASURES.items():
        for factor, names in words.items():
            for name in names.split():
                found.setdefault(name, set()).add((dimension, Fraction(factor)))
    for line in _COUNTED.strip().splitlines():
        group = line.split()[0]
        sign = "" if group in _CURRENCIES else "#"
        for name in line.split():
            found.setdefault(name, set()).add((sign + group, Fraction(1)))
    found["个"] = {("#", Fraction(1))}
    UNITS.update((name, frozenset(all_)) for name, all_ in found.items())


_collect()
ABSTRACT = frozenset(
    "#" + group
    for group in "人次 车次 架次 周年 年级 年代 世纪 号 级 届 岁 倍 折 番 分 环 强 期 后 代 版 度".split()
)
"""Counted things that are not things: 个 never stands for one of these."""
COUNTERS = frozenset(word for word, all_ in UNITS.items() if all(d.startswith("#") for d, _ in all_))
"""Words that only count; 一 before one of them is an article, not a number."""


def readings(unit: str) -> frozenset[Reading]:
    """The readings of a unit word; none for "" and for a word that is no unit."""
    return UNITS.get(unit, frozenset())

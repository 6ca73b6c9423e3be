"""Measure words after a number: which word it is, how it is spelled elsewhere, and when the same characters are none."""

from __future__ import annotations

import re

from keshu.kernel.prose.reading.listed import listed

MONEY = frozenset(
    listed(
        """
        元 元人民币 人民币 美元 美金 欧元 港元 港币 日元 英镑 卢布 澳门元 新台币 瑞士法郎 韩元
    """
    )
)
POINTS = frozenset(["个百分点", "百分点", "个基点", "基点"])
RATES = frozenset(["%", "‰", "成", "倍"]) | POINTS
PHYSICAL = frozenset(
    listed(
        """
        /10万 平方公里 平方千米 平方米 平方英里 平方 立方米 立方 立方公里 亿立方 万方 方 公里 千米 米 厘米 毫米
        微米 纳米 海里 里 平米 hm² hm2 TEU 亩 公顷 顷 亩次 吨 吨标准煤 吨标煤 吨公里 人公里 吨油当量 吨二氧化碳当量 载重吨 总吨
        千克 公斤 斤 克 毫克 微克 两 担 石 磅 升 毫升 桶 标准箱 标箱 千瓦 千瓦时 千瓦小时 度 瓦 兆瓦 吉瓦 兆瓦时
        吉瓦时 千伏 千伏安 伏 安时 兆伏安 马力 卡 千卡 大卡 焦 吉焦 标准立方米 摄氏度 ℃ ° 赫兹 兆赫 吉赫 分贝
        微克/立方米 毫克/立方米 毫克/升 毫克/千克 克/千瓦时 吨/公顷 公斤/亩 元/吨 元/人 分/公里 公里/小时
        千米/小时 立方米/秒 ㎡ m² m2 m³ ㎞ km km² kW kWh MW MWh GW GWh kV kVA t mm cm nm μm kg mg g ml L EFLOPS
        PFLOPS TFLOPS Eflops Pflops FLOPS PB TB GB EB ZB MB Mbps Gbps Tbps bit Hz MHz GHz kHz 秒 分钟 小时
        个小时 P 标准机架 机架 万标箱 Wh TWh μg/m³ mg/L
    """
    )
)
COUNTED = frozenset(
    listed(
        """
        人次 家次 场次 批次 户次 台次 件次 条次 项次 篇次 个次 站次 村次 期次 台套 车次 架次 艘次 列次 班次 床次
        轮次 头次 间次 亩次 户数 人年 人日 人月 人天 单位 户 家 个 项 件 名 人 口 次 场 期 篇 本 册 种 类 份 条
        台 套 村 所 处 位 支 只 头 座 间 组 队 对 天 年 岁 株 羽 尾 粒 盆 张 幅 块 枚 辆 艘 架 部 届 例 宗 剂
        剂次 针 针次 例次 趟次 床日 起 笔 单 款 道 层 门类 站 点 字 页 个季度 季度 个点 个月 个工作日 工作日 工日 周
        轮 步 集 档 席 桌 堂 国 农户 箱 袋 瓶 杯 课时 学时 学分 门 床 张床 栋 幢 列 节 班 案 代 卷 根 片 颗 匹 峰 眼 口井
        井 孔 线 段 把 桩 盏 盘 副 双 顶 封 则 首 帧 格 股 束 串 滴 丛 蔸 垧 扇 具 尊 挂 出 折 场所 团 批 艘船
        机组 学位 床位 车位 泊位 席位 名额 岗位 个岗位 标段 路 趟 遍 回 番 拨 句 分 节课 学年 学期 户家庭 刊 版
        号文 平台 款次 票 台件 米道 站点 宗地 千字 万字 章 条线 面 斤
    """
    )
) - {
    "番",
    "路",
    "平台",
    "户家庭",
    "号文",
    "团",
    "回",
    "分",
    "版",
    "万字",
    "千字",
    "把",
    "出",
    "折",
    "副",
    "户数",
    "章",
    "机组",
}
TONGUE = MONEY | RATES | PHYSICAL | COUNTED

CANONICAL = {
    "元人民币": "元", "人民币": "元", "美金": "美元", "港币": "港元", "百分点": "个百分点", "㎡": "平方米", "m²": "平方米",
    "m2": "平方米", "平方": "平方米", "平米": "平方米", "hm²": "公顷", "hm2": "公顷",
    "农户": "户", "基点": "个基点",
    "m³": "立方米", "立方": "立方米", "方": "立方米", "千米": "公里", "km": "公里", "㎞": "公里",
    "平方千米": "平方公里", "km²": "平方公里", "千克": "公斤", "kg": "公斤", "千瓦小时": "千瓦时", "kWh": "千瓦时",
    "kW": "千瓦", "MW": "兆瓦", "GW": "吉瓦", "kV": "千伏", "吨标煤": "吨标准煤", "标准箱": "标箱", "人(次)": "人次",
    "人（次）": "人次", "项(人)": "项", "项（人）": "项", "场(次)": "场次", "场（次）": "场次", "家(次)": "家次", "家（次）": "家次",
    "台(套)": "台套", "台（套）": "台套", "个小时": "小时", "个工作日": "工作日", "个季度": "季度", "μg/m³": "微克/立方米",
    "mg/L": "毫克/升", "t": "吨",
}  # fmt: skip

#: a word of this kind begins with the same character: 项目, 家电, 人才, 条例 are nouns and no measure
GUARDS = {
    "家": "具电庭禽园乡畜长属用纺族务居装政校", "项": "目链", "人": "才社", "个": "人体税性",
    "名": "单称义优牌录师校", "条": "例件款块", "部": "门分署委长", "处": "理于置罚方级", "所": "有在得属谓",
    "场": "所地景馆均", "期": "间待末刊货限望", "类": "似型别", "位": "于置居列", "天": "津然桥",
    "本": "科地市县级省区次届土轮年", "台": "湾账阶风州商胞", "座": "谈", "面": "积向对临貌世", "起": "步草到",
    "组": "织建成", "队": "伍", "批": "准复", "层": "面级次", "升": "级至到", "集": "群成团中聚约",
    "成": "功果立为交员本长套", "倍": "增", "支": "持部撑出付", "站": "位", "种": "植业子", "周": "年边", "道": "路",
    "株": "洲", "对": "外口接标照应于全象", "点": "位", "度": "假", "口": "岸径", "里": "程", "方": "案面向式便",
    "分": "别", "步": "伐入", "代": "表理码", "班": "子", "线": "上下索", "片": "区", "节": "能约水日点",
    "首": "批家个次", "列": "入为", "门": "槛户", "具": "体有备", "根": "据本", "票": "据", "石": "化油",
    "担": "保当", "卡": "车", "股": "份权", "例": "如", "轮": "驱", "款": "项", "头": "部", "户": "籍口外",
    "副": "省", "张": "家", "双": "创一碳向减随", "拨": "付", "宗": "旨", "挂": "牌", "盘": "活", "字": "号",
    "年": "代度鉴均级产龄终", "份": "额", "次": "产", "国": "集内家际外产务资税土网债标防道歌有", "个点": "位评", "堂": "课",
}  # fmt: skip

_FIRST: dict[str, tuple[str, ...]] = {}
for _word in sorted(TONGUE, key=lambda word: (-len(word), word)):
    _FIRST[_word[0]] = (*_FIRST.get(_word[0], ()), _word)


#: 人(次), 台(套), 件(台、套): other words in brackets belong to the unit
_SECOND = re.compile(
    r"[(（][次项个人家册套户条部只处名座批台件篇场份期对点](?:、[次项个人家册套户条部只处名座批台件篇场份期对点])*+[)）]"
)


#: (亿元)/平方公里, (万吨)/日, (家)/万人
_PER = re.compile(
    r"(?:/(?:[十百千万亿]|10万)?(?:平方公里|平方千米|平方米|立方米|公里|千米|公顷|公斤|千克|千瓦时|千瓦|小时|分钟|km²|m³|m²|㎡|kWh"
    r"|[日天月年季时秒人户家亩吨斤度升次件个项台床套株头只元村县辆车米]))+"
)


def measure_at(text: str, at: int) -> str:
    """The measure word that begins at this place, the longest one that is no part of another noun; else empty."""
    for word in _FIRST.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            end = at + len(word)
            follows = text[end : end + 1]
            if follows and follows in GUARDS.get(word, ""):
                continue
            if word[-1].isascii() and word[-1].isalpha() and follows.isascii() and follows.isalnum():
                continue
            if follows and follows in "(（" and (second := _SECOND.match(text, end)):
                return word + second[0]
            return word + per[0] if follows == "/" and (per := _PER.match(text, end)) else word
    return ""


def canonical(unit: str) -> str:
    return CANONICAL.get(unit) or (
        unit[: unit.index("(" if "(" in unit else "（")] if unit[-1:] in (")", "）") else unit
    )

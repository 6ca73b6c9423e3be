"""Counting words and units that figures in bureau texts carry, longest first."""

from __future__ import annotations

_MONEY = "元人民币 元 美元 美金 欧元 港元 日元 英镑"
_RATES = "个百分点 百分点 % ‰ 成 倍"
_PHYSICAL = """平方公里 平方千米 平方米 立方米 斤 面 公里 千米 米 厘米 毫米 微米 纳米 亩 公顷 吨标准煤 吨 千克 公斤 克
    升 千瓦时 兆瓦时 千瓦 兆瓦 千伏安 千伏 ㎡ m² 摄氏度 小时 分钟 秒 人年"""
_COUNTED = """人次 家次 场次 批次 户次 台次 件次 条次 项次 篇次 个次 站次 村次 期次 台套 车次 架次 艘次 人(次)
    项(人) 场(次) 台(套) 家(次) 个(项) 户 家 个 项 件 名 人 次 场 期 篇 本 册 种 类 批 份 条 台 套 村 所
    处 位 支 只 头 座 间 组 队 对 天 年 岁 株 羽 尾 粒 盆 张 幅 块 枚 辆 艘 架 部 届 例 宗 起 笔 款 道
    层 门类 站 点 字 页 个季度 季度 个月 个小时 个工作日 工作日 周 轮 步 集 档 席 桌 箱 袋 瓶 杯 间次
    亩次 万方 方 课时 学时 学分 门"""

SPELLED = {"元人民币": "元", "美金": "美元", "百分点": "个百分点", "㎡": "平方米", "m²": "平方米"}

MEASURES = sorted(
    {*_MONEY.split(), *_RATES.split(), *_PHYSICAL.split(), *_COUNTED.split()}, key=lambda unit: (-len(unit), unit)
)
COUNTED = sorted(_COUNTED.split(), key=lambda unit: (-len(unit), unit))

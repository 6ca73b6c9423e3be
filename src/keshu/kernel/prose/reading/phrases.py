"""Noun phrases out of what stands before and behind a figure."""

from __future__ import annotations

import re

from keshu.kernel.prose.reading.kinds import CHANGE
from keshu.kernel.prose.reading.listed import listed

#: words that end a noun phrase behind a figure: a predicate, a preposition or an adverb begins
_VERBS = listed(
    """
    获得 获批 获评 获奖励 获省 获国 获市 荣获 入选 入围 通过 列入 达到 参加 参评 参与 完成 实现 进入 给予 取得 当选
    落户 落地 投产 建成 竣工 开工 接通 稳定 纳入 用于 支持 涵盖 覆盖 成为 申报 引进 组建 开展 认定为 评为 授予 得到
    超过 突破 位居 居 位列 同比 较上年 比上年 比上 较上 增长 下降 增加 减少 占 已 均 都 全部 正式 成功 顺利 加快
    先后 分别 被 将 向 对 把 由 从 与 为 是 在 到 至 报 上播 上刊 不再 不变 脱贫 摘帽 总数 总量 总额 其中 并 且 以
    享受 惠及 服务 帮助 促进 带动 推动 解决 吸纳 累计 合计 共计 同时 来自 涉及 有 正在 陆续 开通 通车 启动 交付
    投入使用 投用 入驻 挂牌 揭牌 签约 上市 迁入 转化 受益 直接 免 按 可 能 需 未 无 应 还 仍 也 又 再 则 就 处于
    保持 连续 提前 如期 基本 高于 低于 用 建立 设立 组织 举办 召开 赴 前往 得以 予以 拿到 争取 发放 下达 拨付 兑现
    到位 落实 走访 收集 培训 培育 新增 推荐 登记 征集 培养 形成 制定 出台 修订 发布 印发 安排 投入 改造 新建 扩建
    实施 推进 打造 推广 引入 选派 派出 聘请 吸引 集聚 汇聚 拥有 达成 签订 签署 促成 撬动 拉动 推出 创建 获 首次 全面
    全年 有效 稳步 持续 进一步
    """
)
_NOUNS_TOO = listed(
    """
    服务 培训 参与 推广 建立 投入 转化 签约 上市 申报 组织 创建 推荐 登记 落实 培育 培养 投产 开工 竣工 改造 新建
    有效 获奖 实施 安排 发布 帮助 认定 解决 支持 引进 推进 选派 推动 促进 带动 涉及 覆盖 基本 直接 提前 正在 拥有
    设立 入驻 挂牌 保持 全面 首次 总量 总额 总数 在 为 有 对 用 可 能 无 应 由 以 到 从
    """
)
_STOP = re.compile("|".join(sorted(set(_VERBS) - set(_NOUNS_TOO), key=lambda word: (-len(word), word))))
#: the same words open a predicate when they stand first
_OPENING = re.compile("|".join(sorted(set(_VERBS) - {"有效", "基本"}, key=lambda word: (-len(word), word))))
_OF = re.compile(r"^(?:[及或]?以上|左右|上下|以内|以下|多|余)?(?:的)?")
_PHRASE = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-zα-ωＡ-Ｚａ-ｚ&＆·“”‘’\"－+-]|《[^》]{1,30}》|[（(][^（）()]{1,12}[)）](?=[\u4e00-\u9fff])|\d(?=[A-Za-z]))+"
)
_LINKS = re.compile(r"[、和及与或]")
#: what precedes a number and names nothing
_TAIL = re.compile(
    r"(?:以上|左右|[达升增降减提回突]到了?|[达增升降减]至|达|为|是|共|计|共计|约|大约|近|超额?|超过|突破|逾|仅|只|只有|有|已|了|累计|总计|合计|分别|均|都|也|各|预计|实现|完成"
    r"|到|至|在|稳定在|保持在|控制在|不低于|不少于|不超过|的|占到|接近|将近|平均|连续|提前|首次|上|跃上|跃升|跨上|达成|不足|不到|低于|高于|一举|每年|全年|力争|争取|确保|将|要"
    r"|下|列|居|位居|位列|排|排名|排在|名列|跃居|升至|升为|上升|前移|从|由|再|又|净|年均|同比|环比|再次|数量|比重?|高出?|[“”\"‘’：:\-—\s（(，,、])$"
)
_RATE_WORDS = re.compile(
    r"(?:(?:比|较|与)[^，。；]{1,14}?)?(?:同比|环比|年均|平均|累计|净|分别|各|再|实际|名义|扣除价格因素|按可比价格计算|按可比价计算|可比价|大幅|稳步|实现)*"
    r"(?:增长率|增长速度|增长幅度|" + CHANGE.pattern + r")(?:[至到了约近超过达]|幅度?)*$"
)
_VERSUS = re.compile(r"(?:比|较|与)(?:上|去|前|全|同|年|\d|“|上年)[^，。；]{0,12}$|(?:同比|环比|年均)$")
_HEAD = re.compile(
    r"^(?:(?:其中|同时|另外|此外|目前|全年|今年以来|今年|去年|当年|年内|累计|共计|共|合计|总计|另有|还有|以及|以|并且?|且|和|及|与|、|已|先后|成功|新|再|又|也|到|至|了"
    r"|力争|确保|争取|计划|预计|将|要|分别|对|把|有|全力|积极|扎实|大力|深入|持续|稳步|加快|我[国省市县区局]|[（(，,：:\s”])|(?:\d{4}|[xX×]{4}|20[xX]{2})年(?:度|末|底)?"
    r"|截[至止][^，]{0,8}?[底末日前月])+"
)
_LEADING_VERBS = re.compile(
    r"^(?:新增|新认定|新建|建成|建立|建设|拥有|组织|推荐|培育|认定|实现|完成|举办|开展|召开|争取|申请|申报|获批|获得|获|引进|发放|兑现|拨付|下达|支持|帮助|解决|收集|征集|走访|培训"
    r"|登记|签订|签约|转化|发展|改造|投入|安排|落实|筹集|制定|出台|修订|发布|实施|推进|打造|选派|派出|聘请|吸引|集聚|形成|促成|撬动|带动|开通|布局|谋划|成立|设立|达成|取得|推出|创建|通过|使|让"
    r"|累计|净增|新|共|近|约|的)+"
)
_CIRCUMSTANCE = re.compile(
    r"^(?:在|通过|围绕|利用|依托|按照|针对|根据|以)[^的]{0,40}?(?:上|中|下|方面|领域|内|里|间|后|前)(?=[\u4e00-\u9fff])"
)
_CJK_END = re.compile(r"[\u4e00-\u9fffA-Za-z”》)）]$")
_PLACE_ONLY = re.compile(
    r"^(?:在|占|居|列|位|于|全[国省市区县]|世界|全球|我[国省市县区]|各?[省市县区]|第|排名?|前|的|位次|名次|上升|稳)+$"
)


def behind(tail: str) -> str:
    """The noun phrase that a figure counts, directly behind it: (529个)研究开发项目; empty if none begins there."""
    tail = tail[_OF.match(tail).end() :]  # type: ignore[union-attr]
    found = _PHRASE.match(tail)
    if found is None or _OPENING.match(tail) or tail[0] in "和及与或、" or CHANGE.match(tail):
        return ""
    phrase = found[0]
    stop = _STOP.search(phrase, 1)
    phrase = phrase[: stop.start()] if stop else phrase
    link = _LINKS.search(phrase, 2)
    if link and link[0] in "和及与" and _OPENING.match(phrase, link.end()):
        phrase = phrase[: link.start()]
    return _of_parts(phrase)


def _of_parts(phrase: str) -> str:
    """科技型企业的研发费用: what is counted stands before 的 when it is a whole word, else behind."""
    head, of, rest = phrase.partition("的")
    return head if of and len(head) >= 2 else phrase if not of else rest


def object_of(tail: str) -> str:
    """(2人)当选中国工程院院士: without a noun of its own the figure counts what the predicate names."""
    found = _PHRASE.match(tail)
    phrase = found[0] if found else ""
    verb = _OPENING.match(phrase)
    while verb and verb.end():
        phrase = phrase[verb.end() :]
        verb = _OPENING.match(phrase)
    return phrase


def ahead(lead: str) -> str:
    """The noun phrase before a figure without the words that join them: 全市专利申请量达(3258件)."""
    phrase = _open_bracket(lead.rstrip())
    phrase = _without_joins(phrase)
    phrase = _HEAD.sub("", phrase)
    phrase = _CIRCUMSTANCE.sub("", phrase)
    if not _CJK_END.search(phrase) or _PLACE_ONLY.match(phrase):
        return ""
    return phrase.strip("、，, \u3000")


def _without_joins(phrase: str) -> str:
    while True:
        cut = _TAIL.sub("", phrase)
        cut = _RATE_WORDS.sub("", cut)
        cut = _VERSUS.sub("", cut)
        if cut == phrase:
            return phrase
        phrase = cut


def _open_bracket(phrase: str) -> str:
    """What stands behind a bracket that is still open; closed brackets belong to the phrase."""
    depth = 0
    for index in range(len(phrase) - 1, -1, -1):
        if phrase[index] in ")）":
            depth += 1
        elif phrase[index] in "(（":
            if depth == 0:
                return phrase[index + 1 :]
            depth -= 1
    return phrase


def noun_in(phrase: str) -> str:
    """The phrase without the verbs before it; empty where only verbs are left (组织, 共推荐)."""
    return _LEADING_VERBS.sub("", phrase)


_MEASURE_NAMES = listed(
    """
    增加值 产值 总产值 营业收入 收入 支出 投资 投资额 总额 成交额 交易额 产量 销量 销售额 零售额 数量 面积 利润
    利润总额 税收 出口 进口 出口额 授权量 申请量 拥有量 发电量 装机 装机容量 吞吐量 客运量 货运量 余额 存款 贷款
    占比 比重 覆盖率 普及率 合格率 率 量 额 数
    """
)
_MEASURE_END = re.compile("(?:" + "|".join(sorted(_MEASURE_NAMES, key=lambda word: -len(word))) + ")$")


def coordinated(phrase: str) -> list[str]:
    """高技术制造业、装备制造业增加值: each member with the measure that the last one names for all of them."""
    parts = [part for part in re.split(r"、|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})", phrase) if part]
    if len(parts) < 2:
        return [phrase]
    measure = _MEASURE_END.search(parts[-1])
    if measure:
        parts = [part if _MEASURE_END.search(part) else part + measure[0] for part in parts]
    return parts

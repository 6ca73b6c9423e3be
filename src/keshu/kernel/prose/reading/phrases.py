"""Noun phrases out of what stands before and behind a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keshu.kernel.prose.reading.kinds import CHANGE_WORDS
from keshu.kernel.prose.reading.vocabulary import EVENTS, LIGHT, MEASURE_NAMES, NOUNS_TOO, VERBS


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_REACH = 64
#: longer than any word that joins a noun to its number
_SHORT = 16
_STOP = re.compile(
    _any(set(VERBS) - set(NOUNS_TOO) - {"与", "均", "都", "向", "脱贫"}) + r"|脱贫(?![村户人县攻地])"
    r"|(?<!参)与|(?<![人户平])均|(?<![成首])都|(?<![方面定导转])向|喜迁|喜获|中?排名|中(?=[位列居有，])|达(?![标成])|[\u4e00-\u9fff]{2}了"
)
#: the same words open a predicate when they stand first
_OPENING = re.compile(_any(set(VERBS) - {"有效", "基本", "有", "脱贫"}) + "|有(?![效机色限偿])|脱贫(?![村户人县攻地])")
_OF = re.compile(r"(?:[及或]?以上|左右|上下|以内|以下|多|余)?(?:的)?")
_PHRASE = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-zα-ωＡ-Ｚａ-ｚ&＆·“”‘’\"－+-]|《[^》]{1,30}》"
    r"|[（(][^（）()]{1,12}[)）](?=[\u4e00-\u9fff])|\d(?=[A-Za-z]))+"
)
#: 10亿元大关, 5件工作目标: what follows does not name what is counted
_MILESTONE = re.compile(
    r"(?:的)?(?:新)?(?:基础上|台阶|大关|关口|关|高位|水平|规模|速度|增速|标准|幅度|[年全]?[度年]?(?:工作|约束性|预期|既定)?(?:目标|任务|指标)(?![中里均都全已未没按超]))"
)
_LINKS = re.compile(r"[和及与]")
_COUNTRY = r"(?:全[国省市区县州]|世界|全球|[东中西]部|各?[省市区县]|我[国省市区县])"
#: what precedes a number and names nothing
_TAIL = re.compile(
    r"(?:回[升落][至到]|首破|首超|惠及|涉及|以上|左右|[达升增降减提回突扩占压]到了?|[达增升降减压]至|调整[为到至]|达|(?<!行)为|是|(?<!公)共|(?<![统设审会生])计|共计|(?<![签预合节制])约|大约|(?<![远附])近"
    r"|超额?|超过|突破|逾|仅|只有?|(?<![国民所享私公])有|已|了|累计|总计|合计|可望?|有望|尚|仍|还|(?<=[\u4e00-\u9fff]{2})[一二三四五六七八九十两]{1,3}[期批次轮场]|分别|(?<![人户亩年日月地平])均|都|也|各|预计|实现|完成|到|至|在|稳定在|保持在|控制在|维持在"
    r"|不低于|不少于|不超过|的|接近|将近|连续|提前|首次|(?<![以网线路规限])上|跃上|跃升|跨上|迈上|达成|不足|不到|低于|高于|一举|每年|全年|力争|争取|确保|将|要|拟按|按"
    r"|(?<![天地线])下|居|位居|位列|(?<![班系])列|(?<!安)排|排名|排在|名列|跃居|升至|升为|上升|前移|从|由|再|又|净|年均|同比|环比|再次|当中|每[人年月户亩]"
    r"|最[高低大小多少长短快慢]|单[日月笔项]|由?负?转[正负增降]|(?<=[\u4e00-\u9fff]{2})(?:举办|召开|开展|发放|完成(?:验收)?|新增|签订|建成|取得|获得|获批)了?|[约折]合|价值|实际|其余|剩余|(?<![科业农文])余|距|[“\"‘：:\-—\s（(，,、+＋]|\[\d{1,2}\])$"
)
_CHANGED = re.compile(
    r"(?:(?:同比|环比|年均|平均|累计|净|分别|各|再|实际|名义|扣除价格因素|按可比价格?计算|按可比价格?|可比价|大幅|稳步|实现|继续|持续|进一步|全部?|均)*)"
    r"(?:(?<!自然)增长率|增长速度|增长幅度|[增减](?:产|收|支)|净[增减]|"
    + CHANGE_WORDS
    + r")(?:[至到了约近超过达为]|幅度?)*$"
)
_CHANGED_SHORT = re.compile(r"(?<![起加新净])(?:增|降|减|涨|升|提|快|高|低|跌)(?:[至到了约近超过达]|幅度?)*$")
_VERSUS = re.compile(
    r"(?:[跃攀提]?升|[增降减达压缩提]|提高|提升|上升|下降|增加|增长|扩大|回落|减少)[至到](?:20\d\d|[上去前]|今|当)年[底末]?$|(?:由|从)(?:\d{4}年|[上去前]年|年初|五年前|[“\"]?十[一二三四五]五[”\"]?)(?:同期)?[底末初]?$|(?:比|较|与)(?:[一二三四市行预目上去前全同年序时平\d“”\"十改本原计预]|世界|全球|国家)[^，。；]{0,14}$|(?:同比|环比|年均)$"
    r"|(?:高于|低于|快于|慢于|优于|高出|低出|超出?|领先|落后)(?:于)?[^，。；]{0,14}(?:平均(?:水平|值)?|均值|进度|预期|同期|增速|目标)$"
)
_TIMES = re.compile(
    r"(?:是|相当于|(?:为|达到?)(?=[^，。；]*(?:年|期|底|水平|平均|[省市县区州]的)))[^，。；]{1,16}的$|^[^，。；]{0,8}年(?:同期|底|末)?的$"
)
_RANKED = re.compile(
    r"(?:(?:稳?居于?|位居|位列|列|排名?在?|名列|跃居|跃?升?至|上升[至到]|提升[至到]|前移[至到]|保持|继续|均|分别|由|从|在)+"
    rf"{_COUNTRY}?|{_COUNTRY})(?:同类[^，]{{0,6}}|[市县区州地]?[市县区州]?中?|[^，、。；]{{0,8}}(?:系统|组|序列|类别|板块)|\d+个[^，]{{1,4}}中?)?(?:排名?|位次|位列|位居|居|列)?$|^[、，]?[^，、。；]{{1,8}}(?:系统|部门组|组|序列)$"
)
_HEAD = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|以上|以内|左右|其中|现有|拟(?=[组建新培引出开实举])"
    r"|同时|另外|此外|目前|截至目前|全年|今年以来|今年|去年|当年|年内|累计|共计|共|合计|总计|另有|还有|以及|以|并且?|且|和|及|与|、|已|先后|成功|再|又|也|[到至](?!位)|了|每年|每人|各(?![类级地项界种大])"
    r"|多(?![元种])|余|力争|确保|争取(?!到)|向上级?|计划(?=[新到完实再安投建培引组申])|预计|将|要|分别|对(?![接标口外比])|把|有(?!效)|全力|积极|扎实|大力|深入|持续|稳步|加快|我[国省市县区局](?!级)"
    r"|[（(，,：:\s”。·—-]|[①-⑳]|[（(]?\d{1,2}[)）.、．]|[在于到]?(?:\d{4}|[xX×]{2,4}|20[xX]{2})年(?:度|末|底)?|到?年[底末内]|截[至止][^，]{0,10}?(?:月[底末份]|[底末日前]|月)|\d{1,2}\s?(?:—|–|-|~|至|到)\s?\d{1,2}月份?|\d{1,2}月[份底末]?|[一二三四五六七八九十]是)+"
)
_GOES_ON = "[率量额度型期费者区库池]|强度|产出|机构|平台|中心|基地|规模|金额"
_LEADING_VERB = re.compile(
    rf"(?:{_any([*LIGHT, *EVENTS])})(?!{_GOES_ON})|新(?:增|建|认定|获批|设立|引进)(?=平台|机构|中心|基地)"
    r"|获(?![奖评])|有(?![效机色限偿])|近|约|的"
)
_LIGHT_ONLY = re.compile(rf"^(?:{_any(LIGHT)}|获)+$")
_CIRCUMSTANCE = re.compile(
    r"^(?:在|通过|围绕|利用|依托|按照|针对|根据|以)[^的]{0,40}?(?:上|中|下|方面|领域|内|里|间|后|前)(?=[\u4e00-\u9fff])"
)
_CJK_END = re.compile(r"[\u4e00-\u9fffA-Za-z”》)）]$")
_PLACE_ONLY = re.compile(
    rf"^(?:在|占|居|列|位|于|距|较|{_COUNTRY}|第|排名?|前|的|位次|名次|上升|稳|均|分别|增长|增速)+$"
)
_TIME_ONLY = re.compile(
    r"^(?:(?:前|头|近|过去|未来)?[一二三四五六七八九十两几]{1,3}个?(?:季度|年|月)|[上下]半年|全年|今年|去年|上年|当年|当月|年均|平均|累计|来|(?:上年|去年|前年|上月|历史)?同期|上季|上月|全国|[“\"]?十[一二三四五六]五[”\"]?(?:以来|期间|时期|末)?|第[一二三四五六七八九十\d]{1,3}[批期轮次个届])+$"
)
_SUCH_AS = re.compile(r"等(?!级|奖|次|效|额|值|方)")


def behind(tail: str) -> str:
    """The noun phrase that a figure counts, directly behind it: (529个)研究开发项目; empty if none begins there."""
    of = _OF.match(tail)
    tail = tail[of.end() :] if of else tail
    found = _PHRASE.match(tail)
    if found is None or _OPENING.match(tail) or tail[0] in "和及与或、" or re.match(CHANGE_WORDS, tail):
        return ""
    if _MILESTONE.match(tail) or tail[0] in "（(":
        return ""
    phrase = found[0]
    if phrase in _CHANGED_ALONE:
        return ""
    stop = _STOP.search(phrase, 1)
    phrase = phrase[: stop.start()] if stop else phrase
    link = _LINKS.search(phrase, 2)
    if link and _OPENING.match(phrase, link.end()):
        phrase = phrase[: link.start()]
    return _of_parts(phrase.rstrip('和及与“‘"-－'))


_CHANGED_ALONE = frozenset("增降减涨升提快高低跌占")
_GIVING = re.compile(
    r"(?:用好|用足|使用|发行|筹集|统筹|盘活|管好|给予|安排|投入|发放|提供|设立|获得?|争取|兑现|奖励|补助|补贴|拨付|下达|落实|增加|新增)$"
)


def gives(lead: str) -> bool:
    """(给予)20万元奖励: the verb before the money leaves its name for behind."""
    return bool(_GIVING.search(lead))


_GRANTED = re.compile(r"(?:的)?[^，。；、]{0,6}?(?:资助|补助|奖励|奖金|经费|资金|支持|贴息|补贴|扶持|贷款|投资|授信)")


def is_granted(tail: str) -> bool:
    """(获)8万元资助: the money's name follows it."""
    return bool(_GRANTED.match(tail))


_COMPLETED = re.compile(
    r"完成(?:了)?(?P<what>[^，。；]{0,16}?(?:任务|目标|计划|预算|指标)数?)(?:[（(][^（）()]*[）)])?的$"
)


def completed(lead: str) -> str:
    """完成年度任务的(94%): what is completed, as words to follow the indicator."""
    found = _COMPLETED.search(lead.rstrip())
    return f"完成{found['what']}" if found else ""


_AIMED = re.compile(r"(?:的)?[年全]?[度年]?(?:工作|约束性|预期|既定)?(?:目标|任务|指标)(?![中里均都全已未没按超])")


def without_milestone(lead: str) -> str:
    """(4万亿元)台阶、达到: the word of the figure before names nothing for the next."""
    found = _MILESTONE.match(lead)
    return lead[found.end() :] if found else lead


def is_aim(tail: str) -> bool:
    """(5件)工作目标: the figure is the aim of what was named before."""
    return bool(_AIMED.match(tail))


_RECOGNISED = re.compile(
    r"(?P<who>企业|平台|单位|机构|项目|产品|团队|基地|中心|人员|个人|园区)(?P<what>(?:新获得?|获得?|新?通过|新获批)[^，。；、]{0,20}?(?:认定|认证|称号|备案|评定))"
)


def recognised(tail: str) -> str:
    """(31家)企业新获高新技术企业认定: 企业 alone says little, so what they got stands before it."""
    found = _RECOGNISED.match(tail)
    return found["what"] + found["who"] if found else ""


_BECOMING = re.compile(r"(?:成功|首次|新|被)?(?:入选|获评|认定为|评为|获批|列入|成为|当选|获得|荣获|参评|纳入|入围|获)")


def becomes(tail: str) -> bool:
    """(3家)获评绿色工厂: what they became says what was counted."""
    return bool(_BECOMING.match(tail))


def _of_parts(phrase: str) -> str:
    """科技型企业的研发费用: what is counted stands before 的 when it is a whole word, else behind."""
    head, of, rest = phrase.partition("的")
    return head if of and len(head) >= 2 else phrase if not of else rest


_DATED = re.compile(r"(?:20)?(?:\d\d|[xX×]{2,4})年?度?")


def object_of(tail: str) -> str:
    """(2人)当选中国工程院院士: without a noun of its own the figure counts what the predicate names."""
    at = 0
    if re.match(CHANGE_WORDS, tail):
        return ""
    while (verb := _OPENING.match(tail, at)) or (verb := _DATED.match(tail, at)):
        at = verb.end()
    found = _PHRASE.match(tail, at) if at else None
    if found is None:
        return ""
    stop = _STOP.search(found[0], 1)
    phrase = found[0][: stop.start()] if stop else found[0]
    return phrase if len(phrase) > 1 else ""


_BASIS = re.compile(r"^的?基础上|(?:在|比|较)[^，。；在比较]{1,24}?(?:的?基础上|的情况下|的前提下)")
_AMONG = re.compile(r"(?:在|于)[^，。；、]{1,12}?(?:排名?|位列|位居|名列|居|列|中)?$")


def ahead(lead: str, *, ranked: bool = False, rate: bool = False) -> str:
    """The noun phrase before a figure without the words that join them: 全市专利申请量达(3258件)."""
    phrase = _BASIS.sub("", _open_bracket(lead[-_REACH:].replace("*", "").rstrip()))
    phrase = _without_joins(_GAP.sub("", phrase) if rate else phrase, rate)
    if ranked:
        phrase = _without_joins(_AMONG.sub("", _RANKED.sub("", phrase)), rate)
    phrase = _HEAD.sub("", phrase)
    phrase = _CIRCUMSTANCE.sub("", phrase)
    phrase = _after_names(phrase)
    if not _CJK_END.search(phrase) or _PLACE_ONLY.match(phrase) or _TIME_ONLY.match(phrase):
        return ""
    return _without_place(phrase.strip("、，, \u3000"))


_GAP = re.compile(
    r"^的?(?:均值|平均值?|平均水平)?(?:相?差|差距)$|^[、，]?(?:增速|增幅|涨幅|降幅|总量|均|分别|比)*(?:高于|低于|快于|慢于|优于|高出|低出|超出?|领先|落后|与)[^，。；]*$"
)


def without_joins(phrase: str) -> str:
    """占GDP比重提高, 占支出的比重保持在: the share alone."""
    return _without_joins(phrase, True)


def _after_names(phrase: str) -> str:
    """A、B等企业: what they are, not who they are; nothing if the names are all there is."""
    last = None
    for found in _SUCH_AS.finditer(phrase):
        last = found
    if last is None or _closes(phrase, last.end()):
        return phrase
    return phrase[last.end() :]


def _closes(phrase: str, at: int) -> bool:
    """等 inside a bracket says nothing of what stands outside."""
    return phrase.rfind("(", 0, at) > phrase.rfind(")", 0, at) or phrase.rfind("（", 0, at) > phrase.rfind("）", 0, at)


_WHOLE = re.compile(
    r"(?:全[国省市县区州旗局]|我[国省市县区局]|[xX×]{1,3}[省市县区州])(?:共有|共计?|累计|已|新|现有|拥有)?(?=[^，]{2})(?![社性面体员人])"
)


def _without_place(phrase: str) -> str:
    """全市高新技术企业: the scope is told apart."""
    return _WHOLE.sub("", phrase, count=1) if _WHOLE.match(phrase) else phrase


def _without_joins(phrase: str, rate: bool) -> str:
    while True:
        cut = _TIMES.sub("", phrase) if rate else phrase
        cut = cut[:-_SHORT] + _TAIL.sub("", cut[-_SHORT:])
        cut = _CHANGED.sub("", cut)
        if rate:
            cut = _CHANGED_SHORT.sub("", cut)
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
    return phrase[max(phrase.rfind(")"), phrase.rfind("）")) + 1 :] if depth else phrase


_PROCESS = re.compile(
    r"(?:力争|争取|确保|计划|预计|[，、,已并且其中共各被的可\s])*(?P<what>(?:获批|批准)?立项|获批|终止|中止|延期|撤销|授权|通过认定|认定|通过|办结|完成|录用|采用|签约|到位|开工|竣工|投产|落地|结题|验收|受理|获奖"
    r"|入库|整改|查处|上市|评审|公示)(?:了|达|为|共|近|约)*"
)


def process(lead: str) -> str:
    """(申报20项，)立项(10项): a step of what was named before, no thing of its own."""
    found = _PROCESS.fullmatch(lead.strip())
    return found["what"] if found else ""


_STEPS_BEFORE = re.compile("(?:申请量?|申报|受理|签约|立项|推荐)$")


def step(head: str, what: str) -> str:
    """专利申请 and 授权 are 专利授权, 科技计划 and 立项 are 科技计划立项."""
    return _STEPS_BEFORE.sub("", head) + what


_FUNCTION = frozenset("了的和与及为在到至上下中内外前后多余各每等")


def noun_in(phrase: str) -> str:
    """The phrase without the verbs before it; 培训班, 开工率 and 立案 stay, 组织 and 共推荐 leave nothing."""
    noun = phrase
    while verb := _LEADING_VERB.match(noun):
        if verb.end() > len(noun) - 2:
            break
        noun = noun[verb.end() :]
    return "" if _LIGHT_ONLY.match(noun) or noun in _FUNCTION else noun


_MEASURE_END = re.compile(f"(?:{_any(MEASURE_NAMES)})$")
_MEMBERS = re.compile(r"、|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})")


def coordinated(phrase: str) -> list[str]:
    """高技术制造业、装备制造业增加值: each member with what the last one names for all of them."""
    parts = [part for part in _MEMBERS.split(phrase) if part]
    if len(parts) < 2:
        return [phrase]
    last = parts[-1]
    if not _MEASURE_END.search(last):
        return parts
    return [part if _MEASURE_END.search(part) else part + _common(part, last) for part in parts[:-1]] + [last]


def _common(part: str, last: str) -> str:
    """What follows in the last member where it stops being like this one: by its last character, else its length."""
    alike = last.rfind(part[-1])
    if 0 <= alike < len(last) - 1:
        return last[alike + 1 :]
    measure = _MEASURE_END.search(last)
    if len(part) < len(last) - 1 and len(part) <= 4:
        return last[len(part) :]
    return measure[0] if measure else ""

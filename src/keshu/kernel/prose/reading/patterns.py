"""What a number looks like in a text, and what else begins with a digit, a numeral or 第 and measures nothing."""

from __future__ import annotations

import re

NUMERALS = "〇零一二两三四五六七八九十百千万亿"
TO = r"[ \u3000]?(?:—{1,2}|–|－|-|~|～|至|到)[ \u3000]?"
YEAR = r"(?:(?:19|20)(?:\d\d|[xX×]{1,2}))"
BORDER = "，。；、,;：:！？!?\n\r）)"

#: every place where something may begin that is a figure or has to be passed as a whole
START = re.compile(r"[0-9xX×_＿○◯□*〇一二两三四五六七八九十百千万亿第《“\"‘hw]")

SCALE = (
    r"(?:万亿|[十百千]?[万亿]|十(?![分足一二三四五六七八九几多余来])|百(?![分年强佳日优])"
    r"|千(?![瓦米克伏卡焦帕赫字安兆]))"
)
DIGITS = r"(?:\d{1,3}(?:[,，]\d{3})++(?!\d)(?:\.\d+)?|\d{1,3}(?:[ \u3000\u00a0]\d{3})++(?![\d.])|\d++(?:\.\d++)?)"
SLOT = r"(?:[xX]++(?:\.[xX]++)?|×++(?:\.×++)?|0\.(?:[xX]++|×++)|[_＿]{2,}+|[○◯]++|□++|\*{2,}+)"
#: 92. 4亿元, 9 . 6%, 12。3%, 1 00%: a slip of the typist inside the number; only before what takes decimals
SLIP = (
    r"(?=\d{1,6}(?:[ \u3000]|\.[ \u3000]|。))"
    r"(?:\d{1,6}(?:[ \u3000]?\.[ \u3000]|[ \u3000]\.)\d{1,4}(?=[ \u3000]?(?:%|‰|个百分点|[万亿]|美?元|公顷|公里|平方|吨|千瓦|亩))"
    r"|(?:(?<=[到达为至加少超过约近])|(?<=[到达为至加少超过约近][ \u3000]))\d{1,6}[ \u3000]?\.[ \u3000]\d{1,4}"
    r"|\d{1,6}。\d{1,4}(?=[ \u3000]?(?:%|‰|个百分点|[万亿]美?元))"
    r"|\d{1,2}[ \u3000]0\d?(?=[ \u3000]?%)|(?<=[长达为到率占降升至])\d{1,2}[ \u3000]\d{1,2}(?:\.\d++)?(?=[ \u3000]?%))"
)
QUANTITY = re.compile(
    rf"(?P<number>{SLIP}|{SLOT}|{DIGITS})(?P<space>[ \t\u3000\u00a0]{{0,2}})"
    rf"(?:(?P<scale>{SCALE})(?P<more>\d+[千百十万]?(?:\d+[百十]?)?(?=[万亿]?[多余几]?[\u4e00-\u9fff]))?)?"
    rf"(?P<infix>[多余几]|[+＋](?!\d)|)(?P<space2>[ \u3000]{{0,2}})(?P<scale2>(?:万亿|[万亿])?)"
)
NUMERAL = re.compile(
    r"(?P<number>(?:[〇零一二两三四五六七八九十百万亿]|千(?![瓦米克伏卡焦帕赫字]))++(?:点[〇零一二三四五六七八九]++)?)(?P<infix>[多余几]?)(?P<scale>[万亿]{0,2})"
)
PERCENT = re.compile(
    rf"(?P<of>[百千]分之)(?P<number>(?:[{NUMERALS}]++(?:点[〇零一二三四五六七八九]++)?)|\d++(?:\.\d++)?)"
)
RATIO = re.compile(r"(?P<number>\d++(?:\.\d++)?)\s?[:：∶比]\s?1(?![\d.:：∶])")
RANK = re.compile(r"第\s?(?P<number>\d++|[一二三四五六七八九十百]++|[xX×]++)(?P<unit>[ \u3000]?(?:位(?!于)|名(?!单)))?")
#: 第3.2条, 第3-5页
SECTION = re.compile(r"第\s?\d++(?:(?:\.|-|—|~)\d++)++[\u4e00-\u9fff]?")
RANK_BEFORE = re.compile(
    r"(?:居|列|排|升至|升到|升为|跃至|前移至|退居|降至|位次|名次|世界|全球|全[国省市区县州自]|[省市区县州国]|占)[^，。；,;\n]{0,10}$"
)
RANK_AFTER = re.compile(rf"[{BORDER}”\"]|的|、|$|\s")
ORDINAL_TAIL = re.compile(
    "(?:个|届|批|次|期|季度|轮|章|条|款|项|号|部分|阶段|版|季|场|方阵|方|产业|代|集|类|线|者|站|家|大|年|天|层次|梯队|步|[^，。；,;\\s])?"
)

#: what begins with a digit and is a date, a clock time, a version, a plan's name, a scale of several numbers
DATED = re.compile(
    rf"{YEAR}\s?(?:年(?:度|末|底)?)?{TO}{YEAR}(?:\s?(?:年度|财年|学年|年))?(?!\d)"
    rf"|{YEAR}\s?(?:年度?|财年|学年)|{YEAR}(?=力争|[〕】\]）)])"
    rf"|{YEAR}[-./](?:0?[1-9]|1[0-2])(?:[-./]\d{{1,2}})?(?![\d%万亿千元家项件个人吨倍])"
    rf"|\d{{1,2}}\s?(?:[日号]\s?)?(?:(?:{TO}|、)\d{{1,2}}\s?)?月(?:份|\s?\d{{1,2}}(?:(?:{TO}|[、和])(?:\d{{1,2}}\s?月\s?)?\d{{1,2}})?\s?[日号]|[底末初上中下]旬?)?"
    rf"|\d{{1,2}}(?:(?:{TO}|、)\d{{1,2}})?\s?日(?![均元产供处游接最])"
    r"|\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?![\d.:：])|\d{1,2}时(?:\d{1,2}分|整|许)"
    r"|\d{1,2}[·•．]\d{1,2}(?!\d)|\d+(?:[+＋×*∶:：/]\d+){2,}+(?:[+＋][NnXx])?|\d+(?:[+＋]\d+){0,6}+[+＋][NnXx]|\d+(?:[+＋×*]|/(?!10万)|[xX](?=\d))\d+"
    r"|1[:：∶](?!1(?![\d.]))\d+(?:\.\d+)?(?![:：∶])|\d+\.\d+\.[\d.]+|\d+(?:\.\d+)?(?:[:：∶]\d+(?:\.\d+)?){2,}"
)
MASKED = re.compile(
    r"(?:[xX×_]{1,16}+(?:(?:—|–|-|~|至|、)[xX×_]{1,16}+)?\s?(?:年度?|月份?|日|号|时|届)|[xX×]{1,4}+[+＋][xX×+＋]{1,8}+)"
)
#: the fourteenth plan, the twentieth congress, months and days, fractions, rough counts
NUMERAL_NAMES = re.compile(
    r"[一二三四五六七八九十]{1,3}[月日号大届](?!幅|力|量)|[一二三四五六七八九十]++分之[一二三四五六七八九十]++|[〇○零一二三四五六七八九]{4}年"
    r"|十[一二三四五六]五|百分[百点比制]|[千百]家万户|千军万马|千[山言]万|千方百计|千头万绪|千真万确|百[家花]争|百分数|百尺|千篇一律|一五一十"
    r"|一成不变|一家一户|三[三两]两|一二三产|千[万百人]?万?(?:工程|计划|行动)|[百千]万工程|百千万|千万(?:别|不|要)|百[强佳年日姓货]|千[年强里秋古克瓦米]"
)
TITLE = re.compile(r"《[^《》\n]{0,80}》")
QUOTED = re.compile(r"“[^“”，。；！\n]{0,30}”|‘[^‘’，。；！\n]{0,30}’|\"[^\"，。；！\n]{0,16}\"")
ADDRESS = re.compile(r"(?:https?:|www\.)[^\s\u4e00-\u9fff，。；]{0,200}")
LIST_MARK = re.compile(r"\d{1,2}\s?[、.．)）](?!\d)")
LETTERS = re.compile(r"[A-Za-zα-ω]")
#: between a number and its unit a page may end: its number, alone on a line, belongs to neither
DEBRIS = re.compile(
    r"[ \t]*\r?\n[ \t]*(?P<page>(?:[-—–]\s?\d{1,3}\s?[-—–]|第\s?\d{1,3}\s?页|\d{1,3}[、.]?)[ \t]*(?:\r?\n)?[ \t]*)?"
    rf"(?P<scale>{SCALE}?)(?=[\u4e00-\u9fff%])"
)
TO_NEXT = re.compile(rf"{TO}(?=\d)")
TO_NUMERAL = re.compile(rf"(?:—|-|至|到)(?=[{NUMERALS}])")
ALSO = re.compile(r"[、和及与](?=\d)")
BEFORE = re.compile(
    r"(?P<about>大约|(?<![签预合节制])约为?|接近|将近|(?<![远附])近|估计)$"
    r"|(?P<over>超过|超额?|突破|高于|多于|大于|不低于|不少于|不小于|至少|逾|[跃跨迈登站再]上|(?<![以之史会])上)$"
    r"|(?P<under>不足|不到|低于|少于|小于|不高于|不超过|至多)$"
)
AFTER = re.compile(
    r"(?P<about>左右|上下)|(?P<over>[及或]?以上|多(?![元样种边项方层])|余|开外)|(?P<under>以内|以下|之内|内(?![部容生外蒙陆需]))"
)
#: 5个多百分点: the word goes on behind 多
AND_MORE = re.compile(r"[多余](?P<word>月|百分点|小时|工作日|季度)")
#: 八成五, and what may stand behind it
HALF_TENTH = re.compile(rf"[一二三四五六七八九](?=[{BORDER}]|的|以上|左右|以下|$)")
#: 浏览次数：1,284次 belongs to the page and not to the text
PAGE_COUNT = re.compile(r"(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?[:：][ \t\u3000]*$")
#: the other figure of a comparison, without a unit: (全省)2.4的均值
BENCHMARK = re.compile(r"的(?:均值|平均|水平|目标)")
#: 呼吸机3台、CT2台: an abbreviation of a thing, not the name of a model
DEVICE = re.compile(r"(?:^|[^A-Za-z0-9.+-])[A-Z]{2,4}$")
GOES_ON = re.compile(r"[\u4e00-\u9fff]{0,4}[到至为]\d")

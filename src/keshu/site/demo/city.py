"""The places, sections and accounts of the demo city."""

from datetime import date

from keshu.bureau.places.services import PlaceSpec

CITY = "990100"
COUNTY = "990121"  # 青岩县: the small one, about thirty rows a year
PARK = "990171"  # 高新区, where the first enterprise of the demo is
SINCE = date(2000, 1, 1)
PROVINCE = "990000"

_DISTRICTS = (
    ("990102", "江川区", "county", ("江川",)),
    ("990103", "临湖区", "county", ("临湖",)),
    ("990121", "青岩县", "county", ("青岩",)),
    ("990122", "石门县", "county", ("石门",)),
    ("990123", "白沙县", "county", ("白沙",)),
    ("990171", "云岭高新区", "zone", ("高新区", "云岭高新技术产业开发区", "云岭市高新区")),
)
_TOWNS = {
    "990102": ("东街街道", "南门街道", "北渡街道", "柳塘镇", "和溪镇"),
    "990103": ("湖滨街道", "望湖街道", "菱浦镇", "荷塘镇"),
    "990121": ("城关镇", "岩前镇", "茶坪乡", "竹源乡"),
    "990122": ("石门镇", "双溪镇", "枫林乡", "高坪乡"),
    "990123": ("白沙镇", "渔港镇", "沙洲乡"),
    "990171": ("创新街道", "软件园街道"),
}
SECTIONS = ("办公室", "计财科", "高新科", "成果科", "农社科", "知识产权科", "人才科")


def places() -> list[PlaceSpec]:
    """Province, city, districts, towns; the bureau with its sections."""
    specs = [
        PlaceSpec(PROVINCE, "云中省", "province", "", aliases=("全省", "省")),
        PlaceSpec(CITY, "云岭市", "city", PROVINCE, aliases=("云岭", "市本级", "全市")),
    ]
    specs += [PlaceSpec(code, name, kind, CITY, aliases=aliases) for code, name, kind, aliases in _DISTRICTS]
    for county, towns in _TOWNS.items():
        specs += [PlaceSpec(f"{county}{n:03d}", town, "town", county) for n, town in enumerate(towns, 1)]
    return specs


def district_codes() -> list[str]:
    return [code for code, *_ in _DISTRICTS]


def town_codes(county: str) -> list[str]:
    return [f"{county}{n:03d}" for n in range(1, len(_TOWNS[county]) + 1)]


#: (account, person, role, place, sections); the password of all is shown on the sign-in page of the demo
ACCOUNTS = (
    ("sysadmin", "沈维", "system", CITY, ()),
    ("secadmin", "韩慎", "security", CITY, ()),
    ("auditor", "陆审", "audit", CITY, ()),
    ("director", "方正", "director", CITY, ()),
    ("deputy", "林远", "deputy", CITY, ("高新科", "成果科", "计财科")),
    ("office", "苏文", "office", CITY, ()),
    ("head", "高明", "head", CITY, ("高新科",)),
    ("clerk", "周经", "clerk", CITY, ("高新科", "成果科")),
    ("county", "岳青", "county", COUNTY, ()),
    ("park", "高园", "county", PARK, ()),
    ("finance", "金算", "finance", CITY, ()),
    ("head2", "柳青", "head", CITY, ("农社科", "成果科", "计财科")),
    ("clerk-agri", "田禾", "clerk", CITY, ("农社科",)),
    ("clerk-plan", "钱立", "clerk", CITY, ("计财科",)),
)

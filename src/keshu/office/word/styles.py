"""Styles, settings and fonts of the document; every paragraph refers to one of these styles."""

from __future__ import annotations

from .inline import fonts, look
from .layout import CHARACTER, LINE, SQUEEZE
from .model import Face
from .ooxml import Element, w

HEADING_FACES = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG, 4: Face.FANG}

# For machines without the official faces: the English name, panose and the family that Word falls back to.
_FONT_TABLE = (
    (Face.FANG, "FangSong_GB2312", "02010609030101010101", "modern"),
    (Face.KAI, "KaiTi_GB2312", "02010609030101010101", "modern"),
    (Face.HEI, "SimHei", "02010609060101010101", "modern"),
    (Face.TITLE, "FZXiaoBiaoSong-B05S", "02010601030101010101", "auto"),
    (Face.SONG, "SimSun", "02010600030101010101", "auto"),
)


def _style(style: str, name: str, *properties: Element | None, based: str = "Normal", following: str = "") -> Element:
    return w(
        "style",
        w("name", val=name),
        w("basedOn", val=based) if style != "Normal" else None,
        w("next", val=following) if following else None,
        w("qFormat"),
        *properties,
        type="paragraph",
        styleId=style,
        **({"default": 1} if style == "Normal" else {}),
    )


def _normal() -> Element:
    paragraph = w(
        "pPr",
        w("widowControl", val=0),  # or pages would end after 21 lines
        w("kinsoku"),
        w("overflowPunct", val=0),
        w("autoSpaceDE", val=0),  # Word's quarter space before a digit breaks the 28 characters
        w("autoSpaceDN", val=0),
        w("spacing", before=0, after=0, line=LINE, lineRule="exact"),
        w("jc", val="both"),
    )
    return _style("Normal", "Normal", paragraph, w("rPr", w("spacing", val=SQUEEZE)))


def _heading(level: int) -> Element:
    paragraph = w(
        "pPr",
        w("keepNext"),
        w("keepLines"),
        w("ind", firstLine=2 * CHARACTER),
        w("jc", val="left"),
        w("outlineLvl", val=level - 1),
    )
    return _style(f"Heading{level}", f"heading {level}", paragraph, look(HEADING_FACES[level]), following="BodyText")


def styles() -> Element:
    defaults = w(
        "docDefaults",
        w(
            "rPrDefault",
            w(
                "rPr",
                fonts(Face.FANG),
                w("color", val="000000"),
                w("kern", val=0),
                w("sz", val=32),
                w("szCs", val=32),
                w("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"),
            ),
        ),
        w("pPrDefault"),
    )
    centred = w("jc", val="center")
    return w(
        "styles",
        defaults,
        _normal(),
        _style("BodyText", "Body Text", w("pPr", w("ind", firstLine=2 * CHARACTER))),
        *(_heading(level) for level in (1, 2, 3, 4)),
        _style(
            "Title",
            "Title",
            w("pPr", w("keepLines"), w("snapToGrid", val=0), centred),
            look(Face.TITLE, 22),
            following="BodyText",
        ),
        _style("Subtitle", "Subtitle", w("pPr", w("jc", val="center")), look(Face.KAI), following="BodyText"),
        _style("Cell", "Table Text", w("pPr", w("snapToGrid", val=0)), look(spacing=0)),
        _style("Footer", "footer", w("pPr", w("snapToGrid", val=0), w("spacing", line=280, lineRule="exact"))),
    )


def settings() -> Element:
    compat = w("compat", w("doNotExpandShiftReturn"), w("adjustLineHeightInTable"), w("useFELayout"))
    compat.append(
        w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15),
    )
    return w(
        "settings",
        w("zoom", percent=100),
        w("bordersDoNotSurroundHeader"),
        w("bordersDoNotSurroundFooter"),
        w("defaultTabStop", val=2 * CHARACTER),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="doNotCompress"),
        compat,
        w("themeFontLang", val="en-US", eastAsia="zh-CN"),
    )


def font_table() -> Element:
    return w(
        "fonts",
        *(
            w(
                "font",
                w("altName", val=other),
                w("panose1", val=panose),
                w("charset", val="86"),
                w("family", val=family),
                w("pitch", val="default"),
                name=face.value,
            )
            for face, other, panose, family in _FONT_TABLE
        ),
    )

"""How Chinese names are read, for sorting and searching by pinyin."""

import re
from collections.abc import Mapping

PLACE_READINGS: Mapping[str, str] = {
    "长沙": "chang sha", "长子县": "zhang zi xian", "单县": "shan xian", "乐清": "yue qing", "乐亭": "lao ting",
    "乐陵": "lao ling", "蚌埠": "beng bu", "六安": "lu an", "六合区": "lu he qu", "亳州": "bo zhou",
    "台州": "tai zhou", "天台县": "tian tai xian", "丽水": "li shui", "大埔县": "da bu xian", "番禺": "pan yu",
    "荥阳": "xing yang", "荥经": "ying jing", "洪洞": "hong tong", "井陉": "jing xing", "蔚县": "yu xian",
    "莘县": "shen xian", "郓城": "yun cheng", "隰县": "xi xian", "浚县": "xun xian", "盱眙": "xu yi",
    "铅山": "yan shan", "歙县": "she xian", "黟县": "yi xian", "枞阳": "zong yang", "涡阳": "guo yang",
    "砀山": "dang shan", "尉犁": "yu li", "尉氏": "wei shi", "大城县": "dai cheng xian", "任丘": "ren qiu",
    "任城": "ren cheng", "任泽": "ren ze", "冠县": "guan xian", "什邡": "shi fang", "犍为": "qian wei",
    "筠连": "yun lian", "珙县": "gong xian", "吴堡": "wu bu", "柞水": "zha shui", "句容": "ju rong",
    "泌阳": "bi yang", "渑池": "mian chi", "武陟": "wu zhi", "漯河": "luo he", "长垣": "chang yuan",
    "长治": "chang zhi", "厦门": "xia men", "东莞": "dong guan", "东阿": "dong e", "牟平": "mu ping",
    "中牟": "zhong mu", "会稽": "kuai ji", "阿克苏": "a ke su", "阿勒泰": "a le tai", "喀什": "ka shi",
    "和田": "he tian", "重庆": "chong qing", "都匀": "du yun", "都昌": "du chang", "巴音郭楞": "ba yin guo leng",
    "繁峙": "fan shi", "牟定": "mou ding", "宕昌": "dang chang", "华阴": "hua yin", "华县": "hua xian",
    "库尔勒": "ku er le", "策勒": "ce le", "乌什": "wu shi", "阿图什": "a tu shi", "塔什库尔干": "ta shi ku er gan",
    "伽师": "jia shi", "疏勒": "shu le", "克拉玛依": "ke la ma yi", "乌鲁木齐": "wu lu mu qi",
}  # fmt: skip
"""Readings of place names that a general dictionary gets wrong or gives only without context."""

_PLACES = re.compile("|".join(sorted(map(re.escape, PLACE_READINGS), key=len, reverse=True)))


def pinyin_of(name: str, override: str | None = None) -> str:
    """The reading of an organization's or place's name: lower-case syllables without tones, one space apart.

    Latin letters and digits stay, in lower case; marks vanish. `override` is the owner's own reading and wins.

    Example: "乐清市环境监测站" gives "yue qing shi huan jing jian ce zhan".
    """
    if override is not None and override.strip():
        return " ".join(_syllables([override]))
    parts: list[str] = []
    position = 0
    for place in _PLACES.finditer(name):
        parts += _read(name[position : place.start()])
        parts.append(PLACE_READINGS[place.group()])
        position = place.end()
    return " ".join(_syllables(parts + _read(name[position:])))


def initials_of(pinyin: str) -> str:
    """The first letters of a reading, as people type them to search: "yue qing shi" gives "yqs"."""
    return "".join(syllable if syllable.isdigit() else syllable[0] for syllable in pinyin.split())


def _read(text: str) -> list[str]:
    """The dictionary's readings; it takes a second to load, so a process that reads no name does without."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin(text)


def _syllables(parts: list[str]) -> list[str]:
    return [word for part in parts for word in re.sub(r"[^\w]|_", " ", part.lower()).split()]

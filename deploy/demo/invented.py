"""Names, numbers and codes that nobody bears, always the same for the same place in the list."""

from datetime import date, timedelta
from hashlib import sha256

from hengjian.tenants.domain.identifiers import (
    credit_code_check_digit,
    identity_check_digit,
    organization_code_check_digit,
)

SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭鲁"
GIVEN = (
    "建疆", "晓燕", "志远", "雪莲", "卫国", "丽娟", "天宇", "春梅", "海涛", "玉洁", "文博", "秀英", "子轩", "静怡", "永强",
    "敏", "浩然", "婷", "长河", "月华", "国栋", "倩", "明轩", "凤霞", "鹏飞", "慧", "世杰", "红梅", "俊", "思源",
)  # fmt: skip
STEPPE_NAMES = (
    "阿里木·买买提", "古丽娜尔·艾山", "叶尔兰·托合塔尔", "麦迪娜·吐尔逊", "巴图·那森", "努尔兰·哈力克",
    "热依汗·阿不都", "乌兰·别克", "迪丽达尔·卡德尔", "艾力江·玉素甫",
)  # fmt: skip
BRANDS = (
    "胡杨", "红柳", "雪豹", "梭梭", "沙枣", "驼铃", "云杉", "苍鹰", "冰湖", "石榴籽", "骏马", "白杨林", "旱獭", "沙棘",
    "北鲵", "野蔷薇", "棉海", "葡萄沟", "金雕", "雅丹",
)  # fmt: skip
TRADES = (
    "热电", "化工", "水泥", "纺织", "番茄制品", "污水处理", "焦化", "铝业", "造纸", "建材", "乳业", "制药", "钢铁", "供热",
)  # fmt: skip
WATER_FACTORS = (["COD", "氨氮"], ["COD", "氨氮", "总磷"], ["COD", "氨氮", "总磷", "总氮", "pH", "流量"])
GAS_FACTORS = (["二氧化硫", "氮氧化物", "颗粒物"], ["二氧化硫", "氮氧化物", "颗粒物", "氧含量"], ["非甲烷总烃"])


def person_name(number: int) -> str:
    """A name for the person of that number."""
    if number % 9 == 4:
        return STEPPE_NAMES[number // 9 % len(STEPPE_NAMES)]
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[(number * 11 + number // 40) % len(GIVEN)]


def identity_number(number: int) -> str:
    """An identity number with a right check character that was never issued: its serial is 000."""
    born = date(1968, 3, 1) + timedelta(days=number * 13)
    body = f"650102{born:%Y%m%d}000"
    return body + identity_check_digit(body)


def wrong_identity_number(number: int) -> str:
    """The same with a wrong check character."""
    right = identity_number(number)
    return right[:17] + ("1" if right[17] != "1" else "2")


def credit_code(number: int, region: str, *, department: str = "91") -> str:
    """A credit code with right check characters whose inner code (DEM…) was never issued."""
    inner = f"DEM{number:05d}"
    body = f"{department}{region:0<6}{inner}{organization_code_check_digit(inner)}"
    return body + credit_code_check_digit(body)


def discharger(number: int, city: str) -> tuple[str, str]:
    """Name and credit code of a discharger in a city."""
    place = {"6501": "乌鲁木齐", "6502": "克拉玛依"}[city]
    name = f"{place}{BRANDS[number * 3 % len(BRANDS)]}{TRADES[number % len(TRADES)]}有限公司"
    return name, credit_code(10_000 + number, f"{city}00")


def mn(number: int) -> str:
    """A logger's mark: fourteen digits for every third, twenty-four hexadecimal characters for the others."""
    if number % 3 == 0:
        return f"65000000{number:06d}"
    return sha256(f"demo logger {number}".encode()).hexdigest()[:24].upper()


def plate(number: int, city: str) -> str:
    """A number plate of the city, every fourth of a new-energy car."""
    letter = {"6501": "A", "6502": "J"}[city]
    return f"新{letter}D0{number:04d}" if number % 4 == 3 else f"新{letter}0D{number:03d}"

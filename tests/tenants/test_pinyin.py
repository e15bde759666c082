import pytest

from hengjian.tenants.domain.pinyin import initials_of, pinyin_of


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("长沙市监测站", "chang sha shi jian ce zhan", "cssjcz"),
        ("乐清环保", "yue qing huan bao", "yqhb"),
        ("单县", "shan xian", "sx"),
        ("天衡（HJ）环境-2 公司", "tian heng hj huan jing 2 gong si", "thhhj2gs"),
        ("", "", ""),
    ],
)
def test_names_are_read_as_their_places_are(name: str, pinyin: str, initials: str) -> None:
    """Places with an unusual reading sort where people look for them; marks vanish, letters and digits stay."""
    assert pinyin_of(name) == pinyin
    assert initials_of(pinyin) == initials


def test_the_owner_s_own_reading_wins() -> None:
    """An organization knows how its name is read; an empty override is none."""
    assert pinyin_of("重山公司", "Zhong Shan gongsi") == "zhong shan gongsi"
    assert pinyin_of("长沙", "  ") == "chang sha"

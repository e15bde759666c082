"""What is wrong with a request that does not fit the schema: where, and in Chinese too.

graphql-core words such errors in English and quotes the whole object around the mistake; senders get the place as a
path of its own, Chinese words, and no copy of the row.
"""

import re
from collections.abc import Callable

_PLACE = re.compile(
    r"Variable '\$(?P<name>\w+)' has invalid value(?: at (?P<path>[^:\s]+))?: (?P<reason>.*)", re.DOTALL
)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_QUOTED_OBJECT = re.compile(r"[.,] [Ff]ound: [{\[].*", re.DOTALL)
_MEANT = re.compile(r" Did you mean (.+?)\?")
_KINDS = {
    "String": "文字（加引号）",
    "Int": "整数",
    "Boolean": "true 或 false",
    "Float": "数字",
    "ID": "文字（加引号）",
}
_REASONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Expected value of type '\w+!?' not to include unknown field '(\w+)'"), lambda m: f"没有字段 {m[1]}"),
    (re.compile(r"Expected value of type '\w+!?' to include required field '(\w+)'"), lambda m: f"缺少必填字段 {m[1]}"),
    (re.compile(r"Expected a? ?value of non-null type"), lambda _: "不能为空（null），也不能缺"),
    (re.compile(r"Expected value of type '\w+!?' to be an object"), lambda _: "应为对象 {…}"),
    (
        re.compile(r"(String|Int|Boolean|Float|ID) cannot represent .*?: (.*)", re.DOTALL),
        lambda m: f"应为{_KINDS[m[1]]}，收到 {m[2][:60]}",
    ),
    (re.compile(r"Value '(.{0,60}).*?' does not exist in '(\w+)' enum"), lambda m: f"{m[1]} 不在 {m[2]} 的可选值之内"),
    (re.compile(r"Enum '(\w+)' cannot represent non-enum value: (.{0,60})"), lambda m: f"{m[2]} 不是 {m[1]} 的可选值"),
    (re.compile(r"Date takes .*; got (.*)", re.DOTALL), lambda m: f"日期应写作 2026-11-20 的样子，收到 {m[1]}"),
    (
        re.compile(r"DateTime takes .*; got (.*)", re.DOTALL),
        lambda m: f"时间应带时区，写作 2026-11-20T09:30:00+08:00 的样子，收到 {m[1]}",
    ),
    (re.compile(r"Decimal takes .*; got (.*)", re.DOTALL), lambda m: f'小数应写作加引号的 "49.99"，收到 {m[1]}'),
    (re.compile(r"there is no such (?:day|time): (.*)", re.DOTALL), lambda m: f"没有 {m[1]} 这一天或时间"),
    (re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"), lambda m: f"{m[2]} 没有字段 {m[1]}"),
    (re.compile(r"Unknown argument '(\w+)'"), lambda m: f"没有参数 {m[1]}"),
    (re.compile(r"Unknown type '(\w+)'"), lambda m: f"没有类型 {m[1]}"),
    (re.compile(r"Unknown operation named '(\w+)'"), lambda m: f"没有名为 {m[1]} 的操作"),
    (re.compile(r"Syntax Error: (.*)", re.DOTALL), lambda m: f"查询文本的语法有误：{m[1][:120]}"),
)


def brief(message: str) -> str:
    """graphql-core's words without the object that it quotes.

    >>> brief("Expected value of type 'PersonInput' to include required field 'name', found: {'sourceRef': '1'}.")
    "Expected value of type 'PersonInput' to include required field 'name'."
    """
    return _QUOTED_OBJECT.sub(".", message)


def input_path(message: str) -> list[str]:
    """Where the value stands in the variables, as `problems.path` has it; empty when it is no variable.

    >>> input_path("Variable '$input' has invalid value at .rows[0].hiredOn: there is no such day: 2026-02-30")
    ['input', 'rows', '0', 'hiredOn']
    """
    found = _PLACE.match(message)
    if found is None:
        return []
    return [found["name"], *(name or index for name, index in _STEP.findall(found["path"] or ""))]


def in_chinese(message: str) -> str:
    """The same in Chinese; what we have no words for stays in English behind a Chinese beginning.

    >>> in_chinese("Variable '$input' has invalid value at .rows[0].sourceRef: "
    ...            "String cannot represent a non string value: 17")
    'input.rows.0.sourceRef：应为文字（加引号），收到 17。'
    """
    found = _PLACE.match(message)
    reason = brief(found["reason"] if found else message)
    said = next((words(hit) for known, words in _REASONS if (hit := known.match(reason))), "")
    meant = _MEANT.search(message)
    if said and meant:
        said = f"{said}；是不是 {meant[1].replace(', or ', '、').replace(' or ', '、').replace(', ', '、')}"
    place = ".".join(input_path(message))
    return f"{place + '：' if place else ''}{said or '与接口定义不符：' + reason}".rstrip("。.") + "。"

"""What can be wrong with one row of a register: stable codes, with words for people in Chinese and English."""

from dataclasses import dataclass
from enum import StrEnum


class IssueKind(StrEnum):
    """The family of an issue, so that a sender can react without knowing each code."""

    NOT_PROVIDED = "NOT_PROVIDED"
    NOT_ALLOWED = "NOT_ALLOWED"
    INVALID_FORMAT = "INVALID_FORMAT"
    INVALID_VALUE = "INVALID_VALUE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of one row.

    `path` leads from the row to the field in the API's own names. A warning is told and the row is kept. `expected`
    and `got` are short and never hold a whole personal number.
    """

    path: tuple[str, ...]
    code: str
    expected: str = ""
    got: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class IssueText:
    """What a code means and what to do about it. `{expected}` and `{got}` stand for the facts of the case."""

    kind: IssueKind
    zh: str
    en: str
    hint_zh: str
    hint_en: str


def _text(kind: IssueKind, zh: str, en: str, hint_zh: str, hint_en: str) -> IssueText:
    return IssueText(kind, zh, en, hint_zh, hint_en)


_FORMAT, _VALUE, _RANGE = IssueKind.INVALID_FORMAT, IssueKind.INVALID_VALUE, IssueKind.OUT_OF_RANGE
_AS_ON_CARD = ("请与证件原件核对后重新推送本行。", "Compare with the original document and push this row again.")
_AS_ON_LICENCE = ("请与营业执照核对。", "Compare with the business licence.")
_TIDY = ("请删除该字符后重新推送本行。", "Remove it and push this row again.")

ISSUE_TEXTS: dict[str, IssueText] = {
    "VALID_FROM_MISSING": _text(
        IssueKind.NOT_PROVIDED,
        "缺少生效日期 validFrom。",
        "validFrom is missing.",
        "请填写该事项自何日起成立。",
        "Say since which day this has been true.",
    ),
    "TEXT_EMPTY": _text(
        IssueKind.NOT_PROVIDED,
        "内容为空。",
        "The text is empty.",
        "请填写内容，或不发送该字段。",
        "Give a text or leave the field out.",
    ),
    "TEXT_TOO_LONG": _text(
        _RANGE,
        "文字长 {got} 个字符，至多 {expected} 个。",
        "The text has {got} characters; at most {expected} are taken.",
        "请缩短后重新推送本行。",
        "Shorten it and push this row again.",
    ),
    "TEXT_CONTROL_CHARACTER": _text(
        _FORMAT,
        "文字含有控制字符 {got}。",
        "The text holds the control character {got}.",
        *_TIDY,
    ),
    "LIST_TOO_LONG": _text(
        _RANGE,
        "列表有 {got} 项，至多 {expected} 项。",
        "The list has {got} items; at most {expected} are taken.",
        "请拆分为多行。",
        "Split it into several rows.",
    ),
    "NUMBER_OUT_OF_RANGE": _text(
        _RANGE,
        "数值 {got} 不在 {expected} 之内。",
        "The number {got} is outside {expected}.",
        "请核对数值与单位。",
        "Check the number and its unit.",
    ),
    "DATE_OUT_OF_RANGE": _text(
        _RANGE,
        "日期 {got} 不在 {expected} 之内。",
        "The date {got} is outside {expected}.",
        "请核对年份。",
        "Check the year.",
    ),
    "DATES_REVERSED": _text(
        _VALUE,
        "结束日期 {got} 早于开始日期 {expected}。",
        "The end {got} is before the start {expected}.",
        "请核对这两个日期。",
        "Check the two dates.",
    ),
    "MONTH_NOT_ITS_FIRST_DAY": _text(
        _VALUE,
        "月份应写作该月第一日 {expected}，收到 {got}。",
        "A month is written as its first day, {expected}; got {got}.",
        "请改为该月第一日后重新推送本行。",
        "Write the first day of the month and push this row again.",
    ),
    "DUPLICATE_SOURCE_REF": _text(
        IssueKind.NOT_ALLOWED,
        "来源编号在本批次第 {got} 行已出现。",
        "The source reference already occurs in row {got} of this batch.",
        "同一来源编号每批次只发送一行；后续变化请放入下一批次。",
        "Send one row a reference in a batch; put the later change into the next batch.",
    ),
    "REFERENCE_UNKNOWN": _text(
        IssueKind.UNKNOWN_REFERENCE,
        "台账中尚无来源编号 {got}（{expected}）。本行已接收，待其登记后才会计入。",
        "The register has no {expected} with reference {got} yet. The row is kept and counts once that row arrives.",
        "请推送被引用的行，或更正来源编号。",
        "Push the row it refers to, or correct the reference.",
    ),
    "REGION_FORMAT": _text(
        _FORMAT,
        "地区代码 {got} 不是 2、4 或 6 位数字。",
        "The region code {got} is not 2, 4 or 6 digits.",
        "请使用 GB/T 2260 代码，例如 6501。",
        "Use a GB/T 2260 code such as 6501.",
    ),
    "REGION_UNKNOWN": _text(
        _VALUE,
        "地区代码 {got} 不在 GB/T 2260 名录中。本行已接收。",
        "The region code {got} is not listed in GB/T 2260. The row is kept.",
        "请核对代码；若为新设地区，请告知主管部门。",
        "Check the code; tell the bureau if the region is new.",
    ),
    "ORGANIZATION_NOT_YOURS": _text(
        IssueKind.NOT_ALLOWED,
        "该统一社会信用代码不是本机构的。",
        "This credit code is not your organization's.",
        "请推送本机构自己的信息；新机构由主管部门建立。",
        "Push your own organization; new ones are opened by the bureau.",
    ),
    "OUTSIDE_JURISDICTION": _text(
        IssueKind.NOT_ALLOWED,
        "地区 {got} 不在贵局管辖范围 {expected} 内。",
        "The region {got} is outside your jurisdiction {expected}.",
        "请由该地区的主管部门办理。",
        "Ask the bureau of that region.",
    ),
    "HOME_REGION_FIXED": _text(
        IssueKind.NOT_ALLOWED,
        "注册地区 {expected} 只能由主管部门变更。",
        "The home region {expected} is changed by the bureau only.",
        "请保持注册地区不变，并向主管部门申请变更。",
        "Leave it as it is and ask the bureau for the change.",
    ),
    "HOME_REGION_UNFIT": _text(
        _VALUE,
        "注册地区 {got} 不是现行的行政区划，不能据此建立机构。",
        "The home region {got} is no region today, so no organization can be entered there.",
        "请使用现行有效的 GB/T 2260 代码。",
        "Use a GB/T 2260 code that is in force.",
    ),
    "DUPLICATE_CREDIT_CODE": _text(
        IssueKind.NOT_ALLOWED,
        "该统一社会信用代码在本批次第 {got} 行已出现。",
        "The credit code already occurs in row {got} of this batch.",
        "同一机构每批次只发送一行。",
        "Send one row an organization in a batch.",
    ),
    "KINDS_UNFIT": _text(
        IssueKind.NOT_ALLOWED,
        "机构类别不成立：{got}。",
        "These kinds do not fit: {got}.",
        "请填写 INSTITUTION、CONTRACTOR、DISCHARGER 中的一项或多项；主管部门另行建立。",
        "Give one or more of INSTITUTION, CONTRACTOR, DISCHARGER; bureaus are opened by the operator.",
    ),
    "CREDIT_CODE_LENGTH": _text(
        _FORMAT,
        "统一社会信用代码应为 18 位，收到 {got} 位。",
        "A credit code has 18 characters; got {got}.",
        *_AS_ON_LICENCE,
    ),
    "CREDIT_CODE_CHARACTERS": _text(
        _FORMAT,
        "统一社会信用代码含有不允许的字符 {got}。",
        "The credit code holds the character {got}, which is not allowed.",
        "字母 I、O、S、V、Z 不使用；请核对 0 与 O、1 与 I。",
        "The letters I, O, S, V, Z are not used; check 0 and O, 1 and I.",
    ),
    "CREDIT_CODE_CHECK_DIGIT": _text(
        _VALUE,
        "统一社会信用代码校验位应为 {expected}，收到 {got}。",
        "The check character of the credit code should be {expected}; got {got}.",
        *_AS_ON_LICENCE,
    ),
    "CREDIT_CODE_DEPARTMENT": _text(
        _VALUE,
        "统一社会信用代码首位 {got} 不是已知的登记管理部门。本行已接收。",
        "The first character {got} of the credit code is no known department. The row is kept.",
        *_AS_ON_LICENCE,
    ),
    "CREDIT_CODE_INNER_CHECK_DIGIT": _text(
        _VALUE,
        "统一社会信用代码内的组织机构代码校验位应为 {expected}，收到 {got}。本行已接收。",
        "The inner organization code's check character should be {expected}; got {got}. The row is kept.",
        *_AS_ON_LICENCE,
    ),
    "ID_LENGTH": _text(
        _FORMAT, "身份证号应为 18 位，收到 {got} 位。", "An identity number has 18 characters; got {got}.", *_AS_ON_CARD
    ),
    "ID_CHARACTERS": _text(
        _FORMAT,
        "身份证号含有不允许的字符 {got}。",
        "The identity number holds the character {got}.",
        *_AS_ON_CARD,
    ),
    "ID_BIRTH_DATE": _text(
        _VALUE,
        "身份证号中的出生日期不成立。",
        "The date of birth in the identity number is impossible.",
        *_AS_ON_CARD,
    ),
    "ID_CHECK_DIGIT": _text(
        _VALUE,
        "身份证号校验位应为 {expected}，收到 {got}。",
        "The check digit of the identity number should be {expected}; got {got}.",
        *_AS_ON_CARD,
    ),
    "ID_REGION": _text(
        _VALUE,
        "身份证号首六位 {got} 不在名录中（可能是已撤销的区县）。本行已接收。",
        "The first six digits {got} are not listed (perhaps an abolished county). The row is kept.",
        *_AS_ON_CARD,
    ),
    "MN_LENGTH": _text(
        _FORMAT,
        "设备唯一标识 MN 应为 14 或 24 位，收到 {got} 位。",
        "An MN has 14 or 24 characters; got {got}.",
        "请与数采仪设置核对（HJ 212）。",
        "Compare with the logger's settings (HJ 212).",
    ),
    "MN_CHARACTERS": _text(
        _FORMAT,
        "设备唯一标识 MN 只含 0–9、A–F，收到 {got}。",
        "An MN is written with 0-9 and A-F; got {got}.",
        "请与数采仪设置核对（HJ 212）。",
        "Compare with the logger's settings (HJ 212).",
    ),
    "PLATE_FORM": _text(
        _FORMAT,
        "号牌号码 {got} 不合常见格式。本行已接收。",
        "The number plate {got} has an unusual form. The row is kept.",
        "请与行驶证核对，例如 新A12345。",
        "Compare with the vehicle licence, e.g. 新A12345.",
    ),
    "EVENT_RECORDED": _text(
        _VALUE,
        "此来源编号的事件已有记录，内容不同；已记录的事件不能改写。",
        "An event with this source reference is recorded with other content; what is recorded is not rewritten.",
        "请核对；若要更正或补充，请用新的来源编号另推送一条事件并写明原因。",
        "Compare the two; to correct or add, push a further event with a new reference and say why.",
    ),
    "EVENT_KNOWN": _text(
        _VALUE,
        "此事件已有相同的记录，未重复写入。",
        "This event is recorded already with the same content; it was not written again.",
        "无需处理，可以从待发送队列中删除。",
        "Nothing to do; it can leave the queue of what is to be sent.",
    ),
    "EVENT_STAYS": _text(
        IssueKind.NOT_ALLOWED,
        "事件一经记录即保留，不能撤回，也没有截止日期。",
        "What happened stays recorded: an event is neither withdrawn nor ended.",
        "请另推送一条事件说明情况，例如作废识别标识码并写明原因。",
        "Push a further event instead, for example one that voids the label and says why.",
    ),
    "LABEL_ID_WRONG": _text(
        _FORMAT,
        "识别标识码 {got} 不成立，校验字符或格式有误。",
        "{got} is no label number: its form or its check character is wrong.",
        "请重新扫描二维码，或与标签上的号码逐位核对（形如 3303-7KM2-9QXA-4TNB-C）。",
        "Scan the code again or compare every character with the label (like 3303-7KM2-9QXA-4TNB-C).",
    ),
    "LABEL_NOT_ISSUED": _text(
        IssueKind.UNKNOWN_REFERENCE,
        "识别标识码 {got} 没有发放给本机构。本行已接收。",
        "The label {got} has not been issued to this organization. The row is kept.",
        "请核对号码；只使用主管部门发放给本机构的识别标识码。",
        "Check the number; use only labels that the bureau issued to you.",
    ),
    "HASH_WRONG": _text(
        _FORMAT,
        "SHA-256 应为 {expected} 位十六进制字符，收到 {got} 位或含其他字符。",
        "A SHA-256 has {expected} hexadecimal characters; got {got}, or others among them.",
        "请重新计算文件的 SHA-256 后推送本行。",
        "Compute the SHA-256 of the file again and push this row.",
    ),
    "SEAL_UNACCEPTABLE": _text(
        IssueKind.NOT_ALLOWED,
        "封口和识别标识码为 {got} 的样品不得接收（附件2第九条）；已记录，按拒收处理。",
        "A sample whose seal or label is {got} must not be received (annex 2, art. 9); recorded, it stands as refused.",
        "请不要分析该样品；查明原因后重新采样，并推送拒收记录和原因。",
        "Do not analyse it; find out why, sample again, and push a refusal with its reason.",
    ),
}

"""Words for the reasons why a whole push is not taken: zh, en, and what to do, by stable code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushText:
    """What a code says and what to do next."""

    zh: str
    en: str
    hint_zh: str
    hint_en: str


PUSH_TEXTS: dict[str, PushText] = {
    "BATCH_EMPTY": PushText(
        "批次中没有行。",
        "The batch has no rows.",
        "请至少发送一行；没有变化则无需推送。",
        "Send at least one row; nothing need be pushed when nothing changed.",
    ),
    "BATCH_TOO_LARGE": PushText(
        "批次有 {got} 行，至多 {expected} 行。",
        "The batch has {got} rows; at most {expected} are taken.",
        "请拆分为多个批次，各用自己的幂等键。",
        "Split it into several batches, each with its own idempotency key.",
    ),
    "IDEMPOTENCY_KEY_INVALID": PushText(
        "幂等键应为 1 至 255 个字符。",
        "An idempotency key has 1 to 255 characters.",
        "建议每个新批次使用一个新的 UUID。",
        "Use a new UUID for each new batch.",
    ),
    "STREAM_INVALID": PushText(
        "数据流名称应为 1 至 255 个字符，序号自 1 起。",
        "A stream's name has 1 to 255 characters and its sequence starts at 1.",
        "不需要计序时可不发送 stream 和 sequence。",
        "Leave stream and sequence out when you don't count.",
    ),
    "IDEMPOTENCY_KEY_REUSED": PushText(
        "此幂等键已用于回执 {receipt}（{at}），内容不同。",
        "This idempotency key was used for receipt {receipt} ({at}) with other content.",
        "若是新的批次，请换一个幂等键；若是重发，请发送原内容。",
        "Take a new key for a new batch, or send the same content to repeat the old one.",
    ),
    "IDEMPOTENCY_IN_PROGRESS": PushText(
        "同类批次正在处理。",
        "A batch of this kind is being worked on.",
        "请在 2 秒后以同一幂等键重发。",
        "Send it again with the same key after 2 seconds.",
    ),
    "SEQUENCE_REUSED": PushText(
        "数据流 {stream} 的序号 {got} 已收到过，下一个应为 {expected}。",
        "Sequence {got} of stream {stream} has come already; the next is {expected}.",
        "重发请用原来的幂等键；新批次请用下一个序号。",
        "Repeat with the old idempotency key, or use the next number for a new batch.",
    ),
    "CORRECTS_UNKNOWN": PushText(
        "corrects 所指的回执 {got} 不存在。",
        "There is no receipt {got} for `corrects`.",
        "请核对回执编号，或不发送该字段。",
        "Check the receipt's id or leave the field out.",
    ),
    "ORGANIZATION_ELSEWHERE": PushText(
        "机构 {got} 已由其他主管部门建立。",
        "The organization {got} has been entered by another bureau.",
        "请与上级主管部门联系；其余各行可另行推送。",
        "Ask the bureau above you; push the other rows by themselves.",
    ),
    "ORGANIZATION_UNKNOWN": PushText(
        "没有可推送的机构。",
        "There is no organization to push for.",
        "请使用机构自己的密钥；主管部门的密钥只推送 organizations。",
        "Use the organization's own key; a bureau's key pushes organizations only.",
    ),
}

"""Errors of a request: a stable code, words in two languages, and whether to try again."""

import re
from dataclasses import dataclass

from graphql import GraphQLError
from hengjian.graphql.input_words import brief, in_chinese, input_path
from hengjian.platform.db import DatabaseBusyError, told_of


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What a code says, the status it answers, and whether the same request may succeed later."""

    zh: str
    en: str
    status: int = 400
    retryable: bool = False


ERROR_TEXTS: dict[str, ErrorText] = {
    "UNAUTHENTICATED": ErrorText(
        "未提供有效密钥，或密钥已停用、已过期。请在请求头写 Authorization: Bearer 密钥。不用密钥只能查询公开内容：规则及其版本、公开的等级和公示。",
        "No valid key: it is missing, revoked or expired. Send the header Authorization: Bearer KEY. "
        "Without a key only what is public is answered: rules and their versions, published grades.",
        401,
    ),
    "FORBIDDEN": ErrorText(
        "此密钥没有该操作的权限。请向签发者申请相应范围。",
        "This key may not do that. Ask whoever issued it for the scope.",
        403,
    ),
    "NOT_FOUND": ErrorText(
        "没有这一对象，或不在您可见的范围内。",
        "There is no such thing, or it is not visible to you.",
        404,
    ),
    "BAD_INPUT": ErrorText(
        "请求与接口定义不符。", "The request does not fit the schema: the message names the place and the reason."
    ),
    "BAD_JSON": ErrorText("请求体不是合法的 JSON。", "The body is not valid JSON."),
    "DOCUMENT_TOO_LONG": ErrorText(
        "查询文本过长。批量数据请放在 variables 中，不要写进查询文本。",
        "The document is too long. Send bulk data as variables, never inside the document.",
    ),
    "TOO_DEEP": ErrorText("查询嵌套过深。", "The document is nested too deeply."),
    "TOO_MANY_FIELDS": ErrorText(
        "查询的根字段、别名或指令过多。请拆分为多个请求。",
        "Too many root fields, aliases or directives. Split the request.",
    ),
    "COST_EXCEEDED": ErrorText(
        "查询成本超过上限。请减小 first 或少选字段。",
        "The query costs too much. Ask for fewer items (first) or fewer fields.",
    ),
    "PAGE_SIZE": ErrorText("first 应为 1 至 200。", "`first` is 1 to 200."),
    "CURSOR_MISMATCH": ErrorText(
        "游标与当前的筛选或排序不符。请从第一页重新开始。",
        "The cursor belongs to another filter or order. Start again from the first page.",
    ),
    "BODY_TOO_LARGE": ErrorText(
        "请求体过大：推送至多 16 MiB，其他请求至多 1 MB。请拆分批次。",
        "The body is too large: 16 MiB for a push, 1 MB for anything else. Split the batch.",
        413,
    ),
    "METHOD_NOT_ALLOWED": ErrorText("请使用 POST。", "Use POST.", 405),
    "UNSUPPORTED_MEDIA_TYPE": ErrorText(
        "请求体应为 application/json（UTF-8）。", "The body must be application/json in UTF-8.", 415
    ),
    "NOT_ACCEPTABLE": ErrorText(
        "只能以 application/graphql-response+json 或 application/json 作答。",
        "Answers come as application/graphql-response+json or application/json.",
        406,
    ),
    "BUSY": ErrorText(DatabaseBusyError.zh, DatabaseBusyError.en, DatabaseBusyError.status, retryable=True),
    "INTERNAL": ErrorText(
        "系统内部错误，已记录。请稍后重试；如仍不行，请告知请求编号。",
        "An internal error, recorded. Try again; if it stays, tell us the request id.",
        500,
        retryable=True,
    ),
}


# What looks like an identity number; graphql-core's words may quote a whole row.
_IDENTITY_NUMBER = re.compile(r"\b(\d{6})\d{8}([\dXx]{4})\b", re.ASCII)
_NOT_RUN_ZH = "整个请求没有执行，没有接收任何一行。请更正后重发，幂等键可以照用；字段见 /graphql/schema.graphql。"
_NOT_RUN = (
    "Nothing of this request was done, no row was taken. Correct it and send it again, with the same idempotency key if "
    "you like; the fields are in /graphql/schema.graphql."
)
_CHARACTER_NOT_IN_REPERTOIRE = "22021"


class ApiError(GraphQLError):
    """An error that the caller can act on; its words reach the caller as they are."""

    def __init__(self, code: str, detail: str = "") -> None:
        text = ERROR_TEXTS[code]
        super().__init__(f"{text.en} {detail}".strip())
        self.code = code
        self.detail = detail


def holds_nul(original: Exception | None) -> bool:
    """Whether the database refused a text because of a NUL in it, which no question can match."""
    found = getattr(getattr(original, "orig", original), "sqlstate", None)
    return found == _CHARACTER_NOT_IN_REPERTOIRE


def text_of(error: GraphQLError) -> tuple[str, ErrorText, str]:
    """The code of an error, its text, and what its caller reads; what we did not foresee is masked.

    Errors of parsing, validation and coercion are graphql-core's own words, without the object that they quote.
    """
    original = error.original_error
    foreseen = next((one for one in (error, original) if isinstance(one, ApiError)), None)
    if foreseen is None and holds_nul(original):
        foreseen = ApiError("BAD_INPUT", "(a text holds the character U+0000)")
    if foreseen is not None:
        return foreseen.code, ERROR_TEXTS[foreseen.code], foreseen.message
    told = told_of(original)
    if told is not None:
        return told.code, ErrorText(told.zh, told.en, told.status, told.retryable), told.en
    if original is not None and not isinstance(original, GraphQLError):
        return "INTERNAL", ERROR_TEXTS["INTERNAL"], ERROR_TEXTS["INTERNAL"].en
    return "BAD_INPUT", ERROR_TEXTS["BAD_INPUT"], brief(error.message)


def describe(error: GraphQLError, request_id: str) -> dict[str, object]:
    """One error as the response carries it, with identity numbers masked.

    What does not fit the schema also says in Chinese what and where, has the place as a path, and what to do.
    """
    code, text, message = text_of(error)
    misfit = code == "BAD_INPUT" and error.path is None and not isinstance(error, ApiError)
    body: dict[str, object] = {"message": _masked(message)}
    if error.locations:
        body["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        body["path"] = error.path
    extensions: dict[str, object] = {
        "code": code,
        "requestId": request_id,
        "retryable": text.retryable,
        "messageZh": text.zh + (_masked(in_chinese(error.message)) if misfit else ""),
    }
    if misfit:
        place = input_path(error.message)
        extensions |= {"path": place} if place else {}
        extensions |= {"hintZh": _NOT_RUN_ZH, "hintEn": _NOT_RUN}
    return body | {"extensions": extensions}


def _masked(message: str) -> str:
    return _IDENTITY_NUMBER.sub(r"\1********\2", message)

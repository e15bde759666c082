"""Words for everything that an upload can be told: zh, en, the HTTP status, and what to do next, by stable code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadText:
    """What a code says and what to do."""

    status: int
    zh: str
    en: str


UPLOAD_TEXTS: dict[str, UploadText] = {
    "UNAUTHENTICATED": UploadText(
        401,
        "未提供有效密钥。请在请求头写 Authorization: Bearer 密钥。",
        "No valid key. Send the header Authorization: Bearer KEY.",
    ),
    "FORBIDDEN": UploadText(
        403,
        "此密钥或账号不能上传录像。机构密钥请申请 push 范围；主管部门账号只能查阅。",
        "This key or account may not upload. An organization's key needs the scope push; bureaus only look.",
    ),
    "NOT_SIGNED_IN": UploadText(
        401,
        "登录已失效。请重新登录，再从中断处继续上传。",
        "You are not signed in any more. Sign in again and go on where the upload was cut.",
    ),
    "FOREIGN_REQUEST": UploadText(
        403,
        "请求不是从本平台页面发出的（来源或 X-CSRF-Token 不符）。请刷新页面后继续。",
        "The request does not come from our own page (origin or X-CSRF-Token). Reload the page and go on.",
    ),
    "TUS_VERSION": UploadText(
        412, "请求头 Tus-Resumable 应为 1.0.0。", "Send the header Tus-Resumable: 1.0.0 (the tus protocol)."
    ),
    "UPLOAD_LENGTH": UploadText(
        400,
        "请求头 Upload-Length 应为文件的字节数（至少 1）。",
        "Send the header Upload-Length: the file's bytes, at least 1.",
    ),
    "UPLOAD_TOO_LARGE": UploadText(
        413,
        "文件超过 {most} 字节。请按环节分成多个录像。",
        "The file is larger than {most} bytes. Split the recording by stage.",
    ),
    "QUOTA_EXCEEDED": UploadText(
        413,
        "本机构的存储配额还剩 {left} 字节，不足以接收此文件。请联系主管部门扩容。",
        "Your quota has {left} bytes left, too few for this file. Ask the bureau for more.",
    ),
    "UPLOAD_METADATA": UploadText(
        400,
        "请求头 Upload-Metadata 应含 sha256 与 about（JSON，均为 Base64）：{detail}",
        "Upload-Metadata needs sha256 and about (JSON), both in Base64: {detail}",
    ),
    "RECORDING_NO_TAKEN": UploadText(
        409,
        "录像编号 {number} 已归档为其他文件。请换一个编号；已归档的录像不可替换。",
        "Recording number {number} is archived with another file. Take a new number: nothing archived is replaced.",
    ),
    "UPLOAD_UNKNOWN": UploadText(
        404, "没有这一上传，或已过期。请重新开始上传。", "There is no such upload, or it has expired. Begin anew."
    ),
    "OFFSET_MISMATCH": UploadText(
        409,
        "已收到 {offset} 字节。请从此处继续。",
        "{offset} bytes have arrived. Go on from there.",
    ),
    "CONTENT_TYPE": UploadText(
        415,
        "分片的 Content-Type 应为 application/offset+octet-stream。",
        "Send parts as application/offset+octet-stream.",
    ),
    "PART_TOO_LARGE": UploadText(
        413, "每个分片至多 {most} 字节。", "A part has at most {most} bytes. Use smaller parts."
    ),
    "BEYOND_LENGTH": UploadText(400, "分片超出申报的长度 {size}。", "The part goes beyond the declared length {size}."),
    "STORE_FULL": UploadText(
        503,
        "平台存储暂时无法写入。已确认的 {offset} 字节不会丢失，请数分钟后从此处继续。",
        "The store takes nothing at the moment. The {offset} bytes that were acknowledged are safe: "
        "go on from there in some minutes.",
    ),
    "HASH_MISMATCH": UploadText(
        422,
        "收到的内容与申报的 SHA-256 不符。请核对文件后重新上传。",
        "What arrived does not have the declared SHA-256. Check the file and upload it again.",
    ),
}

"""A change as a file, from bureau to bureau: what it says, for where it was, and the hash of both."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from hengjian.scoring.changes.overlay import ChangeInBook
from hengjian.scoring.changes.stored import content_of, version_of
from hengjian.scoring.domain.rule_change import NewChange
from hengjian.scoring.errors import ChangeUnsoundError

FORMAT = "hengjian-rule-change/1"


class _ChangeFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    format: str
    no: str
    region: str
    version: str
    content: dict[str, Any]


def write_change(change: ChangeInBook) -> bytes:
    """The file of a change: indented JSON, one line end at its end."""
    file = _ChangeFile(
        format=FORMAT,
        no=change.no,
        region=change.region,
        version=version_of(change.new, change.region),
        content=content_of(change.new),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def read_change_file(content: bytes, *, from_day: date | None = None) -> NewChange:
    """The change that a file holds, to be drafted anew; `from_day` in place of the file's own.

    Raises:
        ChangeUnsoundError: the file is none of ours, or somebody changed it: its content has another hash.
    """
    try:
        file = msgspec.json.decode(content, type=_ChangeFile)
        new = msgspec.convert(file.content, NewChange)
    except msgspec.MsgspecError as error:
        raise ChangeUnsoundError(zh=f"不是规则变更文件：{error}", en=f"not the file of a change: {error}") from error
    if file.format != FORMAT:
        raise ChangeUnsoundError(
            zh=f"文件格式为 {file.format}，本系统读取 {FORMAT}", en=f"the format is {file.format}; this reads {FORMAT}"
        )
    if version_of(new, file.region) != file.version:
        raise ChangeUnsoundError(
            zh="内容与文件所载哈希不符，文件已被改动；请向来源机关重新索取",
            en="the content does not have the hash that the file states: ask the bureau it came from for it again",
        )
    return new if from_day is None else replace(new, from_day=from_day)

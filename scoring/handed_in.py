"""What people hand in beside their words: who says it, what, and which files, checked before anything is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hengjian.platform.db import Session
from hengjian.platform.file_room import FileRoom
from hengjian.platform.objects import stored_as
from hengjian.scoring.errors import StatementRefusedError
from hengjian.scoring.finding_steps import Person

LONGEST_TEXT = 4000
MOST_FILES = 5
LARGEST_FILE = 5 * 1024 * 1024
# What a file of each kind begins with: the name alone proves nothing.
_BEGINNINGS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is handed in; `name` as the sender calls it."""

    name: str
    content: bytes


def checked_words(text: str, by: Person) -> str:
    """What is stated, when it is a statement and somebody stands for it.

    Raises:
        StatementRefusedError: there is no text or name, or too much of it.
    """
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT or "\0" in said:
        raise StatementRefusedError(
            zh=f"请写明陈述内容，至多 {LONGEST_TEXT} 字", en=f"write a statement of at most {LONGEST_TEXT} characters"
        )
    if not by.name or "\0" in by.name:
        raise StatementRefusedError(zh="请写明陈述人姓名", en="say who states")
    return said


def checked_files(files: Sequence[Attachment]) -> list[str]:
    """The kind of each file.

    Raises:
        StatementRefusedError: too many, or one that cannot be kept.
    """
    if len(files) > MOST_FILES:
        raise StatementRefusedError(zh=f"附件至多 {MOST_FILES} 个", en=f"at most {MOST_FILES} files")
    return [_suffix(one) for one in files]


async def keep_files(
    session: Session, room: FileRoom, files: Iterable[tuple[Attachment, str]]
) -> list[dict[str, object]]:
    """Store the files, each with its kind, within the caller's room, and tell how a row names them.

    Raises:
        FileQuotaError: the caller's organization has no room for them.
        StoreFullError: the store takes nothing at the moment.
    """
    given = [(one, suffix, stored_as(one.content, suffix=suffix)) for one, suffix in files]
    await room.check(session, [stored for _, _, stored in given])
    for one, suffix, _ in given:
        await room.objects.keep(one.content, suffix=suffix)
    await room.take(session, [stored for _, _, stored in given])
    return [
        {"name": one.name, "path": stored.path, "sha256": stored.sha256, "size": stored.size}
        for one, _, stored in given
    ]


def _suffix(one: Attachment) -> str:
    suffix = one.name.rpartition(".")[2].lower()
    begins = _BEGINNINGS.get(suffix)
    named = len(one.name) <= 200 and "\0" not in one.name
    if begins is None or not one.content.startswith(begins) or len(one.content) > LARGEST_FILE or not named:
        raise StatementRefusedError(
            zh=f"附件 {one.name[:60]} 不能接收：请上传 PDF、PNG、JPG、DOCX 或 XLSX，每个至多 5 MiB",
            en=f"the file {one.name[:60]} cannot be taken: send PDF, PNG, JPG, DOCX or XLSX of at most 5 MiB",
        )
    return suffix

"""Files that organizations send: photos and attachments, kept in the store within the room that each has.

Room is taken by what an organization sent, once for the same content, and given back when the sweep deletes what no
row names. Two requests at once cannot take more room than there is: it is counted under a lock of the organization.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.db.tables import INSTANT, local_table, required
from hengjian.platform.errors import ToldError
from hengjian.platform.objects import Objects, StoredObject

QUOTA = 200 << 30
"""Bytes that the files of one organization may take, unless the deployment says otherwise."""

# Local, because the sweep looks for a path among all organizations.
sent_file = local_table(
    "sent_file",
    Column("tenant_id", Uuid, primary_key=True),
    Column("path", Text, primary_key=True),
    required("size", BigInteger),
    required("at", INSTANT),
    Index("ix_sent_file_size", "tenant_id", "size"),
    Index("ix_sent_file_path", "path"),
)
_USED = sql("select coalesce(sum(size), 0)::bigint from sent_file where tenant_id = :tenant")
_SENT = sql("select path from sent_file where tenant_id = :tenant and path = any(:paths)")
FORGET = sql("delete from sent_file where path = any(:paths) and at < :before")
"""Gives room back: what was last sent before a moment and is deleted."""


class FileQuotaError(ToldError):
    """The organization's files would take more room than it has; nothing of the request was kept."""

    code = "FILE_QUOTA_EXCEEDED"
    status = 413

    def __init__(self, *, used: int, wanted: int, quota: int) -> None:
        self.zh = (
            f"本机构照片和附件的存储配额为 {quota:,} 字节，已用 {used:,} 字节，这次还需 {wanted:,} 字节，没有接收。"
            "此前已接收的文件都在；请联系主管部门扩容后再次提交，文字材料可先不带附件提交。"
        )
        self.en = (
            f"Your organization may keep {quota:,} bytes of photos and attachments; {used:,} bytes are used and this "
            f"needs {wanted:,} more, so it was not taken. All that was taken before is safe. Ask the bureau for more "
            "room and send it again; a text can be handed in without its files meanwhile."
        )
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class FileRoom:
    """The store, and how many bytes of files each organization may keep in it."""

    objects: Objects
    quota: int = QUOTA

    async def check(self, session: ReadSession, files: Iterable[StoredObject]) -> None:
        """Look whether there is room, before anything is stored; files that were sent before take none.

        Raises:
            FileQuotaError: there is not.
        """
        sizes = {one.path: one.size for one in files}
        known = await session.all(_SENT, {"tenant": session.caller.tenant_id, "paths": list(sizes)})
        wanted = sum(sizes.values()) - sum(sizes[row.path] for row in known)
        used = int(await session.scalar(_USED, {"tenant": session.caller.tenant_id}))
        if wanted and used + wanted > self.quota:
            raise FileQuotaError(used=used, wanted=wanted, quota=self.quota)

    async def take(self, session: Session, files: Iterable[StoredObject]) -> None:
        """Count files that are in the store as the caller's, in the transaction that acknowledges them.

        Raises:
            FileQuotaError: others took the room meanwhile; the sweep deletes what no row names.
        """
        stored = list({one.path: one for one in files}.values())
        if not stored:
            return
        await session.lock(f"files{session.caller.tenant_id}")
        await self.check(session, stored)
        now = datetime.now(UTC)
        rows = [
            {"tenant_id": session.caller.tenant_id, "path": one.path, "size": one.size, "at": now} for one in stored
        ]
        again = insert(sent_file).on_conflict_do_update(index_elements=["tenant_id", "path"], set_={"at": now})
        await session.run(again, rows)

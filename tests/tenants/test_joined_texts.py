"""Texts that travel joined arrive apart."""

import pytest

from hengjian.platform.db import GATE, Database
from hengjian.tenants.write_registers import _array, _joined


@pytest.mark.parametrize(
    "texts", [[""], [None], ["", None, ""], ["王芳", "a,b{}\"'\\", "\t第二行\r\n", None], ["x"] * 5_000], ids=len
)
async def test_joined_texts_arrive_as_they_were(database: Database, texts: list[str | None]) -> None:
    """Empty and absent stay different, and no character of a text parts it; one empty place follows the last."""
    async with database.read(GATE) as session:
        rows = await session.fetch_raw(f"select {_array(1, 'text')} as texts", _joined(texts))
    assert rows[0]["texts"] == [*texts, ""]

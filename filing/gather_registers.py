"""The registers of one organization as tables for paper: rows in force on a day, as known now."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengjian.filing.code_words import CHOICES, YES_NO, word
from hengjian.filing.column_widths import column_widths
from hengjian.filing.domain.compliance_report import MOST_REGISTER_ROWS, MOST_ROWS, Table
from hengjian.filing.domain.report_data import RegisterCount
from hengjian.filing.moments import moment_text
from hengjian.filing.texts import Language, Say
from hengjian.platform.db import ReadSession
from hengjian.tenants.api import (
    REGISTERS,
    FieldSpec,
    Register,
    RegisterRecord,
    count_registers,
    load_regions,
    own_fields,
    read_register,
)

MOST_COLUMNS = 6
"""Own fields of a row on paper, beside its reference and its first day."""

_NOT_PRINTED = frozenset({"contact_name", "contact_phone", "business_scope"})
_REGIONS = frozenset({"city", "home_region", "registered_region", "regions_served"})


async def gather_registers(
    session: ReadSession, tenant_id: UUID, *, on: date, language: Language, say: Say
) -> tuple[tuple[RegisterCount, ...], tuple[Table, ...]]:
    """Counts of every register that has rows, and its first rows, within what one report may print."""
    counted = await count_registers(session, tenant_id, on=on)
    counts: list[RegisterCount] = []
    tables: list[Table] = []
    left = MOST_REGISTER_ROWS
    for register in REGISTERS:
        total = counted.get(register.kind, 0)
        if not total:
            continue
        records, _ = await read_register(session, register.kind, tenant_id, on=on, limit=min(MOST_ROWS, left))
        left -= len(records)
        title = register.zh if language == "zh" else register.en
        counts.append(RegisterCount(title=title, rows=total, printed=len(records)))
        if records:
            printer = _Printer(register, language, say, on)
            tables.append(printer.table(records, title=title, remainder=total - len(records)))
    return tuple(counts), tuple(tables)


class _Printer:
    """Prints the records of one register in one language."""

    def __init__(self, register: Register, language: Language, say: Say, on: date) -> None:
        self.fields = own_fields(register.row)
        self.language = language
        self.say = say
        self.on = on

    def table(self, records: Sequence[RegisterRecord], *, title: str, remainder: int) -> Table:
        """Reference, the fields that any row fills, and the first day."""
        shown = self._shown(records)
        head = (self.say("来源编号"), *(self._heading(self.fields[i]) for i in shown), self.say("生效日期"))
        rows = tuple(
            (
                record.source_ref,
                *(self._text(self.fields[i], record.values[i]) for i in shown),
                record.valid_from.isoformat(),
            )
            for record in records
        )
        return Table(
            title=title,
            head=head,
            rows=rows,
            remainder=remainder,
            widths=column_widths(head, rows),
            numeric=frozenset(
                n for n, i in enumerate(shown, start=1) if self.fields[i].shape in {"integer", "decimal"}
            ),
        )

    def _shown(self, records: Sequence[RegisterRecord]) -> list[int]:
        filled = [
            index
            for index, field in enumerate(self.fields)
            if not field.sealed
            and field.name not in _NOT_PRINTED
            and any(record.values[index] not in (None, []) for record in records)
        ]
        return filled[:MOST_COLUMNS]

    def _heading(self, field: FieldSpec) -> str:
        name = field.zh if self.language == "zh" else field.en.replace(";", ",").split(",")[0]
        return f"{name}{self.say('，')}{field.unit}" if field.unit else name

    def _text(self, field: FieldSpec, value: Any) -> str:
        if value is None:
            return "–"
        if isinstance(value, list):
            return self.say("、").join(self._text(field, item) for item in value)
        if isinstance(value, bool):
            return self.say(YES_NO[value])
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, str):
            return self._word(field, value)
        return (
            value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)
        )

    def _word(self, field: FieldSpec, value: str) -> str:
        """A code of a closed list or a region by its name, any other text as it stands."""
        if field.name in _REGIONS:
            return load_regions().name(value, self.on, english=self.language == "en") or value
        return word(CHOICES, value, self.say) if field.choices is not None else value

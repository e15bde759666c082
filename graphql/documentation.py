"""The pages of the documentation that are made from the code: `python -m hengjian.graphql.documentation`.

They are committed; a test holds them equal to what the code says.
"""

from pathlib import Path

from hengjian.graphql.errors import ERROR_TEXTS
from hengjian.graphql.schema import schemas
from hengjian.ingestion.api import PUSH_TEXTS
from hengjian.tenants.api import ISSUE_TEXTS, REGISTERS, field_specs

ROOT = Path(__file__).parent.parent


def error_codes() -> str:
    """Every code that the API can answer, with its words and what to do."""
    lines = [
        "# Error codes 错误代码",
        "",
        "Made from the code (`python -m hengjian.graphql.documentation`). Codes are stable; words may improve.",
        "`{expected}` and `{got}` stand for the facts of the case.",
        "",
        "## Of a row 行",
        "",
        "In `rows[].problems[]`. A warning is told and the row is kept; anything else keeps the row out.",
        "",
        "| code | kind | 说明 | meaning | 怎么办 | what to do |",
        "|---|---|---|---|---|---|",
    ]
    for code, text in ISSUE_TEXTS.items():
        lines.append(f"| `{code}` | {text.kind} | {text.zh} | {text.en} | {text.hint_zh} | {text.hint_en} |")
    lines += [
        "",
        "## Of a push 批次",
        "",
        "In `userErrors[]`; there is no receipt, and the idempotency key stays free.",
        "",
        "| code | 说明 | meaning | 怎么办 | what to do |",
        "|---|---|---|---|---|",
    ]
    for code, push_text in PUSH_TEXTS.items():
        lines.append(f"| `{code}` | {push_text.zh} | {push_text.en} | {push_text.hint_zh} | {push_text.hint_en} |")
    lines += [
        "",
        "## Of a request 请求",
        "",
        "In `errors[].extensions.code`, with `requestId` and `retryable`.",
        "",
        "| code | HTTP status | 说明 | meaning | try again |",
        "|---|---|---|---|---|",
    ]
    for code, error_text in ERROR_TEXTS.items():
        again = "yes" if error_text.retryable else "no"
        lines.append(f"| `{code}` | {error_text.status} | {error_text.zh} | {error_text.en} | {again} |")
    return "\n".join(lines) + "\n"


def registers() -> str:
    """Every register with its fields."""
    lines = [
        "# Registers 台账",
        "",
        "Made from the code (`python -m hengjian.graphql.documentation`). One mutation a register; `!` is required.",
    ]
    for register in REGISTERS:
        name = register.kind[0].upper() + register.kind[1:]
        about = " ".join((register.row.__doc__ or "").split())
        lines += ["", f"## {register.zh} {register.en}: `push{name}`", "", about, ""]
        if register.starts:
            camel = next(spec.camel for spec in field_specs(register.row) if spec.name == register.starts)
            lines += [f"`validFrom` is `{camel}` unless given.", ""]
        lines += ["| field | 中文 | meaning | type |", "|---|---|---|---|"]
        for spec in field_specs(register.row):
            unit = f", {spec.unit}" if spec.unit else ""
            choices = f": {', '.join(item.name for item in spec.choices)}" if spec.choices else ""
            needed = "" if spec.optional or spec.default is not None else "!"
            lines.append(f"| `{spec.camel}`{needed} | {spec.zh} | {spec.en}{unit} | {spec.shape}{choices} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every page that is made, by its place in the repository."""
    return {
        ROOT / "docs" / "api" / "error-codes.md": error_codes(),
        ROOT / "docs" / "api" / "registers.md": registers(),
        ROOT / "graphql" / "schema.graphql": schemas().sdl,
    }


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

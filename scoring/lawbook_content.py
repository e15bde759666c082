"""What law-book files say, as one canonical text: the ground of every version."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from hengjian.scoring.errors import PackError
from hengjian.scoring.lawbook_yaml import Document, read_document


def canonical_content(documents: Iterable[Document]) -> str:
    """JSON of the contents under their file names, keys sorted, days and decimals as texts; layout does not count."""
    content = {document.file.rpartition("/")[2]: document.value for document in documents}
    return canonical_json(content)


def canonical_json(value: object) -> str:
    """One text for one content: keys sorted, no spaces, days and decimals as texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_canonical)


def content_hash(content: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def read_file(path: Path) -> Document:
    """One file of a law-book.

    Raises:
        PackError: it cannot be read, or is not sound YAML.
    """
    file = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError(file=file, line=None, zh=f"无法读取：{error}", en=f"cannot be read: {error}") from error
    return read_document(content, file)


def _canonical(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value))

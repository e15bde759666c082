"""YAML for law-books: exact numbers, plain dates, no surprises, and the line of every value."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from hengjian.scoring.errors import PackError

Path = tuple[str | int, ...]
MAX_BYTES = 256 * 1024

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}\Z")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file, with the line (from 1) of each key or item by its path."""

    file: str
    value: object
    lines: dict[Path, int]

    def line(self, path: Path) -> int | None:
        """The line of the value, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def error(self, path: Path, *, zh: str, en: str) -> PackError:
        """The refusal of what stands at the path."""
        return PackError(file=self.file, line=self.line(path), zh=zh, en=en)


def read_document(content: bytes, file: str) -> Document:
    """Read one YAML file: decimals stay decimals, and aliases, tags, double keys and YAML's odd scalars are refused.

    Raises:
        PackError: the file is too large, not UTF-8, not YAML, or uses what is refused.
    """
    if len(content) > MAX_BYTES:
        raise PackError(file=file, line=None, zh="文件超过 256 KiB", en="the file is larger than 256 KiB")
    document = Document(file, None, {})
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
        value = _Reader(document).read(node, ()) if node is not None else None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise PackError(file=file, line=line, zh=f"不是有效的 YAML：{error}", en=f"not YAML: {error}") from error
    except RecursionError as error:
        raise PackError(file=file, line=None, zh="嵌套过深", en="nested too deeply") from error
    return Document(file, value, document.lines)


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path) -> object:
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self.seen:
            raise self.document.error(path, zh="不允许别名（*）", en="aliases (*) are not allowed")
        self.seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self.mapping(node, path)
            case yaml.SequenceNode() if node.tag == f"{_TAG}seq":
                return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return self.scalar(node, path)
        raise self.document.error(path, zh=f"不允许标签 {node.tag}", en=f"the tag {node.tag} is not allowed")

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or key_node.tag != f"{_TAG}str":
                raise self.document.error(path, zh="键须为文本", en=f"keys are texts, not {key_node.value!r}")
            self.document.lines[(*path, key)] = key_node.start_mark.line + 1
            if key in found:
                raise self.document.error((*path, key), zh=f"重复的键 {key}", en=f"the key {key} stands twice")
            found[key] = self.read(value_node, (*path, key))
        return found

    def scalar(self, node: yaml.ScalarNode, path: Path) -> object:
        text = node.value
        match node.tag.removeprefix(_TAG):
            case "str":
                return text
            case "null":
                return None
            case "bool" if text in ("true", "false"):
                return text == "true"
            case "int" if _INTEGER.match(text):
                return int(text)
            case "float" if _DECIMAL.match(text):
                return Decimal(text)
            case "timestamp" if len(text) == len("2025-10-01"):
                return self.day(text, path)
        raise self.document.error(
            path,
            zh=f"含义不明的值 {text}：请加引号，或写作 12、1.5、2025-10-01、true",
            en=f"unclear value {text}: put it in quotes, or write 12, 1.5, 2025-10-01, true",
        )

    def day(self, text: str, path: Path) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.document.error(path, zh=f"没有这一天：{text}", en=f"no such day: {text}") from error

"""The table register as the code declares it: every module with tables, imported."""

import importlib
import re

from sqlalchemy import MetaData

from hengjian.platform.db.tables import metadata
from tests.support.tree import CONTEXTS, ROOT, python_files

_DECLARES = re.compile(r"\b(?:tenant|reference|local)_table\(")


def register() -> MetaData:
    """All declared tables."""
    for path in python_files(*(name for name in CONTEXTS if name != "deploy")):
        if _DECLARES.search(path.read_text("utf-8")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            importlib.import_module(".".join(("hengjian", *parts)))
    return metadata

"""The frame around every page: who is signed in, where one can go, as of when."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from hengjian.dashboards.language import Language, mark
from hengjian.dashboards.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation."""

    label: str
    href: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the first group has none."""

    label: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What every template may print around its page."""

    language: Language
    here: str
    switch_href: str
    now_href: str
    visitor: Visitor | None
    groups: tuple[Group, ...]
    today: date
    demo: bool
    csrf: str
    request_id: str
    lawbook_version: str
    as_of: date | None = None
    takes_as_of: bool = False

    @property
    def tabbar(self) -> tuple[Entry, ...]:
        """The four places of the phone's bottom bar."""
        return tuple(entry for group in self.groups for entry in group.entries)[:4]


MIRROR_ROLES = frozenset({"reviewer", "administrator"})
"""Who of a bureau looks into the regulator's mirror."""
FIELD_KIND = "INSTITUTION"
"""Who samples and labels, and so works with the pages for a phone in the field."""
_OPEN = (
    mark("公开查询"),
    (
        (mark("信用等级名录"), "/register", "org"),
        (mark("存证日志"), "/log", "report"),
        (mark("核验"), "/verify", "ok"),
        (mark("核验识别标识码"), "/v", "key"),
    ),
)
_BUREAU: tuple[tuple[str | None, tuple[tuple[str, str, str], ...]], ...] = (
    (None, ((mark("总览"), "/overview", "home"), (mark("通知"), "/inbox", "inbox"))),
    (mark("监管对象"), ((mark("机构"), "/orgs", "org"),)),
    (mark("执法监督"), ((mark("违规项"), "/findings", "flag"),)),
    (mark("证据"), ((mark("录像"), "/recordings", "video"),)),
    (
        mark("评价与分析"),
        (
            (mark("年度评价"), "/credit", "chart"),
            (mark("合规报告"), "/reports", "report"),
            (mark("监管自检"), "/mirror", "search"),
        ),
    ),
    (mark("规则与系统"), ((mark("规则库"), "/rules", "book"), (mark("规则变更"), "/rules/changes", "clock"))),
    _OPEN,
)
_ORGANIZATION: tuple[tuple[str | None, tuple[tuple[str, str, str], ...]], ...] = (
    (
        None,
        (
            (mark("我的首页"), "/my", "home"),
            (mark("通知"), "/my/inbox", "inbox"),
            (mark("现场作业"), "/field", "point"),
        ),
    ),
    (
        mark("本机构"),
        (
            (mark("违规项"), "/findings", "flag"),
            (mark("档案"), "{profile}", "org"),
            (mark("合规报告"), "/reports", "report"),
        ),
    ),
    (mark("规则与系统"), ((mark("规则库"), "/rules", "book"), (mark("规则变更"), "/my/changes", "clock"))),
    _OPEN,
)


_PUBLIC: tuple[tuple[str | None, tuple[tuple[str, str, str], ...]], ...] = (
    (
        None,
        (
            (mark("规则库"), "/rules", "book"),
            (mark("规则变更"), "/rules/changes", "clock"),
            *_OPEN[1],
            (mark("登录"), "/login", "user"),
        ),
    ),
)


def navigation(visitor: Visitor | None, path: str) -> tuple[Group, ...]:
    """Where this visitor can go; the longest address that begins the path is the current one."""
    plan = _PUBLIC if visitor is None else _BUREAU if visitor.of_bureau else _ORGANIZATION
    profile = f"/orgs/{visitor.credit_code}" if visitor else ""
    targets = [href.replace("{profile}", profile) for _, entries in plan for _, href, _ in entries]
    here = max((one for one in targets if path == one or path.startswith(one + "/")), key=len, default="")

    def entry(label: str, href: str, icon: str) -> Entry:
        target = href.replace("{profile}", profile)
        return Entry(label, target, icon, target == here)

    closed = _closed(visitor)
    return tuple(Group(label, tuple(entry(*one) for one in entries if one[1] not in closed)) for label, entries in plan)


def _closed(visitor: Visitor | None) -> frozenset[str]:
    """Entries of the plan that this visitor has no use for: not of their role, or not of their organization's kind."""
    mirror = visitor is not None and bool(MIRROR_ROLES & set(visitor.roles))
    field = visitor is not None and FIELD_KIND in visitor.kinds
    return frozenset({*(() if mirror else ("/mirror",)), *(() if field else ("/field",))})


def address(path: str, query: list[tuple[str, str]], **changes: str | None) -> str:
    """The same page with some of its parameters changed; None removes one.

    >>> address("/orgs", [("grade", "D"), ("page", "3")], page=None, sort="name")
    '/orgs?grade=D&sort=name'
    """
    kept = [(key, value) for key, value in query if key not in changes and value]
    added = [(key, value) for key, value in changes.items() if value is not None]
    text = urlencode(kept + added)
    return f"{path}?{text}" if text else path

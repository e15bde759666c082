"""What this context refuses, in words a person can act on. `str()` is the English text, `zh` the Chinese one."""

from datetime import timedelta
from math import ceil
from typing import ClassVar

from hengjian.platform.errors import ToldError


class TenantsError(ToldError):
    """Something about organizations, accounts or keys was refused; `code` is stable."""

    code = "REFUSED"

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


class LoginRefusedError(TenantsError):
    """Login, password or code don't fit; which of them isn't said."""

    code = "LOGIN_REFUSED"
    status = 401

    def __init__(self) -> None:
        super().__init__("Login, password or code is not right.", "账号、密码或验证码不正确。")


class LoginPausedError(TenantsError):
    """Too many failures; said alike for logins that exist and that don't."""

    code = "LOGIN_PAUSED"
    status = 429
    retryable = True

    def __init__(self, wait: timedelta) -> None:
        self.retry_after_seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(
            f"Too many failed attempts. Try again in {self.retry_after_seconds} seconds.",
            f"失败次数过多，请在 {self.retry_after_seconds} 秒后再试。",
        )


class LoginBusyError(TenantsError):
    """More people log in at once than can be checked."""

    code = "LOGIN_BUSY"
    status = 503
    retryable = True

    def __init__(self) -> None:
        super().__init__("Many people are logging in. Try again in a few seconds.", "登录人数较多，请几秒后再试。")


class LoginExpiredError(TenantsError):
    """The second factor came too late, or there was no first one."""

    code = "LOGIN_EXPIRED"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "The log-in took too long. Start again with login and password.", "登录已超时，请重新输入账号和密码。"
        )


class PasswordUnfitError(TenantsError):
    """The password can't be used; `fault` names the limit it breaks."""

    code = "PASSWORD_UNFIT"
    _WORDS: ClassVar[dict[str, tuple[str, str]]] = {
        "too_short": ("A password has at least 12 characters.", "密码至少 12 个字符。"),
        "too_long": ("A password has at most 128 characters.", "密码最多 128 个字符。"),
        "too_plain": ("A password has at least five different characters.", "密码至少包含 5 个不同的字符。"),
        "like_login": ("A password must not contain the login.", "密码不能包含账号。"),
    }

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(*self._WORDS[fault])


class LoginTakenError(TenantsError):
    """Another account has this login."""

    code = "LOGIN_TAKEN"
    status = 409

    def __init__(self, login: str) -> None:
        super().__init__(f"The login {login} is taken. Choose another.", f"账号 {login} 已被使用，请换一个。")


class LoginUnfitError(TenantsError):
    """The login hasn't the shape of one."""

    code = "LOGIN_UNFIT"

    def __init__(self) -> None:
        super().__init__(
            "A login has 3 to 64 letters, digits or the signs . _ - @.",
            "账号由 3 至 64 个字母、数字或 . _ - @ 组成。",
        )


class UnknownAccountError(TenantsError):
    """No open account has this login."""

    code = "ACCOUNT_NOT_FOUND"
    status = 404

    def __init__(self, login: str) -> None:
        super().__init__(f"No open account {login}.", f"没有可用的账号 {login}。")


class RoleMisplacedError(TenantsError):
    """These roles don't belong to this kind of organization, or none was given."""

    code = "ROLE_MISPLACED"

    def __init__(self, roles: list[str], *, allowed: list[str]) -> None:
        wrong, right = ", ".join(roles) or "–", ", ".join(allowed)
        super().__init__(
            f"Roles that can't be given here: {wrong}. Choose from: {right}.",
            f"此处不能授予的角色：{wrong}。可选：{right}。",
        )


class UnknownOrganizationError(TenantsError):
    """No organization has this credit code or id."""

    code = "NOT_FOUND"
    status = 404

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"No organization {wanted}. Check the credit code.", f"没有机构 {wanted}，请核对统一社会信用代码。"
        )


class OrganizationExistsError(TenantsError):
    """This credit code is registered already."""

    code = "ORGANIZATION_EXISTS"
    status = 409

    def __init__(self, credit_code: str) -> None:
        self.credit_code = credit_code
        super().__init__(f"{credit_code} is registered already.", f"{credit_code} 已登记。")
        self.credit_code = credit_code


class KeyTermsError(TenantsError):
    """A key can't be issued with these scopes or this length of life."""

    code = "KEY_TERMS"

    def __init__(self, *, allowed: list[str]) -> None:
        right = ", ".join(allowed)
        super().__init__(
            f"A key has at least one of the scopes {right} and lives 1 to 365 days.",
            f"密钥至少有一个权限（{right}），有效期 1 至 365 天。",
        )


class UnknownKeyError(TenantsError):
    """No key has this id, or it is revoked already."""

    code = "KEY_NOT_FOUND"
    status = 404

    def __init__(self, key_id: str) -> None:
        super().__init__(f"No live key {key_id}.", f"没有有效的密钥 {key_id}。")


class OrganizationUnfitError(TenantsError):
    """The credit code, region or kinds of a new organization can't be used; `field` names which."""

    code = "ORGANIZATION_UNFIT"
    _WORDS: ClassVar[dict[str, tuple[str, str]]] = {
        "credit_code": (
            "is not a unified social credit code (18 characters, the last one checks the others)",
            "不是有效的统一社会信用代码（18 位，末位为校验位）",
        ),
        "region": ("is not a region code of GB/T 2260 in force today", "不是现行有效的 GB/T 2260 行政区划代码"),
        "kinds": ("is not a list of kinds that this organization may have", "不是该机构可选的类别"),
        "name": ("is not a name", "不是有效的名称"),
    }

    def __init__(self, field: str, *, value: str) -> None:
        self.field = field
        en, zh = self._WORDS[field]
        super().__init__(f"{value!r} {en}.", f"{value!r} {zh}。")

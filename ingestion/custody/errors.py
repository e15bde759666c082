"""What labels can be refused for, in words that say what to do next."""

from hengjian.platform.errors import ToldError


class LabelsRefusedError(ToldError):
    """Labels were not issued or not printed."""

    code = "LABELS_REFUSED"
    zh = "识别标识码没有发放。"
    en = "No labels were issued."

    def __str__(self) -> str:
        """The words in English."""
        return self.en


class LabelCountError(LabelsRefusedError):
    """Too many at once, or none."""

    code = "LABEL_COUNT"
    zh = "每次发放 1 至 5,000 个识别标识码；更多请分次发放。"
    en = "Issue 1 to 5,000 labels at a time; for more, issue again."


class NotABureauError(LabelsRefusedError):
    """Only a bureau issues labels."""

    code = "LABEL_ISSUER"
    status = 403
    zh = "识别标识码由生态环境主管部门发放；请使用主管部门的密钥或账号。"
    en = "Labels are issued by the bureau; use a bureau's key or account."


class NotAnInstitutionError(LabelsRefusedError):
    """Labels go to institutions that are supervised in the bureau's region."""

    code = "LABEL_HOLDER"
    zh = "识别标识码只发放给本辖区内的监测机构；请核对统一社会信用代码。"
    en = "Labels go to monitoring institutions of your region; check the credit code."


class NothingToPrintError(LabelsRefusedError):
    """No label was chosen, or too many for one print, or one that is not the organization's."""

    code = "LABELS_TO_PRINT"
    zh = "请选择 1 至 200 个发放给本机构的识别标识码再打印。"
    en = "Choose 1 to 200 labels that were issued to you, then print."


class ReprintReasonError(LabelsRefusedError):
    """A label printed before is printed again only with a reason."""

    code = "REPRINT_REASON"
    zh = "所选识别标识码已打印过；重新打印请填写原因，并全程录像（附件2第八条）。"
    en = "Some of these were printed before; give the reason for printing again, and record it (annex 2, art. 8)."


class LabelOverError(LabelsRefusedError):
    """A label that is void, or whose sample has left the sampler's hands, is not printed again."""

    code = "LABEL_OVER"
    zh = "所选识别标识码已作废，或样品已交接，不能再打印；请使用新的识别标识码。"
    en = "Some of these are void or their samples were handed over: they are not printed again. Use a new label."


class LabelsNotDrawnError(LabelsRefusedError):
    """The sheet could not be drawn; no print was recorded."""

    code = "LABELS_NOT_DRAWN"
    status = 503
    retryable = True
    zh = "标签页没有生成，也没有记录打印；请稍后再试，或改用 ZPL。"
    en = "The sheet was not drawn and no print was recorded; try again later, or take ZPL."

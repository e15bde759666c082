"""What can go wrong on a page. Each error knows its own words and what the reader can do next."""

from hengjian.dashboards.language import mark


class PageError(Exception):
    """A page could not be shown."""

    code = "PAGE_FAILED"
    title = mark("页面没能打开")
    advice = mark("您的数据没有丢失。请稍后再试；若仍然如此，请把请求编号告诉技术支持。")


class NotSignedIn(PageError):  # noqa: N818 - the house names errors by what happened
    """Nobody is signed in, or the session has ended."""

    code = "NOT_SIGNED_IN"
    title = mark("请先登录")
    advice = mark("登录后会回到您要打开的页面。")


class PageMissing(PageError):  # noqa: N818 - see above
    """There is no such page, or it belongs to somebody else; the two look alike on purpose."""

    code = "NOT_FOUND"
    title = mark("没有找到这个页面")
    advice = mark("地址可能有误，或内容不在您的管辖范围内。请从机构列表或违规项列表打开。")


class PageForbidden(PageError):  # noqa: N818 - see above
    """The page exists but is meant for another role."""

    code = "FORBIDDEN"
    title = mark("这个页面不在您的职责之内")
    advice = mark("这个页面供其他角色的人员使用。请从下面的入口继续；需要权限请联系本单位管理员。")


class BadQuery(PageError):  # noqa: N818 - see above
    """A value in the address cannot be read: a date, a page number or a filter."""

    code = "BAD_QUERY"
    title = mark("地址里有读不懂的内容")
    advice = mark("请核对日期（如 2026-05-03）、页码和筛选条件，或清除筛选后重新选择。")


class TooLarge(PageError):  # noqa: N818 - see above
    """More was sent than this address takes."""

    code = "TOO_LARGE"
    title = mark("提交的内容太大，没有接收")
    advice = mark("请回到原页面，减少附件或缩小文件后重新提交。")


class ForeignForm(PageError):  # noqa: N818 - see above
    """A form was sent from another site, or the page was open since before the last sign-in."""

    code = "FOREIGN_FORM"
    title = mark("这张表单已失效，没有提交")
    advice = mark("页面打开太久或来自别的网站。请回到原页面，刷新后重新填写。")


class OtherAccount(PageError):  # noqa: N818 - see above
    """What a phone sends was entered by another account than the one signed in."""

    code = "OTHER_ACCOUNT"
    title = mark("这些记录属于另一个账号")
    advice = mark("记录仍保存在本机。请用录入时的账号登录，再发送。")


class UnreadEntry(PageError):  # noqa: N818 - see above
    """What a phone sends cannot be read as rows of the register."""

    code = "ENTRY_UNREADABLE"
    title = mark("这条记录读不懂")
    advice = mark("请刷新页面后重新录入；若仍然如此，请联系技术支持。")


class PhotoRefused(PageError):  # noqa: N818 - see above
    """The photo is no JPEG, or not the one whose hash was named."""

    code = "PHOTO_REFUSED"
    title = mark("照片没有接收")
    advice = mark("照片应为 12 MB 以内的 JPEG，且在途中没有改动。请重新拍摄。")

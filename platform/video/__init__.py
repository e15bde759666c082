"""Looks into video files of strangers: what they hold, where they break, which codes can be read in the picture."""

from hengjian.platform.video.contact_sheet import ContactSheet as ContactSheet
from hengjian.platform.video.contact_sheet import contact_sheet as contact_sheet
from hengjian.platform.video.contact_sheet import sheet_order as sheet_order
from hengjian.platform.video.inspect_file import inspect_file as inspect_file
from hengjian.platform.video.report import ReadCode as ReadCode
from hengjian.platform.video.report import VideoLimits as VideoLimits
from hengjian.platform.video.report import VideoProblem as VideoProblem
from hengjian.platform.video.report import VideoReport as VideoReport

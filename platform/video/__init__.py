"""Looks into video files of strangers: what they hold, where they break, which codes can be read in the picture."""

from hengjian.platform.video.inspect_file import inspect_file as inspect_file
from hengjian.platform.video.report import ReadCode as ReadCode
from hengjian.platform.video.report import VideoLimits as VideoLimits
from hengjian.platform.video.report import VideoProblem as VideoProblem
from hengjian.platform.video.report import VideoReport as VideoReport

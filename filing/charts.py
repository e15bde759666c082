"""Every chart of reports and pages, in one place to look."""

from hengjian.filing.charts_counts import grade_counts as grade_counts
from hengjian.filing.charts_counts import verdict_counts as verdict_counts
from hengjian.filing.charts_counts import weekly_findings as weekly_findings
from hengjian.filing.charts_score import deduction_waterfall as deduction_waterfall
from hengjian.filing.charts_score import score_trend as score_trend
from hengjian.filing.charts_time import breach_intervals as breach_intervals

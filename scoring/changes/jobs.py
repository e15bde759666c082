"""What changes of rules make the worker do, beside judging: previews, shadow days, notices."""

from hengjian.scoring.changes.effects import TELL as TELL
from hengjian.scoring.changes.effects import tell_of_change as tell_of_change
from hengjian.scoring.changes.impact import IMPACT as IMPACT
from hengjian.scoring.changes.impact import preview as preview
from hengjian.scoring.changes.shadow import SHADOW as SHADOW
from hengjian.scoring.changes.shadow import judge_in_shadow as judge_in_shadow
from hengjian.scoring.changes.steps import APPROVED as APPROVED
from hengjian.scoring.changes.steps import IMPACT_WANTED as IMPACT_WANTED

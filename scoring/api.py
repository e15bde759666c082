"""The door to the law-book, facts, findings and scores."""

from hengjian.scoring.domain.credit import CreditModel as CreditModel
from hengjian.scoring.domain.credit import ProvisionalScore as ProvisionalScore
from hengjian.scoring.domain.credit import printed_score as printed_score
from hengjian.scoring.domain.facts import FACTS as FACTS
from hengjian.scoring.domain.facts import SUBJECTS as SUBJECTS
from hengjian.scoring.domain.judging import RuleInForce as RuleInForce
from hengjian.scoring.domain.lawbook import LawBook as LawBook
from hengjian.scoring.domain.lawbook import Pack as Pack
from hengjian.scoring.domain.rules import Rule as Rule
from hengjian.scoring.domain.rules import Wording as Wording
from hengjian.scoring.lawbook_files import load_lawbook as load_lawbook

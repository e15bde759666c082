"""The dossier (核验包): all that is needed to recompute a judgement, as canonical JSON that no byte of can change unseen.

RFC 8785 bytes, numbers as texts. Each section has its SHA-256, the whole has one over everything else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengjian.platform.proof.records import canonical
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.dossier_decisions import Cases, lives_of, write_cases
from hengjian.scoring.domain.dossier_inputs import Judgeable, write_history, write_subject
from hengjian.scoring.domain.dossier_result import decided_result, judge_all, rules_of
from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rule_content import types_of

FORMAT = "hengjian-dossier/2"
FIRST_FORMAT = "hengjian-dossier/1"
"""Without decisions: every breach counted as if it were confirmed. Still verified, no longer written."""
SECTIONS = ("about", "law", "inputs", "provenance", "result")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom and which days a dossier is about; `rule` and `finding` only where it is about one finding.

    `basis` says which findings count: `decisions` (as they were decided), in the first format `as_if_confirmed` (all).
    Facts and decisions are those known at `known_at`.
    """

    credit_code: str
    name: str
    region: str
    since: date
    as_of: date
    known_at: str
    basis: str
    rule: str | None = None
    finding: str | None = None


def make_dossier(
    about: About,
    *,
    packs: Sequence[Pack],
    model: CreditModel | None,
    subjects: Sequence[Judgeable],
    history: CreditHistory,
    cases: Cases,
    provenance: Sequence[Mapping[str, Any]],
) -> bytes:
    """Judge, score and seal. Without a model (a dossier of one finding) there is no score."""
    inputs = {
        "subjects": [write_subject(item) for item in subjects],
        "history": write_history(history),
        "decisions": write_cases(cases),
    }
    found = judge_all(subjects, rules_of(LawBook(tuple(packs)), about.region, about.rule))
    return seal(
        {
            "about": write_about(about),
            "law": {
                "packs": [
                    {"id": pack.id, "version": pack.version, "content": pack.content, "types": types_of(pack)}
                    for pack in packs
                ],
                "credit_model": None
                if model is None
                else {"id": model.id, "version": model.version, "content": model.content},
            },
            "inputs": inputs,
            "provenance": list(provenance),
            "result": decided_result(found, history, model, about.as_of, lives_of(cases)),
        }
    )


def write_about(about: About) -> Json:
    """The section that says what the dossier is about."""
    return {
        "credit_code": about.credit_code,
        "name": about.name,
        "region": about.region,
        "since": about.since.isoformat(),
        "as_of": about.as_of.isoformat(),
        "known_at": about.known_at,
        "basis": about.basis,
        "rule": about.rule,
        "finding": about.finding,
    }


def seal(sections: Mapping[str, Any], *, form: str = FORMAT) -> bytes:
    """The sections with their hashes, as canonical bytes."""
    hashes = {name: digest(sections[name]) for name in SECTIONS}
    body = {"format": form, **sections, "hashes": hashes}
    return canonical({**body, "hash": digest(body)})


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()

"""Hand out a dossier: prepared, remembered by its digests, and written to the audit."""

import hashlib
import json
from dataclasses import dataclass

from hengjian.platform.audit import record
from hengjian.platform.db import Session
from hengjian.platform.issued import Paper, keep_issued
from hengjian.scoring.domain.dossier import digest
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.prepare_dossier import DossierRequest, prepare_dossier
from hengjian.tenants.api import SupervisedOrganization

_SAID = ("law", "inputs", "result")


@dataclass(frozen=True, slots=True)
class IssuedDossier:
    """The bytes, the SHA-256 of the file, and a name of ASCII to keep it under."""

    content: bytes
    sha256: str
    file_name: str


async def issue_dossier(
    session: Session, organization: SupervisedOrganization, wanted: DossierRequest, *, lawbook: LawBook
) -> IssuedDossier:
    """The dossier of a score or finding, known from now on by the hash inside it and by that of the file.

    Raises:
        UnknownFindingError: the organization has no finding of that number.
        NoCreditModelError: no model is in force in the region on the day.
    """
    content = await prepare_dossier(session, organization, wanted, lawbook=lawbook)
    document = json.loads(content)
    file_hash = hashlib.sha256(content).hexdigest()
    about = wanted.finding or f"score-{organization.credit_code}-{wanted.region}"
    said = digest({name: document["hashes"][name] for name in _SAID})
    await keep_issued(
        session,
        Paper((document["hash"], file_hash), said),
        series=("dossier", str(organization.id), about, wanted.as_of.isoformat()),
        issued_at=wanted.known_at,
    )
    await record(session, "dossier.download", target=about, tenant_id=organization.id, detail={"sha256": file_hash})
    return IssuedDossier(content, file_hash, f"hengjian-dossier-{about}-{wanted.as_of.isoformat()}.json")

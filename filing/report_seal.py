"""What a printed report is verified by: the digest of all it says, and a QR code that leads to the verification page."""

import base64
import hashlib
import io
from dataclasses import dataclass

import msgspec
import segno

from hengjian.filing.domain.compliance_report import ComplianceReport
from hengjian.filing.texts import Language

_MODULE = 4
"""Drawn size of one module of the code, px; on paper the sheet sets its width."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Printed on the first page: address and digest as text, and the same address as a picture."""

    address: str
    digest: str
    picture: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The digest in groups of eight, for people who compare."""
        return tuple(self.digest[at : at + 8] for at in range(0, len(self.digest), 8))


def report_digest(report: ComplianceReport, language: Language) -> str:
    """SHA-256 over everything that a report says, in hexadecimal; it is known before the report is drawn."""
    return hashlib.sha256(msgspec.json.encode([language, report], order="sorted")).hexdigest()


def seal_of(digest: str, *, public_url: str) -> Seal:
    """The seal for a digest, on the deployment that people reach under `public_url`."""
    address = f"{public_url.rstrip('/')}/verify"
    drawing = io.BytesIO()
    segno.make(f"{address}?digest={digest}", error="m", micro=False).save(drawing, kind="svg", scale=_MODULE, border=4)
    return Seal(address, digest, f"data:image/svg+xml;base64,{base64.b64encode(drawing.getvalue()).decode()}")

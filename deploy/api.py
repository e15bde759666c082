"""The API for machines, put together from what the deployment has."""

import hmac
from dataclasses import asdict

from litestar import Router

from hengjian.deploy.services import Services
from hengjian.graphql.context import Means
from hengjian.graphql.http import graphql_router
from hengjian.graphql.limits import Limits
from hengjian.ingestion.api import PushRules
from hengjian.scoring.api import KeptLawBook, load_lawbook
from hengjian.tenants.api import KeyDesk, Sealer, load_regions


def push_rules(services: Services) -> PushRules:
    """What every push is checked with; the key of fingerprints is made from the deployment's own and never leaves."""
    sealer = Sealer(hmac.digest(services.key, b"identity-fingerprint", "sha256"))
    return PushRules(sealer=sealer, regions=load_regions().codes())


def api_router(services: Services) -> Router:
    """`/graphql` and the published schema."""
    means = Means(
        database=services.database,
        rules=push_rules(services),
        kept_lawbook=KeptLawBook(load_lawbook()),
        signer=services.signer,
        public_url=services.settings.web.url,
    )
    return graphql_router(
        means,
        limits=Limits(**asdict(services.settings.limits)),
        keys=KeyDesk(services.database),
    )

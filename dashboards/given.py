"""What a handler is given by its router, as it is: Litestar would otherwise take these records apart to check them."""

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from hengjian.dashboards.site import Site
from hengjian.dashboards.visitor import Visitor

GivenSite = NamedDependency[SkipValidation[Site]]
GivenGuest = NamedDependency[SkipValidation[Visitor | None]]
GivenVisitor = NamedDependency[SkipValidation[Visitor]]

"""What a handler is given by its router, as it is: Litestar would otherwise take these records apart to check them."""

from typing import Annotated

from litestar.params import Dependency

from hengjian.dashboards.site import Site
from hengjian.dashboards.visitor import Visitor

GivenSite = Annotated[Site, Dependency(skip_validation=True)]
GivenVisitor = Annotated[Visitor, Dependency(skip_validation=True)]

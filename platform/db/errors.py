"""What the database layer refuses."""


class OutsideJurisdictionError(Exception):
    """The organization asked for does not serve the caller's region, or does not exist (the two look alike)."""

    code = "NOT_FOUND"


class NoContextError(Exception):
    """A caller without tenant or region asked for a role that needs one."""

    code = "FORBIDDEN"

class ChartSpecError(ValueError):
    """A chart specification that reaches outside itself, or that Vega-Lite cannot draw."""

    code = "CHART_SPEC_REFUSED"

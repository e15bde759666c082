from hengjian.platform.charts.errors import ChartSpecError as ChartSpecError
from hengjian.platform.charts.render import PRINT_FONT as PRINT_FONT
from hengjian.platform.charts.render import SCREEN_FONT as SCREEN_FONT
from hengjian.platform.charts.render import VEGA_LITE_VERSION as VEGA_LITE_VERSION
from hengjian.platform.charts.render import render_svg as render_svg
from hengjian.platform.charts.render import theme as theme

"""Draws charts for the web process: one JSON request a line in, one answer a line out, until the input ends.

The renderer holds the interpreter for half a second a chart; in a process of its own it never holds up a page.
"""

import json
import os
import signal
import sys

from hengjian.platform.charts import ChartSpecError, render_svg


def main() -> None:
    """Answers `{spec, width, name}` with `{svg}`; null where the specification cannot be drawn."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            svg = render_svg(asked["spec"], asked["width"], name=asked["name"])
        except ChartSpecError:
            svg = None
        sys.stdout.write(json.dumps({"svg": svg}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

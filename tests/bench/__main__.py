"""`make bench`: measure, print a table, write var/bench.json. A name (`make bench NAME=push`) picks measurements."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    sys.exit(import_module("tests.bench.runner").main(sys.argv[1:]))

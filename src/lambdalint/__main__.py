"""`python -m lambdalint`."""

import sys

from lambdalint.cli.main import run

if __name__ == "__main__":
    sys.exit(run())

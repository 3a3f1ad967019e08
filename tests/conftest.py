"""Makes the cases of `tests/rules/rule_cases.py` known to every folder of tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "rules"))

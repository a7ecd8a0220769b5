"""`python -m till`."""

from __future__ import annotations

import sys

from till.cli import main

sys.exit(main())

"""The sandbox gateway beside the running site, on the site's clock.

    python -m tests.browser.gateway --port 8123 --db file --secret …

Signatures carry the time and are refused when they are minutes old; the site's clock stands in May. Here it goes on from
what the site's clock says, as fast as ours.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.browser.site import FileClock

_started, _real = time.time(), time.time
_clock = FileClock(Path(os.environ["PASEO_VAR"]) / "clock")


def _time() -> float:
    return _clock.now().timestamp() + _real() - _started


if __name__ == "__main__":
    time.time = _time
    from outside.sandbox_gateway.__main__ import main

    sys.exit(main())

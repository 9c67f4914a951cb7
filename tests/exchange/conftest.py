"""What several format tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallway.exchange import frab_xml
from hallway.exchange.programme import Programme


@pytest.fixture(scope="session")
def congress(shared: Path) -> Programme:
    """The largest real programme, read once."""
    return frab_xml.read((shared / "schedule-38c3/schedule.xml").read_bytes())

"""What the log says of who read what."""

import logging

import pytest

from hdh_portal.operations import lecture


@pytest.fixture
def readers():
    """Nobody has read anything yet."""
    lecture.READERS.__init__()


@pytest.fixture
def lines(caplog, readers):
    """`[(view, dossier, actor)]` of the log so far."""
    caplog.set_level(logging.INFO, logger="hdh_portal.lecture")

    def told():
        found = [record for record in caplog.records if record.message == "dossier read"]
        return [(record.view, record.dossier, record.actor) for record in found]

    return told

"""The migrated file of the tests: who comes after begins with it."""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings

from tests import migrated

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_next_run_begins_with_the_file_that_this_one_has_kept(tmp_path, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"]["TEST"], "NAME", tmp_path / "test.sqlite3")
    assert migrated.take() is True
    with closing(sqlite3.connect(tmp_path / "test.sqlite3")) as taken:
        assert taken.execute("SELECT count(*) FROM django_migrations WHERE app = 'jury'").fetchone()[0] > 0

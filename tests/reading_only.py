"""A GET writes nothing, neither in the database nor in the folder of files: watched in every request of the tests."""

import contextlib
import re

from django.conf import settings
from django.db import connection
from django.test import Client

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# A session knows when its person was last here, and ends or goes on under another key; a page that failed is kept;
# allauth makes recovery codes anew where they are shown without ever having been.
NO_ACT = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(?:django_session|records_attempt|mfa_authenticator)"')
SAFE = ("GET", "HEAD")


@contextlib.contextmanager
def writes():
    """The statements that write to the database, and the folder of files if anything was stored in it."""
    found, folder = [], settings.DATA_DIR / "files"

    def watch(execute, sql, params, many, context):
        if sql.startswith(WRITING) and not NO_ACT.match(sql):
            found.append(sql)
        return execute(sql, params, many, context)

    # Whatever is stored begins as a file of this folder.
    before = folder.stat().st_mtime_ns if folder.exists() else None
    with connection.execute_wrapper(watch):
        yield found
    if folder.exists() and folder.stat().st_mtime_ns != before:
        found.append(str(folder))


@contextlib.contextmanager
def watched():
    """Inside, no client gets an answer to a GET that wrote."""
    plain = Client.request

    def request(self, **environ):
        if environ["REQUEST_METHOD"] not in SAFE:
            return plain(self, **environ)
        with writes() as written:
            response = plain(self, **environ)
        assert written == [], f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} writes {written}"
        return response

    Client.request = request
    yield
    Client.request = plain

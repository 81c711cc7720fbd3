"""Rows of a queryset that names no order come back shuffled: PostgreSQL promises none, and SQLite happens to keep one.

A test that passes by the order of insertion is seen here, not in production.
"""

import random

from django.db.models.query import QuerySet


class Disorder:
    """Stands between querysets and their rows while the tests run; a test always has the same shuffles."""

    def __init__(self):
        self._random, self._fetch_all, self._iterate = random.Random(), QuerySet._fetch_all, QuerySet._iterator

    def seed(self, text):
        self._random.seed(text)

    def enter(self):
        disorder, fetch_all, iterate = self, self._fetch_all, self._iterate

        def shuffled_rows(rows):
            is_new = rows._result_cache is None
            fetch_all(rows)
            if is_new and not rows.ordered:
                disorder._random.shuffle(rows._result_cache)

        def shuffled_stream(rows, use_chunked_fetch, chunk_size):
            stream = iterate(rows, use_chunked_fetch, chunk_size)
            if rows.ordered:
                return stream
            known = list(stream)
            disorder._random.shuffle(known)
            return iter(known)

        QuerySet._fetch_all, QuerySet._iterator = shuffled_rows, shuffled_stream

    def leave(self):
        QuerySet._fetch_all, QuerySet._iterator = self._fetch_all, self._iterate

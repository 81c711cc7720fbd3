"""What those who run the portal learn from every request: its time and status, and who read which dossier."""

import time

from psycopg2.errors import LockNotAvailable

from hdh_portal.ground import metrics
from hdh_portal.operations import lecture, logs, stamps

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class WatchMiddleware:
    """Stands first: says in every line of the log which request it belongs to, and counts the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started, token = time.perf_counter(), logs.request_in_hand.set(request)
        try:
            response = self.get_response(request)
        finally:
            logs.request_in_hand.reset(token)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        # What a client calls its method is no label: there would be as many as it can think of.
        method = request.method if request.method in METHODS else "other"
        metrics.requests.labels(view, method, f"{response.status_code // 100}xx").inc()
        metrics.request_seconds.labels(view).observe(time.perf_counter() - started)
        stamps.SEEN.note(request.META)
        return response


class ReadingMiddleware:
    """Stands last, where the person is known: notes what was read, and which page could not have its lock."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        lecture.note(request, response)
        return response

    def process_exception(self, request, exception):
        """PostgreSQL's `lock_timeout`, wherever on the way of a page it came."""
        if isinstance(exception.__cause__, LockNotAvailable):
            metrics.lock_timeouts.inc()

"""gunicorn's settings, from the environment: the same for `make serve` and for the units of docs/deploy."""

import os

from hdh_portal.ground.garbage import spare_what_is_loaded

bind = os.environ.get("HDH_BIND") or "127.0.0.1:8000"
workers = int(os.environ.get("HDH_WEB_PROCESSES") or 2)
threads = 4
worker_class = "hdh_portal.web.serving.Worker"
logger_class = "hdh_portal.operations.logs.GunicornLogger"
limit_request_line = 8190
timeout = 60
graceful_timeout = 20
control_socket_disable = True


def post_worker_init(_worker):
    """gunicorn's hook: the portal is loaded in this process, and the first request is still to come."""
    spare_what_is_loaded()

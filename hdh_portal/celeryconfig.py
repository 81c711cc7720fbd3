"""Celery's settings, from Django's."""

from django.conf import settings
from kombu import Queue

from hdh_portal.ground import folderbroker, queues

task_ignore_result = True
task_acks_late = True
worker_prefetch_multiplier = 1
task_soft_time_limit = 60
task_time_limit = 75
task_publish_retry = False
worker_enable_remote_control = False
worker_hijack_root_logger = False
broker_connection_retry_on_startup = True
timezone = "Europe/Paris"
task_queues = [Queue(name, routing_key=name) for name in queues.MAILS + queues.PAPERS]
task_default_queue = task_default_routing_key = "agenda"
task_routes = {"hdh_portal.records.tasks.sweep": {"queue": "again"}}
beat_schedule = {
    "sweep": {"task": "hdh_portal.records.tasks.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "sessions": {"task": "hdh_portal.accounts.tasks.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
    "uploads": {"task": "applications.tasks.judge_uploads", "schedule": 10.0, "options": {"expires": 10}},
    "files": {"task": "hdh_portal.operations.tasks.sweep_files", "schedule": 3600.0, "options": {"expires": 3600}},
    "evidence": {"task": "applications.tasks.publish_heads", "schedule": 60.0, "options": {"expires": 60}},
    "proxy pages": {
        "task": "hdh_portal.operations.tasks.write_proxy_pages",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
if settings.REDIS_URL:
    broker_url = settings.REDIS_URL
    # One task for each process of the pool, counted by the tasks in hand. Counted by what Redis was told, as is usual,
    # a worker whose Redis died while it worked would wait for ever: kombu never forgets what it could not acknowledge.
    worker_prefetch_multiplier = 0
    worker_disable_prefetch = True
    # A silent Redis must never hold a response: a third of a second, no second try.
    broker_transport_options = {
        "socket_connect_timeout": 0.3,
        "socket_timeout": 0.3,
        "retry_on_timeout": False,
        "max_retries": 0,
        "visibility_timeout": 300,
        "queue_order_strategy": "priority",
    }
else:
    broker_url = f"{folderbroker.SCHEME}://localhost//"  # a host, so that kombu does not warn that it chose one
    broker_transport_options = {
        "data_folder_in": str(settings.BROKER_DIR / "queue"),
        "data_folder_out": str(settings.BROKER_DIR / "queue"),
        "control_folder": str(settings.BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }

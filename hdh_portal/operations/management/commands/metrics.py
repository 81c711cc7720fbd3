"""`manage.py metrics`: the numbers of the portal as Prometheus reads them, on a private address only."""

import ipaddress
import socket

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from prometheus_client import start_http_server

from hdh_portal.operations import exposition


def private_address(bind):
    """`(address, port)` of `host:port`; refuses one that others than this machine's own network could reach."""
    host, _, port = bind.rpartition(":")
    try:
        address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0][4][0]
    except (OSError, ValueError) as error:
        raise CommandError(f"HDH_METRICS_BIND={bind} is no host:port of this machine.") from error
    found = ipaddress.ip_address(address)
    if found.is_unspecified or not found.is_private:
        raise CommandError(f"HDH_METRICS_BIND={bind} is not private: metrics are for this machine or its own network.")
    return address, int(port)


class Command(BaseCommand):
    help = "Serve the metrics of every process at HDH_METRICS_BIND until it is ended."
    requires_system_checks = ()

    def handle(self, **options):
        """Answer until a signal comes."""
        if not settings.HDH_METRICS_BIND:
            raise CommandError("HDH_METRICS_BIND is empty: give a private address such as 127.0.0.1:9100.")
        address, port = private_address(settings.HDH_METRICS_BIND)
        registry = exposition.registry(settings.METRICS_DIR)
        _server, answering = start_http_server(port, address, registry)
        answering.join()

"""`make healthy`: exit status 0 if this machine's web process answers /healthz with 200."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main():
    """Ask as the proxy would: the host name of HDH_BASE_URL, over the socket of HDH_BIND."""
    port = int((os.environ.get("HDH_BIND") or "127.0.0.1:8000").rpartition(":")[2])
    host = urlsplit(os.environ.get("HDH_BASE_URL", "")).hostname or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        answer = connection.getresponse()
    except OSError as error:
        return f"nothing answers on port {port}: {error}"
    return None if answer.status == 200 else f"/healthz answers {answer.status}: {answer.read(200).decode()}"


if __name__ == "__main__":
    sys.exit(main())

"""nginx with `docs/nginx.conf`, its ports, places and certificate those of a folder of our own."""

import contextlib
import os
import re
import shutil
import subprocess
import time

from bench.attacking.web import Visitor
from tests.service.processes import free_port

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def certificate(folder):
    """A certificate that nobody vouches for, good for a day, under the names that the configuration gives."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    made += ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(made, check=True, capture_output=True)


def configuration(text, folder, port, portal):
    """The configuration of a tree, for this machine and whatever nginx it has."""
    changes = {
        r"listen 80 ": f"listen 127.0.0.1:{free_port()} ",
        r"listen 443 ssl( http2)?": f"listen 127.0.0.1:{port} ssl",
        r"\n *http2 on;": "",
        r"server web:8000": f"server 127.0.0.1:{portal}",
        r"/etc/nginx/tls": str(folder),
        r"(?m)^user .*$": "",
        r"(?m)^pid .*$": f"pid {folder}/nginx.pid;",
        r"/dev/std(out|err)|/var/log/nginx/\w+\.log": f"{folder}/nginx.log",
        r"/srv/proxy-pages": f"{folder}/data/proxy",
        r"\nhttp \{": "\nhttp { " + " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY),
    }
    for pattern, new in changes.items():
        text = re.sub(pattern, lambda _found, new=new: new, text)
    # The folders of a test are closed to whom nginx would become.
    return f"user root;\n{text}" if os.geteuid() == 0 else text


@contextlib.contextmanager
def proxied(root, folder, portal):
    """The nginx of a tree before the portal of a port, once it answers; gives its own port."""
    port, path = free_port(), folder / "nginx.conf"
    certificate(folder)
    path.write_text(configuration((root / "docs" / "nginx.conf").read_text(), folder, port, portal))
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    with (folder / "nginx.err").open("w") as log:
        process = subprocess.Popen([program, "-c", path, "-g", "daemon off;"], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while Visitor(port).ask("GET", "/proxy-health").status != 204:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"nginx does not start: {(folder / 'nginx.err').read_text()}")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)

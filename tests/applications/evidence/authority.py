"""A time stamping authority of the test's own: openssl's `ts`, asked over HTTP on the loopback."""

import contextlib
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """Keys and certificates in a folder; `answer(query)` is what `openssl ts -reply` says."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.ca, self.asked = folder, folder / "ca.pem", 0
        (folder / "serial").write_text("01", encoding="ascii")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), encoding="ascii")
        (folder / "usage.cnf").write_text("extendedKeyUsage=critical,timeStamping\n", encoding="ascii")
        key = ["-newkey", "rsa:2048", "-nodes", "-days", "30"]
        self._run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", f"/CN=Racine {folder.name}")
        self._run("req", *key[:3], "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Horodatage")
        signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "usage.cnf", "-days", "30"]
        self._run("x509", "-req", "-in", "tsa.csr", *signed, "-out", "tsa.pem")

    def answer(self, query):
        self.asked += 1
        (self.folder / "query.tsq").write_bytes(query)
        made = ["-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr"]
        self._run("ts", "-reply", *made)
        return (self.folder / "answer.tsr").read_bytes()

    def verify(self, digest, answer):
        """True if `openssl ts -verify` takes the answer for that digest, as a stranger would ask it."""
        (self.folder / "kept.tsr").write_bytes(answer)
        command = ["openssl", "ts", "-verify", "-digest", digest, "-in", "kept.tsr", "-CAfile", "ca.pem"]
        return subprocess.run(command, cwd=self.folder, capture_output=True).returncode == 0

    def _run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    @contextlib.contextmanager
    def serving(self):
        """Its address, while it answers."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_parts):
                """Nothing on the error output."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()

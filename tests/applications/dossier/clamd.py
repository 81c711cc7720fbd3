"""A real clamd on a Unix socket, with signatures of the test's own: no database can be fetched here."""

import contextlib
import shutil
import subprocess
import time
from pathlib import Path

CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"
MARK = b"CECI EST UN FAUX VIRUS DU PORTAIL"
WAIT_SECONDS = 90
CONFIGURATION = """\
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
PidFile {folder}/clamd.pid
Foreground yes
StreamMaxLength {most}
ConcurrentDatabaseReload no
"""


@contextlib.contextmanager
def running(folder, *, most="1M"):
    """Gives the path of its socket, once clamd answers; it ends with the test. `most`: what a stream may weigh."""
    (folder / "signatures").mkdir(parents=True)
    # A signature by content: name, any kind of file, anywhere in it, the bytes in hexadecimal.
    (folder / "signatures" / "own.ndb").write_text(f"Portail.Faux-Virus:0:*:{MARK.hex()}\n")
    settings = Path(folder, "clamd.conf")
    settings.write_text(CONFIGURATION.format(folder=folder, most=most))
    process = subprocess.Popen([CLAMD, "--config-file", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while not Path(folder, "clamd.sock").exists():
            assert process.poll() is None and time.monotonic() < deadline, "clamd does not start"
            time.sleep(0.1)
        yield str(folder / "clamd.sock")
    finally:
        process.terminate()
        process.wait(timeout=30)

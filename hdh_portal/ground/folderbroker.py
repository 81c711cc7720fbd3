"""Kombu's transport over a folder, where a message is seen once it is whole.

Kombu's own opens the file of a message in the queue and writes into it afterwards: a worker that looks in between takes
an empty message, and ends by it (kombu/transport/filesystem.py, `_put` and `_get`).
"""

import time
import uuid
from pathlib import Path

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "folder"


class Channel(filesystem.Channel):
    """Writes each message aside, under a name that no queue has, and renames it."""

    def _put(self, queue, payload, **kwargs):
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        aside = whole.with_name(f"{name}.part")
        aside.write_text(dumps(payload))
        aside.rename(whole)


class Transport(filesystem.Transport):
    """The transport of `folder://`."""

    Channel = Channel


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"

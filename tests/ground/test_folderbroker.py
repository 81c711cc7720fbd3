"""The broker in a folder: a worker never sees a message that is being written."""

import pytest
from kombu import Connection

from hdh_portal.ground import folderbroker

pytestmark = pytest.mark.embedded


class Watching:
    """A part of a message; as it is written it looks whether the queue has the message already."""

    def __init__(self, channel):
        self.channel, self.seen = channel, None

    def __json__(self):
        self.seen = self.channel._size("agenda")
        return "whole"


def test_message_is_in_the_queue_once_it_is_whole(tmp_path):
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    url = f"{folderbroker.SCHEME}://localhost//"
    with Connection(url, transport_options={**folders, "store_processed": False}) as connection:
        channel = connection.default_channel
        watching = Watching(channel)
        channel._put("agenda", {"body": watching})
        assert watching.seen == 0
        assert channel._size("agenda") == 1
        assert channel._get("agenda") == {"body": "whole"}

"""Pictures, honest and hostile."""

import io
import struct
import zlib

from PIL import Image


def picture(kind, size=(60, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, (10, 88, 80)).save(out, kind)
    return out.getvalue()


def giant_png(width, height):
    """A PNG that promises width × height and holds nothing of it."""

    def chunk(name, data):
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def giant_jpeg():
    return picture("JPEG").replace(struct.pack(">HH", 40, 60), struct.pack(">HH", 60_000, 60_000))

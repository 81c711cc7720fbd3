"""Judge a ZIP as a container of office documents: its names, its sizes, its edges. Runs in the sandbox."""

import re
import stat
import struct
import zipfile

from applications.dossier.confined import Found

MOST_ENTRIES = 4000
LARGEST_TOTAL = 150_000_000
LARGEST_RATIO = 200  # sheets of equal rows reach 100; deflate can reach 1032
SMALL = 1_000_000  # below this size no ratio is a danger
CHUNK = 262_144
LOCAL_HEADER, END_RECORD = 30, 22  # bytes, APPNOTE.TXT 4.3.7 and 4.3.16
LOCATOR = 20
LARGE_END = 56 + LOCATOR  # of an archive that was written as a large one
COMMENT, LONGEST_COMMENT = re.compile(rb"[^\0-\x08\x0b\x0c\x0e-\x1f\x7f<]*"), 1024  # a text, no page and no program
ENCRYPTED_FLAGS = 0x1 | 0x40
# Files that hide inside a document, by their first bytes.
FOREIGN_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"%PDF-", b"Rar!", b"7z\xbc\xaf")


def is_archive(path):
    """True if the end of the file is that of a ZIP: readers of archives begin at the end, wherever it starts."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def checked(archive, file):
    """The entries of an archive, read from an open `file`, after every check that needs headers only.

    Raises `Found`.
    """
    entries = archive.infolist()
    if not entries:
        raise Found("unreadable")
    if len(entries) > MOST_ENTRIES:
        raise Found("bomb")
    for entry in entries:
        _judge_entry(entry)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Found("names")
    if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        raise Found("bomb")
    _judge_edges(entries, file, archive.comment)
    return [entry for entry in entries if not entry.is_dir()]


def _judge_entry(entry):
    if entry.flag_bits & ENCRYPTED_FLAGS:
        raise Found("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Found("unreadable")
    if not _is_plain(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
        raise Found("names")
    if entry.file_size > SMALL and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
        raise Found("bomb")


def _is_plain(name):
    """True for a relative name with forward slashes that climbs nowhere and shows every character it has."""
    parts = name.rstrip("/").split("/")
    return (
        bool(name) and not re.search(r"[\\:\0-\x1f\x7f]", name) and all(part not in ("", ".", "..") for part in parts)
    )


def _judge_edges(entries, file, comment):
    """Entries follow one another, then the directory, then the end: nothing overlaps and nothing is put around them.

    A comment that is a line of text may stand at the end, as some programs leave one.
    """
    if len(comment) > LONGEST_COMMENT or not COMMENT.fullmatch(comment):
        raise Found("polyglot")
    size = file.seek(0, 2) - len(comment)
    file.seek(max(0, size - LARGE_END - END_RECORD))
    end = file.read(size - file.tell())
    directory = _directory(end, size)
    in_order = sorted(entries, key=lambda entry: entry.header_offset)
    limits = [entry.header_offset for entry in in_order[1:]] + [directory]
    for entry, limit in zip(in_order, limits, strict=True):
        if entry.header_offset + LOCAL_HEADER + len(entry.orig_filename) + entry.compress_size > limit:
            raise Found("bomb")


def _directory(end, size):
    """Where the directory of an archive begins, by its last bytes before a comment; `size`: where these end.

    An archive that was written as a large one ends with three records (APPNOTE.TXT 4.3.14 to 4.3.16).
    """
    record = end[-END_RECORD:]
    if record[:4] != b"PK\x05\x06":
        raise Found("polyglot")
    length, directory = struct.unpack("<LL", record[12:20])
    after = size - END_RECORD
    large = end[-END_RECORD - LARGE_END : -END_RECORD]
    if large[-LOCATOR : -LOCATOR + 4] == b"PK\x06\x07" and large[:4] == b"PK\x06\x06":
        length, directory = struct.unpack("<QQ", large[40:56])
        after -= LARGE_END
    if directory + length != after:
        raise Found("polyglot")
    return directory


def contents(archive, entry, keep, *, is_file=False):
    """Read one entry in chunks, counting; its bytes if `keep`, else empty.

    Raises `Found` for a file in the file, unless it `is_file`: one that is judged by itself.

    The size that was read is compared with the size that was promised (`zipfile` also compares the check sum), so
    headers that lie end here.
    """
    kept, count = bytearray(), 0
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            if count == 0 and not is_file and chunk.startswith(FOREIGN_STARTS):
                raise Found("embedded")
            count += len(chunk)
            if keep:
                kept += chunk
    if count != entry.file_size:
        raise Found("unreadable")
    return kept

"""The bytes of files, and whether they can hold anything for us.

Like ``discovery`` it imports nothing that costs time.
"""

from __future__ import annotations

import os
import stat

from .forms import (
    MOST_BYTES,
    MOST_BYTES_OF_NOTEBOOK,
    NOTEBOOK,
    PYTHON,
    is_ruled_out,
    may_deploy,
    uses_sdk,
)

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FIRST = 1 << 18
"""Most files are shorter: they are read at once, and what comes back shows that they have ended."""

_CHUNK = 1 << 20
_LONGEST_WORD = 64


class Reader:
    """Reads files, most of them no further than into a buffer of its own."""

    __slots__ = ("_buffer", "_into")

    def __init__(self) -> None:
        self._buffer = bytearray(_FIRST)
        self._into = (self._buffer,)

    def read(self, path: str, form: str, *, keep: bool) -> tuple[bytes, bool]:
        """The bytes of a regular file, and whether it can hold anything for us.

        Without ``keep`` no bytes come back of a file that is ruled out. Of a file that is larger
        than what is analysed, only the first part comes back. Never waits for a pipe, nor takes
        anything out of it. Raises ``OSError``.
        """
        handle = os.open(path, _FLAGS)
        try:
            end = self._fill(handle)  # a pipe and a terminal refuse to be read so
            if end == _FIRST:
                return _read_long(handle, form, bytes(self._buffer))
        finally:
            os.close(handle)
        if not keep and is_ruled_out(form, self._buffer, end):
            return b"", False
        data = bytes(memoryview(self._buffer)[:end])
        return data, may_deploy(form, data)

    if hasattr(os, "preadv"):

        def _fill(self, handle: int) -> int:
            """Read the beginning of a file into the buffer; returns how many bytes that are."""
            return os.preadv(handle, self._into, 0)

    else:

        def _fill(self, handle: int) -> int:
            data = _read_at(handle, _FIRST, 0)
            self._buffer[: len(data)] = data
            return len(data)


def _read_long(handle: int, form: str, data: bytes) -> tuple[bytes, bool]:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "it is not a regular file")
    most = MOST_BYTES_OF_NOTEBOOK if form is NOTEBOOK else MOST_BYTES
    while len(data) <= most:
        size = min(max(status.st_size, most) - len(data) + 1, _CHUNK)
        part = _read_at(handle, max(size, 1), len(data))
        if not part:
            return data, may_deploy(form, data)
        data += part
    return data, _long_file_may_deploy(handle, form, data)


def _long_file_may_deploy(handle: int, form: str, data: bytes) -> bool:
    """``may_deploy`` for a file that is read piece by piece: each word may be anywhere."""
    offset = len(data)
    azure = words = False
    while data:
        if form is PYTHON:
            azure = azure or b"azure" in data
            words = words or uses_sdk(data)
        else:
            azure = words = may_deploy(form, data)
        if azure and words:
            return True
        part = _read_at(handle, _CHUNK, offset)
        offset += len(part)
        data = data[-_LONGEST_WORD:] + part if part else b""
    return False


def _seek_and_read(handle: int, size: int, offset: int) -> bytes:
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, size)


_read_at = getattr(os, "pread", _seek_and_read)

"""Reading a record from a file or standard input; writing files whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hbv_engine.cli.failures import FileError
from hbv_engine.cli.words import word
from hbv_engine.errors import InputFormatError
from hbv_engine.model import MAX_BYTES, Record, parse_json, read_record

STDIN = "-"
PUBLIC_MODE = 0o644


def read_input(name: str) -> bytes:
    """Return the bytes of a file or of standard input; never more than a record may have.

    Raises:
        InputFormatError: the input is too large; the rest of it is not read.
        FileError: the file cannot be read.
    """
    try:
        if name == STDIN:
            return _bounded(sys.stdin.buffer.read(MAX_BYTES + 1), None)
        with Path(name).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _bounded(file.read(MAX_BYTES + 1), size)
    except OSError as error:
        raise unreadable(name, error) from None


def _bounded(data: bytes, size: int | None) -> bytes:
    if len(data) > MAX_BYTES:
        raise InputFormatError(
            "The input is too large for one person's record.",
            value=f"{size:,} bytes" if size else f"more than {MAX_BYTES:,} bytes",
            accepted=f"up to {MAX_BYTES:,} bytes",
            remedy="Give one person's record. For many people use `hbv cohort`.",
        )
    return data


def unreadable(name: str, error: OSError) -> FileError:
    """Return the error for a file that cannot be opened or written."""
    reason = "There is no file" if isinstance(error, FileNotFoundError) else "Cannot use the file"
    detail = "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"
    return FileError(
        f"{reason} {name!r}{detail}.",
        value=name,
        accepted="the path of a record in JSON, or - for standard input",
        remedy="Check the path, or run `hbv ask FILE` to make a record by answering questions.",
    )


def read_record_file(name: str, *, as_of: dt.date | None) -> Record:
    """Return the checked record of a file, seen from ``as_of``, its own day, or today.

    Raises:
        RecordError: the record cannot be used.
        FileError: the file cannot be read.
    """
    data = parse(read_input(name))
    if isinstance(data, dict) and (as_of is not None or "as_of" not in data):
        data = {**data, "as_of": str(as_of or today())}
    record: Record = read_record(data)
    return record


def parse(text: bytes) -> Any:
    """Return the JSON data of a record, with the engine's own errors for what is not JSON."""
    return parse_json(text)


def today() -> dt.date:
    """Return the day by the clock; only the command line looks at it."""
    return dt.datetime.now().astimezone().date()


def write_record(path: Path, record: Record) -> None:
    """Write a record so that the file is always the old one or the new one, never half of it.

    Raises:
        FileError: the file cannot be written.
    """
    data = record.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps({"as_of": str(record.as_of), **data}, ensure_ascii=False, indent=2)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


@contextmanager
def replacing(path: Path, *, private: bool = True) -> Iterator[Path]:
    """Give a temporary file beside ``path`` that takes its place if, and only if, all goes well.

    A private file can be read by its owner only, as a person's data should be.

    Raises:
        FileError: the folder does not exist or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:40]}.", suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _flush(temporary)
            if not private:
                temporary.chmod(PUBLIC_MODE)
            temporary.replace(path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise unwritable(path, error) from None


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def unwritable(path: Path, error: OSError) -> FileError:
    """Return the error for a file that cannot be written."""
    return FileError(
        f"Cannot write {str(path)!r} ({error.strerror}).",
        value=str(path),
        accepted="a path in a folder that exists and can be written",
        remedy="Choose another path; nothing was changed.",
    )


def warn_future(record: Record, as_of: dt.date | None, language: str) -> None:
    """Say on standard error that a record's own day lies in the future; nobody asked for that."""
    if as_of is None and record.as_of > today():
        sys.stderr.write(word("future", language, date=record.as_of) + "\n")

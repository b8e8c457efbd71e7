"""The text of a photo, by Tesseract. Nothing is written to disk, and nothing is repaired."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from bot.report.errors import (
    MalformedError,
    TimeLimitError,
    TooLargeError,
    ToolMissingError,
    WithoutTextError,
)
from bot.report.words import CJK

LANGUAGES = ("eng", "chi_sim")
MAX_PIXELS = 40_000_000
SURE = 60.0
_SECONDS = 60
_WIDTH = 2000
_ACCEPTED = "a PNG, JPEG or WebP picture of at most 40 million pixels"
_AGAIN = "Take the photo again, straight from above in good light, or type the values."
_GAP = 1.1
_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a photo: the text, and the places that were hardly legible."""

    text: str
    unsure: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[int, int, int]
    left: int
    width: int
    height: int
    confidence: float
    text: str


def photo_text(data: bytes) -> Read:
    """Return what Tesseract reads in a picture.

    Raises:
        ToolMissingError: Tesseract or one of its languages is not installed.
        MalformedError: not a picture that can be opened.
        TooLargeError: too many pixels.
        TimeLimitError: reading took too long.
        WithoutTextError: no letters were found.
    """
    program = _program()
    words = list(_words(_run(program, _prepared(data))))
    if not words:
        raise WithoutTextError(
            "No letters were found in this picture.",
            value="an empty page",
            accepted=_ACCEPTED,
            remedy=_AGAIN,
        )
    return _laid_out(words)


def _program() -> str:
    program = shutil.which("tesseract")
    have = _languages(program) if program else set()
    missing = [language for language in LANGUAGES if language not in have]
    if program and not missing:
        return program
    raise ToolMissingError(
        "Photos cannot be read on this machine.",
        value=f"missing: {'tesseract' if not program else ', '.join(missing)}",
        accepted="Tesseract with the languages eng and chi_sim",
        remedy="On Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim.",
    )


def _languages(program: str) -> set[str]:
    done = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False
    )
    return set(done.stdout.split())


def _prepared(data: bytes) -> bytes:
    """Return the picture upright, straight, grey and large enough, as PNG in memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(picture.width * picture.height)
            grey = ImageOps.exif_transpose(picture).convert("L").filter(ImageFilter.MedianFilter(3))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(MAX_PIXELS) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, TypeError) as error:
        raise MalformedError(
            "This picture cannot be opened.",
            value=type(error).__name__,
            accepted=_ACCEPTED,
            remedy=_AGAIN,
        ) from None
    if grey.width < _WIDTH:
        scale = min(_WIDTH / grey.width, 3.0)
        size = (int(grey.width * scale), max(1, int(grey.height * scale)))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    straight = grey.rotate(_tilt(grey), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    out = io.BytesIO()
    straight.save(out, "PNG")
    return out.getvalue()


def _tilt(grey: Image.Image) -> float:
    """Return by how many degrees to turn a picture so that its lines are level."""
    small = grey.copy()
    small.thumbnail((700, 700))
    best = (-1.0, 0.0)
    for step in range(-12, 13):
        angle = step / 4
        turned = small.rotate(angle, Image.Resampling.BILINEAR, fillcolor=255)
        rows = (np.asarray(turned) < 128).sum(axis=1).astype(float)  # noqa: PLR2004 - half of black
        best = max(best, (float(np.square(np.diff(rows)).sum()), angle))
    return best[1]


def _run(program: str, picture: bytes) -> str:
    command = [program, "stdin", "stdout", "-l", "+".join(reversed(LANGUAGES)), "--psm", "6", "tsv"]
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
    except subprocess.TimeoutExpired:
        raise TimeLimitError(
            "Reading this picture took too long.",
            value=f"more than {_SECONDS} s",
            accepted=_ACCEPTED,
            remedy=_AGAIN,
        ) from None
    if done.returncode != 0:
        raise MalformedError(
            "This picture cannot be read.",
            value=f"tesseract ended with {done.returncode}",
            accepted=_ACCEPTED,
            remedy=_AGAIN,
        )
    return done.stdout.decode("utf-8", errors="replace")


def _words(table: str) -> Iterator[_Word]:
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if text:
            yield _Word(
                line=(int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
                left=int(row["left"]),
                width=int(row["width"]),
                height=int(row["height"]),
                confidence=float(row["conf"]),
                text=text,
            )


def _laid_out(words: Iterable[_Word]) -> Read:
    """Write the words in lines, with wide gaps where columns were apart."""
    text, unsure = "", []
    before: _Word | None = None
    for word in words:
        if before is not None:
            text += _between(before, word)
        if word.confidence < SURE:
            unsure.append((len(text), len(text) + len(word.text)))
        text += word.text
        before = word
    return Read(text, tuple(unsure))


def _between(before: _Word, word: _Word) -> str:
    if before.line != word.line:
        return "\n"
    gap = word.left - before.left - before.width
    if gap > _GAP * max(before.height, word.height):
        return "   "
    chinese = _is_chinese(before.text[-1]) or _is_chinese(word.text[0])
    return "" if chinese else " "


def _is_chinese(char: str) -> bool:
    first, last = CJK.split("-")
    return first <= char <= last


def _too_large(pixels: int) -> TooLargeError:
    return TooLargeError(
        "This picture is too large.",
        value=f"{pixels} pixels or more",
        accepted=_ACCEPTED,
        remedy="Send a smaller picture.",
    )

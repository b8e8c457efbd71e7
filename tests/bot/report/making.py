"""A printed report as a PDF and as a photo, made from its text."""

from __future__ import annotations

import io
import random
from pathlib import Path
from unicodedata import east_asian_width

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
_LETTER = 8.0
_LINE = 18


def pdf_of(text: str) -> bytes:
    """Return a PDF of one page that prints a text, each word where a fixed pitch puts it."""
    pdfmetrics.registerFont(TTFont("zenhei", str(FONT), subfontIndex=0))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(1000, 60 + _LINE * (text.count("\n") + 2)))
    for number, line in enumerate(text.splitlines()):
        canvas.setFont("zenhei", 12)
        for start, word in _words(line):
            height = 20 + _LINE * (text.count("\n") + 1 - number)
            canvas.drawString(20 + _LETTER * _width(line[:start]), height, word)
    canvas.save()
    return out.getvalue()


def photo_of(text: str, *, angle: float = 1.0, noise: float = 0.01, size: int = 44) -> bytes:
    """Return a picture of a printed text, a little turned (degrees) and speckled, as PNG."""
    lines = text.splitlines()
    pitch = size * 0.62
    width = int(max(_width(line) for line in lines) * pitch) + 4 * size
    page = Image.new("L", (width, (len(lines) + 3) * size * 2), 250)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), size, index=0)
    for number, line in enumerate(lines):
        for start, word in _words(line):
            draw.text(
                (2 * size + pitch * _width(line[:start]), (number + 1) * 2 * size), word, 30, font
            )
    turned = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=250)
    chance = random.Random(7)  # noqa: S311 - speckles
    for _ in range(int(turned.width * turned.height * noise)):
        place = (chance.randrange(turned.width), chance.randrange(turned.height))
        turned.putpixel(place, chance.randrange(120, 255))
    out = io.BytesIO()
    turned.save(out, "PNG")
    return out.getvalue()


def _words(line: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for word in line.split(" "):
        if word:
            found.append((start, word))
        start += len(word) + 1
    return found


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)

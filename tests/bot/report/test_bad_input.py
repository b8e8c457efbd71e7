"""Bad input ends in an error that says what is accepted and what to do, never in a crash."""

from __future__ import annotations

import io
import json
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import EncodedStreamObject, NameObject

from bot.report import ReportError, photo, read
from bot.report.pdf import MAX_PAGES
from tests.bot.report.support import TODAY

OBX = "OBX|1|NM|1742-6^ALT^LN||86|U/L||||F"


def refused(data: str | bytes, media_type: str | None = None) -> ReportError:
    with pytest.raises(ReportError) as caught:
        read(data, media_type=media_type, today=TODAY)
    error = caught.value
    assert error.value
    assert error.accepted
    assert error.remedy
    return error


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x01\x02\xff" * 50, "unknown_format"),
        (b"x" * 100_000_000, "too_large"),
        ("ALT 86 U/L\n" * 100_000, "too_large"),
        ("1" * 15_000, "too_large"),
        ("MSH", "malformed"),
        ("MSH|^~\\&|A\rPID|1", "malformed"),
        (f"MSHA^~\\&A\r{OBX}", "malformed"),
        (f"MSH||||||||ORU^R01\r{OBX}", "malformed"),
        ("MSH|^~\\&|||||||ADT^A01|1|P|2.5\rPID|1", "malformed"),
        ('{"resourceType": "Patient", "name": "x"}', "malformed"),
        ('{"resourceType": "Observation", "valueQuantity": {"value": NaN}}', "malformed"),
        ('{"resourceType": "Observation", "valueQuantity": {"value": 1e999}}', "malformed"),
        ('{"resourceType": "Bundle", "entry": ' + "[" * 100_000, "malformed"),
        ('{"a": ' * 20_000 + "1" + "}" * 20_000, "malformed"),
        ('{"resourceType": "Bundle", "resourceType": "Bundle"}', "malformed"),
        ("{}", "malformed"),
        (b"%PDF-1.7 not really", "malformed"),
        (b"\x89PNG\r\n\x1a\n and no more", "malformed"),
        (b"\xff\xd8\xff\xe0 and no more", "malformed"),
    ],
    ids=range(19),
)
def test_bad_input_has_a_typed_error(data: str | bytes, code: str) -> None:
    assert refused(data).code == code


@pytest.mark.parametrize(
    "piece", ["ALT 86 U/L 7-56 H ", "1", "1.", "乙", "(", "- ", "+", "1e", "a"]
)
def test_a_long_text_of_any_kind_is_read_in_a_few_seconds(piece: str) -> None:
    line = piece * (1900 // len(piece))
    started = time.monotonic()

    read("\n".join([line] * 10), today=TODAY)

    assert time.monotonic() - started < 20


def test_a_huge_field_is_kept_aside() -> None:
    text = "MSH|^~\\&|||||||ORU^R01|1|P|2.5\rOBX|1|TX|1742-6^ALT^LN||" + "1" * 900_000 + "|U/L||||F"

    report = read(text, today=TODAY)

    assert [row.why for row in report.unknown_rows] == ["value"]


def test_a_media_type_that_lies_is_told_so() -> None:
    assert refused(b"ALT 86 U/L", "application/pdf").code == "malformed"
    assert refused(b"%PDF-1.7", "text/plain").code == "malformed"
    assert refused(b"ALT 86 U/L", "video/mp4").code == "unknown_format"


def test_an_error_never_repeats_what_the_report_says() -> None:
    error = refused('{"resourceType": "Patient", "name": "Jane Doe"} Jane')

    assert "Jane" not in json.dumps(error.as_dict())


def _pdf(content: bytes, *, pages: int = 1) -> bytes:
    """Return a PDF whose pages hold some content, deflated already."""
    writer = PdfWriter()
    for _ in range(pages):
        stream = EncodedStreamObject()
        stream._data = content
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        page = writer.add_blank_page(100, 100)
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_unpacks_to_far_more_is_refused() -> None:
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()

    assert refused(_pdf(content)).code == "too_large"


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    assert refused(_pdf(zlib.compress(b""), pages=MAX_PAGES + 1)).code == "too_large"


def test_a_pdf_without_text_asks_for_a_photo() -> None:
    error = refused(_pdf(zlib.compress(b"")))

    assert error.code == "without_text"
    assert "photo" in error.remedy


def test_an_encrypted_pdf_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)

    assert refused(out.getvalue()).value == "encrypted"


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    assert refused(out.getvalue()).code == "too_large"


def test_an_empty_picture_holds_no_letters() -> None:
    out = io.BytesIO()
    Image.new("L", (300, 200), 255).save(out, "PNG")

    assert refused(out.getvalue()).code == "without_text"


def test_without_tesseract_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo.shutil, "which", lambda _: None)
    out = io.BytesIO()
    Image.new("L", (30, 20), 255).save(out, "PNG")

    error = refused(out.getvalue())

    assert error.code == "tool_missing"
    assert "tesseract-ocr-chi-sim" in error.remedy


def test_a_slow_photo_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "_SECONDS", 0.001)
    out = io.BytesIO()
    Image.new("L", (1000, 1000), 255).save(out, "PNG")

    assert refused(out.getvalue()).code == "time_limit"


def test_reading_a_photo_leaves_nothing_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    out = io.BytesIO()
    Image.new("L", (300, 200), 255).save(out, "PNG")

    refused(out.getvalue())

    assert list(tmp_path.iterdir()) == []

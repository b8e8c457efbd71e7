"""A laboratory report as a person pastes or sends it: recognised, and all its rows read.

Text and tables in English and Chinese, HL7 v2, FHIR R4, PDF and photos end in the same rows, under
the names of the engine. What is not certain says so or is kept aside as printed.
"""

from bot.report.errors import ReportError
from bot.report.model import Report, Row, UnknownRow
from bot.report.reader import looks_like_report, read, text_of

__all__ = ["Report", "ReportError", "Row", "UnknownRow", "looks_like_report", "read", "text_of"]

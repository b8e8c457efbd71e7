"""What the printed parts of one row say, by the rules of the tests. Nothing is filled in.

The index of an instrument (COI, S/CO) is never a quantity. Many kits for anti-HBe and anti-HBc
are inverse (a low index is positive), so the printed word decides, then the row's own reference;
what the two leave open is marked ambiguous.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dictionary import load as lexicon
from bot.numbers import Number
from bot.report.model import Value
from bot.report.words import load
from hbv_engine.facts import catalogue

_INDEX = {"COI", "S/CO"}
_ANTIBODIES = {"anti_hbe", "anti_hbc", "anti_hbc_igm"}
_CUT_OFF = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The parts of a row as printed. ``odd_unit``: a unit was printed that is not known.

    ``reference_low`` and ``reference_high`` are the row's own limits of what is normal;
    ``bare_minus``: the only result is a bare "-"; ``loose_word``: the word stands where another
    laboratory prints what is normal; ``crowded``: several values, and the result is not clear.
    """

    analyte: str
    number: Number | None = None
    word: str | None = None
    unit: str | None = None
    odd_unit: bool = False
    reference_low: float | None = None
    reference_high: float | None = None
    flag: str | None = None
    bare_minus: bool = False
    loose_word: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One fact that a row states; see :class:`bot.report.model.Row`."""

    analyte: str
    value: Value
    comparator: str | None = None
    unit: str | None = None
    index: float | None = None
    limit: float | None = None
    by_reference: bool = False
    unit_missing: bool = False
    why: str | None = None


class UnreadError(Exception):
    """A row that cannot be read; ``why`` is a code of :class:`bot.report.model.UnknownRow`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def conclude(printed: Printed) -> list[Outcome]:
    """Return what a row states; an ambiguous fact has a ``why``.

    Raises:
        UnreadError: nothing in the row can be used.
    """
    if printed.word == "neither":
        raise UnreadError("word")
    if printed.number is None and printed.word is None:
        raise UnreadError("value")
    if printed.analyte == "hbv_dna":
        return [_viral_load(printed)]
    if catalogue().analytes[printed.analyte].values:
        return _marker(printed)
    return [_quantity(printed, printed.analyte)]


def _viral_load(printed: Printed) -> Outcome:
    number = printed.number
    if number is None:
        word = printed.word or ""
        return Outcome(analyte="hbv_dna", value=word, why=_doubt(printed))
    below = number.comparator in {"<", "<="} or number.value == 0
    if printed.word == "negative" and below and not printed.loose_word:
        limit = number.value or None
        return Outcome(analyte="hbv_dna", value="negative", unit=printed.unit, limit=limit)
    # A word after the number may be what is normal: the number holds either way.
    found = _quantity(printed, "hbv_dna")
    return (
        replace(found, why="word_and_number") if printed.word == "negative" and not below else found
    )


def _quantity(printed: Printed, name: str) -> Outcome:
    number = printed.number
    if number is None:
        raise UnreadError("value")
    if printed.odd_unit or not _accepted(name, printed.unit):
        raise UnreadError("unit")
    missing = printed.unit is None and _unit_asked(printed.analyte)
    unsure = _doubt(printed) or ("flag" if _flag_contradicts(printed) else None)
    if unsure is None and missing and name != printed.analyte:
        unsure = "unit_missing"
    return Outcome(
        analyte=name,
        value=number.value,
        comparator=number.comparator,
        unit=printed.unit,
        unit_missing=missing,
        why=unsure,
    )


def _marker(printed: Printed) -> list[Outcome]:
    """Conclude on a test that is positive or negative, perhaps with a quantity or an index."""
    quant = lexicon("analytes")[printed.analyte].get("quant")
    number, by_reference = printed.number, _by_reference(printed)
    if number is None:
        return [_worded(printed, printed.word or "", why=_doubt(printed))]
    if quant and printed.unit and not printed.odd_unit and _accepted(quant, printed.unit):
        found = [_quantity(printed, quant)]
        if printed.word is None or printed.loose_word:
            return found
        return [*found, _worded(printed, printed.word, why=_contradiction(printed, by_reference))]
    if printed.word is not None and not _hollow(printed, by_reference):
        return [_worded(printed, printed.word, why=_contradiction(printed, by_reference))]
    if printed.word is None and by_reference is not None and printed.unit is not None:
        return [_worded(printed, by_reference, why=_doubt(printed), by_reference=True)]
    return [_index(printed, quant)]


def _worded(printed: Printed, word: str, *, why: str | None, by_reference: bool = False) -> Outcome:
    number = printed.number
    is_index = number is not None and (printed.unit in _INDEX or printed.unit is None)
    return Outcome(
        analyte=printed.analyte,
        value=word,
        index=number.value if number is not None and is_index else None,
        by_reference=by_reference,
        why=why,
    )


def _index(printed: Printed, quant: str | None) -> Outcome:
    """Keep a number that is neither a quantity nor explained by a word or a reference."""
    number = printed.number
    if number is None or printed.odd_unit:
        raise UnreadError("unit")
    if printed.unit in _INDEX:
        tells = catalogue().analytes[printed.analyte].index_positive_from is not None
        word = printed.word is not None and printed.loose_word
        doubt = "word_and_number" if word else None if tells else "no_reference"
        return Outcome(
            analyte=printed.analyte,
            value=number.value,
            comparator=number.comparator,
            unit=printed.unit,
            why=_doubt(printed) if doubt is None else doubt,
        )
    if printed.unit is None:
        name = quant or printed.analyte
        return Outcome(
            analyte=name,
            value=number.value,
            comparator=number.comparator,
            unit_missing=True,
            why="unit_missing",
        )
    raise UnreadError("unit")


def _by_reference(printed: Printed) -> str | None:
    """Return what a number says against the row's own limits of normal, which are "negative".

    None where the limits say nothing, or something that no such kit does: an index of anti-HBe,
    or a COI of anti-HBc, that would be negative when low.
    """
    number, low, high = printed.number, printed.reference_low, printed.reference_high
    if number is None or printed.odd_unit or (low is None and high is None):
        return None
    upper = high is not None and (low is None or low <= 0)
    lower = low is not None and high is None
    if not (upper or lower):
        return None
    if upper and printed.analyte == "anti_hbe" and printed.unit in _INDEX:
        return None
    if upper and printed.analyte == "anti_hbc" and printed.unit == "COI":
        return None
    if lower and printed.analyte not in _ANTIBODIES:
        return None
    return _against(number, high, inverse=False) if upper else _against(number, low, inverse=True)


def _against(number: Number, limit: float | None, *, inverse: bool) -> str | None:
    if limit is None or number.value == limit:
        return None
    above = number.value > limit
    if number.comparator in {"<", "<="} and above:
        return None
    if number.comparator in {">", ">="} and not above:
        return None
    return "positive" if above != inverse else "negative"


def _hollow(printed: Printed, by_reference: str | None) -> bool:
    """Tell whether a word may be what is normal and not the result, and nothing settles it."""
    return printed.loose_word and printed.word == "negative" and by_reference is None


def _contradiction(printed: Printed, by_reference: str | None) -> str | None:
    if by_reference is not None and by_reference != printed.word:
        return "word_and_number"
    number = printed.number
    inverse = printed.analyte in _ANTIBODIES
    if number is not None and printed.unit in _INDEX and by_reference is None and not inverse:
        word = "positive" if number.value >= _CUT_OFF else "negative"
        if word != printed.word:
            return "word_and_number"
    return _doubt(printed)


def _doubt(printed: Printed) -> str | None:
    if printed.crowded:
        return "columns"
    if printed.number is not None and printed.number.ambiguous:
        return "exponent"
    return "bare_minus" if printed.bare_minus else None


def _flag_contradicts(printed: Printed) -> bool:
    number, flag = printed.number, printed.flag
    if number is None or flag is None or number.comparator != "=":
        return False
    high, low = printed.reference_high, printed.reference_low
    words = load("words")
    if flag in words["high"] and high is not None:
        return number.value <= high
    if flag in words["low"] and low is not None:
        return number.value >= low
    return False


def _accepted(name: str, unit: str | None) -> bool:
    analyte = catalogue().analytes[name]
    return unit is None or unit in (analyte.units or {})


def _unit_asked(name: str) -> bool:
    entry = lexicon("analytes").get(name)
    return bool(entry.get("unit_asked")) if entry else not catalogue().analytes[name].unitless

"""How much of a medicine is taken: "entecavir 0.5 mg", 派罗欣180微克."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.facts import Fact
from bot.labs import unit_at
from bot.numbers import Number

_UNITS = {"mg", "ug", "MIU"}
# A concentration goes on behind the weight.
_PER = re.compile(r"\s*/\s*(?:d?l|ml|kg)|\s*per\b")
_FAR = 40


def read_doses(context: Context, numbers: list[Number]) -> Iterator[tuple[Fact, Number]]:
    """Yield the doses of the medicines named, with the numbers that they use up."""
    drugs = context.of_kind("drug")
    # What else may be weighed out: prednisone, or a result.
    others = [t for t in context.terms if t.kind in {"condition", "analyte", "unlisted"}]
    for number in numbers if drugs else ():
        unit, end = unit_at(context.text, number.end)
        if unit not in _UNITS or _PER.match(context.text, end):
            continue
        low, high = context.sentence(number.start)
        near = [t for t in (*drugs, *others) if low <= t.start < high]
        before = [t for t in near if t.end <= number.start]
        beside = max(before, key=lambda t: t.end, default=None) or next(
            (t for t in near if 0 <= t.start - end <= _FAR), None
        )
        if beside is not None and beside.kind == "drug":
            start = number.start
            yield (
                Fact(name="drug_dose", value=number.value, unit=unit, start=start, end=end),
                number,
            )

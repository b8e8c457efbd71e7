"""ALT and bilirubin against their limits, what else could explain a raised ALT, Child-Pugh."""

from __future__ import annotations

import math
from dataclasses import replace

from hbv_engine.axes import Level
from hbv_engine.derive.base import (
    MISSING,
    Known,
    Parameters,
    absent,
    evidence_of,
    join_levels,
    known,
    levels_of,
    said,
    stated,
)
from hbv_engine.facts import catalogue
from hbv_engine.intervals import Interval
from hbv_engine.model import Observation
from hbv_engine.timeline import Evidence, Timeline


def _limits(line: Timeline, o: Observation, men: float, women: float) -> tuple[float, float]:
    if o.reference_high is not None:
        factor = (catalogue().analytes[o.analyte].units or {})[str(o.unit)]
        printed = float(o.reference_high) * float(factor)
        return printed, printed
    sex = line.record.sex
    if sex == "male":
        return men, men
    if sex == "female":
        return women, women
    return min(men, women), max(men, women)


def alt_class(line: Timeline, parameters: Parameters) -> Known:
    """ALT normal or raised.

    The limit printed on the report decides. Without it, ALT is raised only above every limit in
    use for that sex (the highest is that of Chinese laboratories), normal only within the lowest
    (that of WHO 2024), and open between the two.
    """
    possible: set[str] = set()
    evidence = []
    for span, o in levels_of(line.current("alt")):
        low, _ = _limits(line, o, parameters["uln_who_2024_men"], parameters["uln_who_2024_women"])
        _, high = _limits(
            line, o, parameters["uln_china_lab_men"], parameters["uln_china_lab_women"]
        )
        if span.low <= high:
            possible.add("normal")
        if span.high > low:
            possible.add("raised")
        evidence.append(evidence_of(o, (low, high)))
    if not possible:
        return absent(line, "alt")
    issue = None
    if len(possible) > 1:
        issue = "limit_unknown" if line.record.sex else "sex_unknown"
    return Known(frozenset(possible), tuple(evidence), issue)


def _fold(line: Timeline, found: list[Observation], men: float, women: float) -> Known:
    folds = []
    for span, o in levels_of(found):
        low, high = _limits(line, o, men, women)
        folds.append((Interval(span.low / high, span.high / low, span.low_open, span.high_open), o))
    if not folds:
        return absent(line, "alt")
    joined = join_levels(folds)
    unknown = line.record.sex is None and any(not fold.is_point for fold, _ in folds)
    return Known(joined.possible, joined.evidence, "sex_unknown" if unknown else joined.issue)


def alt_fold(line: Timeline, parameters: Parameters, *, men: str, women: str) -> Known:
    """ALT as a multiple of the printed upper limit, or of a named one if none is printed."""
    return _fold(line, line.current("alt"), parameters[men], parameters[women])


def alt_fold_fixed(line: Timeline, parameters: Parameters, *, men: str, women: str) -> Known:
    """ALT as a multiple of a guideline's own upper limit, whatever the report prints."""
    plain = [o.model_copy(update={"reference_high": None}) for o in line.current("alt")]
    return _fold(line, plain, parameters[men], parameters[women])


def alt_rise(line: Timeline, parameters: Parameters) -> Known:
    """ALT as a multiple of its lowest earlier value; a comparator leaves it a range."""
    now, before = levels_of(line.current("alt")), levels_of(line.earlier("alt"))
    if not now or not before:
        return MISSING
    lowest = min(span.low for span, _ in before)
    lowest_at_most = min(span.high for span, _ in before)
    found = [
        (Interval(_over(span.low, lowest_at_most), _over(span.high, lowest)), o) for span, o in now
    ]
    rise = join_levels(found)
    baseline = min(before, key=lambda pair: pair[0].low)[1]
    return replace(rise, evidence=(*rise.evidence, evidence_of(baseline)))


def _over(value: float, baseline: float) -> float:
    """A value as a multiple of a baseline, which may be 0 or without an upper end."""
    if math.isinf(baseline):
        return 0.0
    return value / baseline if baseline > 0 else math.inf


CAUSES = ("cause_alcohol", "cause_drugs", "cause_fatty_liver", "cause_other")


def alt_cause(line: Timeline, parameters: Parameters) -> Known:
    """Whether something else explains a raised ALT: present if one is, excluded only if all are."""
    words: list[str | None] = []
    evidence: list[Evidence] = []
    for name in CAUSES:
        item = line.history(name)
        alcohol = line.history("alcohol_g_per_day")
        if item is None and name == "cause_alcohol" and alcohol and alcohol.value == 0:
            words.append("excluded")
            evidence.append(said("alcohol_g_per_day", alcohol))
            continue
        words.append(str(item.value) if item else None)
        if item:
            evidence.append(said(name, item))
    if "present" in words:
        return Known(frozenset(["present"]), tuple(evidence), None)
    if None in words:
        return Known(None, tuple(evidence), "missing")
    return Known(frozenset(["excluded"]), tuple(evidence), None)


def bilirubin_fold(line: Timeline, parameters: Parameters) -> Known:
    """Bilirubin as a multiple of the printed upper limit, or of the usual one."""
    units = catalogue().analytes["bilirubin"].units or {}
    folds = []
    for span, o in levels_of(line.current("bilirubin")):
        limit = parameters["uln_bilirubin"]
        if o.reference_high is not None:
            limit = float(o.reference_high) * float(units[str(o.unit)])
        folds.append((span.scaled(1 / limit), o))
    return join_levels(folds) if folds else absent(line, "bilirubin")


def cirrhosis(line: Timeline, parameters: Parameters) -> Known:
    """Cirrhosis and its stage; where only that it is there was said, both stages stay possible."""
    told = stated(line, "cirrhosis")
    if told.possible != frozenset(["present"]):
        return told
    return Known(frozenset(["compensated", "decompensated"]), told.evidence, "missing")


def child_pugh(line: Timeline, parameters: Parameters) -> Known:
    """Child-Pugh score, as stated; without cirrhosis it is at its lowest and nobody is asked."""
    item = line.history("cirrhosis")
    if line.history("child_pugh") or item is None or item.value != "none":
        return stated(line, "child_pugh")
    lowest, _ = catalogue().history["child_pugh"].range or (0.0, 0.0)
    return known(Level(Interval(lowest, lowest)), said("cirrhosis", item))


def apri(line: Timeline, parameters: Parameters) -> Known:
    """APRI (Wai 2003): AST over its upper limit, divided by platelets in 10^9/L, times 100."""
    ast, platelets = levels_of(line.current("ast")), levels_of(line.current("platelets"))
    for found, analyte in ((ast, "ast"), (platelets, "platelets")):
        if not found:
            return absent(line, analyte)
    scores = []
    for span, o in ast:
        low, high = _limits(line, o, parameters["uln_ast"], parameters["uln_ast"])
        for count, _ in platelets:
            top = 100 * span.high / (low * count.low) if count.low > 0 else math.inf
            bottom = 100 * span.low / (high * count.high) if count.high > 0 else 0.0
            opened = span.low_open or count.high_open, span.high_open or count.low_open
            scores.append(Interval(bottom, top, *opened))
    joined = scores[0]
    for score in scores[1:]:
        joined = joined.hull(score)
    evidence = tuple(evidence_of(o) for _, o in [*ast, *platelets])
    return Known(Level(joined), evidence, "conflict" if len(set(scores)) > 1 else None)

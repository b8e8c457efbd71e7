"""A series as a picture: SVG made here, without script, that prints and can be read aloud.

Colours stand as attributes, so that the picture can stand alone; ``static/trend.css`` adapts them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from gateway.series import LOGARITHMIC, Line, Series, Value, sentence
from gateway.told import Course
from gateway.words import words
from hbv_engine.wording import number_text

_WIDTH: Final = 540.0
_LEFT, _RIGHT, _TOP = 62.0, 140.0, 28.0
_HEIGHT: Final = 150.0
_INSET: Final = 26.0
_LANE: Final = 18.0
_MOST_TICKS: Final = 5
_MOST_LABELS: Final = 8
_STEPS_OF_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_SHORT_DAYS: Final = 62
_WIDE: Final = "\u2e80"  # from here on letters are about twice as wide
_INK, _GREY, _BLUE, _RUST, _PAPER = "#1a1a1a", "#6b6b6b", "#1d4f91", "#8a3b00", "#ffffff"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where numbers and days lie; ``low`` and ``high`` are powers of ten on a logarithmic axis."""

    logarithmic: bool
    low: float
    high: float
    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, series: Series) -> Scale:
        """Return the scale on which every drawn value and every line has a place."""
        days = [v.day for v in series.drawn]
        numbers = [v.at for v in series.drawn if v.at is not None]
        numbers += [line.at for line in series.lines]
        log = series.test in LOGARITHMIC
        if not log:
            step = _round_up(max(numbers) / 5)
            low, high = 0.0, step * math.ceil(max(numbers) * 1.08 / step)
        else:
            logs = [math.log10(n) for n in numbers if n > 0] or [0.0, 1.0]
            low = min(
                math.floor(min(logs) - 0.05), 1
            )  # never so high that little looks like nothing
            high = max(math.ceil(max(logs) + 0.05), low + 2)
        return cls(log, low, high, min(days), max(days))

    def x(self, day: dt.date) -> float:
        """Return where a day lies; a day outside lies at the edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        left, right = _LEFT + _INSET, _WIDTH - _RIGHT - _INSET
        return min(max(left + share * (right - left), _LEFT), _WIDTH - _RIGHT)

    def y(self, number: float) -> float:
        """Return where a number lies; a larger one lies higher."""
        place = math.log10(number) if self.logarithmic else number
        return _TOP + _HEIGHT * (1 - (place - self.low) / (self.high - self.low))

    @property
    def ticks(self) -> list[float]:
        """The numbers at the axis: every power of ten, or even steps from zero."""
        if self.logarithmic:
            return [10.0**power for power in range(int(self.low), int(self.high) + 1)]
        step = _round_up(self.high / _MOST_TICKS)
        return [step * i for i in range(int(self.high / step) + 1)]

    @property
    def days(self) -> list[dt.date]:
        """The days written at the axis: the first of months, or a few days of a short time."""
        span = (self.last - self.first).days
        if span <= _SHORT_DAYS:
            count = min(span, _MOST_TICKS - 2)
            return [
                self.first + dt.timedelta(days=round(span * i / count)) for i in range(count + 1)
            ]
        for step in _STEPS_OF_MONTHS:
            found = list(_months(self.first, self.last, step))
            if len(found) <= _MOST_TICKS:
                break
        return found


def picture(series: Series, courses: Sequence[Course], language: str) -> str:
    """Return the picture of a series as SVG; the courses of treatment lie beneath its axis.

    Raises:
        ValueError: there are no values of two days to draw.
    """
    if not series.has_picture:
        raise ValueError(series.test)
    scale = Scale.of(series)
    lanes = _lanes(courses, scale)
    off_scale = any(v.mark == "off_scale" for v in series.drawn)
    bottom = _TOP + _HEIGHT + (_LANE if off_scale else 0)
    height = bottom + 24 + _LANE * len(lanes) + 6
    root = _root(series, height, language)
    _add(root, "rect", "trend-paper", x=0, y=0, width=_WIDTH, height=height, fill=_PAPER)
    unit = f"{series.unit} · {words('trend_log', language)}" if scale.logarithmic else series.unit
    _text(root, "trend-unit", unit, 6, 14, fill=_GREY)
    _axes(root, scale, bottom)
    for line in series.lines:
        _threshold(root, scale, series, line, language)
    if off_scale:
        y = _TOP + _HEIGHT + _LANE - 4
        _text(root, "trend-tick", words("trend_off_scale", language), 4, y, fill=_GREY, size=10)
    _joined(root, scale, series.drawn)
    _marks(root, scale, series, language)
    for number, course in enumerate(lanes):
        _course(root, scale, course, bottom + 24 + _LANE * number, language)
    return ET.tostring(root, encoding="unicode")


def _root(series: Series, height: float, language: str) -> ET.Element:
    names = f"trend-title-{series.test} trend-desc-{series.test}"
    size = {
        "viewBox": f"0 0 {_WIDTH:g} {height:g}",
        "width": f"{_WIDTH:g}",
        "height": f"{height:g}",
    }
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "trend", **size})
    root.set("role", "img")
    root.set("aria-labelledby", names)
    root.set("lang", "zh-CN" if language == "zh" else "en")
    root.set("font-family", "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif")
    for name in ("title", "desc"):
        part = ET.SubElement(root, name, {"id": f"trend-{name}-{series.test}"})
        part.text = series.label(language) if name == "title" else sentence(series, language)
    return root


def _axes(root: ET.Element, scale: Scale, bottom: float) -> None:
    right = _WIDTH - _RIGHT
    every = math.ceil(len(scale.ticks) / _MOST_TICKS)
    for place, number in enumerate(scale.ticks):
        y = scale.y(number)
        _add(root, "line", "trend-grid", x1=_LEFT, x2=right, y1=y, y2=y, stroke="#e2e2e2")
        if place % every == 0:
            _text(root, "trend-tick", _tick(number), _LEFT - 6, y + 4, anchor="end", fill=_GREY)
    for day in scale.days:
        x = scale.x(day)
        _add(root, "line", "trend-axis", x1=x, x2=x, y1=bottom, y2=bottom + 4, stroke=_GREY)
        written = (
            f"{day:%Y-%m-%d}" if (scale.last - scale.first).days <= _SHORT_DAYS else f"{day:%Y-%m}"
        )
        _text(root, "trend-tick", written, x, bottom + 17, anchor="middle", fill=_GREY)
    for y in {_TOP + _HEIGHT, bottom}:
        _add(root, "line", "trend-axis", x1=_LEFT, x2=right, y1=y, y2=y, stroke=_GREY)


def _threshold(root: ET.Element, scale: Scale, series: Series, line: Line, language: str) -> None:
    y, right = scale.y(line.at), _WIDTH - _RIGHT
    drawn = _add(root, "line", "trend-threshold", x1=_LEFT, x2=right, y1=y, y2=y, stroke=_RUST)
    drawn.set("stroke-dasharray", "5 4")
    drawn.set("data-at", f"{line.at:g}")
    if line.parameter:
        drawn.set("data-parameter", line.parameter)
    crowd = [o.at for o in series.lines if o is not line and abs(scale.y(o.at) - y) < _LANE * 2]
    name, x = line.names[language], right + 6
    shift = 4.0 if not crowd else (12.0 if min(crowd) > line.at else -8.0)
    _text(root, "trend-threshold-name", series.amount(line.at, language), x, y + shift, fill=_RUST)
    if name:
        _text(root, "trend-threshold-name", name, x, y + shift + 12, fill=_RUST, size=10)


def _joined(root: ET.Element, scale: Scale, values: Sequence[Value]) -> None:
    """Join neighbours; the line is broken where one of them is only a limit."""
    placed = [v for v in values if v.at is not None]
    for one, other in itertools.pairwise(placed):
        ends = {"x1": scale.x(one.day), "x2": scale.x(other.day)}
        ends |= {"y1": scale.y(one.at or 0.0), "y2": scale.y(other.at or 0.0)}
        line = _add(root, "line", "trend-line", **ends, stroke=_BLUE)
        line.set("stroke-width", "2")
        if {one.mark, other.mark} != {"exact"}:
            line.set("stroke-dasharray", "2 4")


def _marks(root: ET.Element, scale: Scale, series: Series, language: str) -> None:
    labelled = series.drawn
    if len(labelled) > _MOST_LABELS:
        labelled = (labelled[0], labelled[-1])
    taken: list[tuple[float, float]] = []
    for value in series.drawn:
        x = scale.x(value.day)
        y = _TOP + _HEIGHT + _LANE / 2 if value.at is None else scale.y(value.at)
        mark = _mark(root, value, x, y)
        mark.set("data-day", str(value.day))
        mark.set("data-value", value.text("en"))
        note = words(f"trend_mark_{value.mark}", language)
        said = ET.SubElement(mark, "title")
        said.text = f"{value.day}: {value.text(language)}" + (f" ({note})" if note else "")
        if value in labelled and value.at is not None:
            free = all(abs(x - a) > _INSET * 2 or abs(y - b) > _LANE * 0.8 for a, b in taken)
            taken.append((x, y))
            if free:
                _text(root, "trend-value", _short(value), x, y - 9, anchor="middle", fill=_INK)


def _short(value: Value) -> str:
    """Return the value as it is written beside its mark, in the unit of the axis."""
    sign = {"below": "<", "above": ">"}.get(value.mark, "")
    told = value.fact.comparator or ""
    return f"{told if told in {'<=', '>=', '~'} else sign}{number_text(_rounded(value.at or 0.0))}"


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")


def _mark(root: ET.Element, value: Value, x: float, y: float) -> ET.Element:
    if value.mark == "above":
        points = f"{x - 6:.1f},{y + 4:.1f} {x + 6:.1f},{y + 4:.1f} {x:.1f},{y - 7:.1f}"
        mark = ET.SubElement(root, "polygon", {"class": "trend-mark open", "points": points})
        mark.set("fill", _PAPER)
    else:
        exact = value.mark == "exact"
        kind = "trend-mark" if exact else "trend-mark open"
        mark = _add(root, "circle", kind, cx=x, cy=y, r=4.5, fill=_BLUE if exact else _PAPER)
    mark.set("stroke", _BLUE)
    mark.set("stroke-width", "2")
    return mark


def _lanes(courses: Sequence[Course], scale: Scale) -> list[Course]:
    """Return the courses that have a day in the picture."""
    return [
        c
        for c in courses
        if (c.start is None or c.start <= scale.last) and (c.stop is None or c.stop >= scale.first)
    ]


def _course(root: ET.Element, scale: Scale, course: Course, y: float, language: str) -> None:
    right = scale.x(course.stop) if course.stop else _WIDTH - _RIGHT
    left = min(scale.x(course.start) if course.start else _LEFT, right - 3)
    size = {"x": left, "y": y, "width": right - left, "height": _LANE - 4}
    bar = _add(root, "rect", "trend-course", **size, fill="#d9e4f2", stroke=_BLUE)
    if course.start is None:
        bar.set("stroke-dasharray", "3 3")
    start = str(course.start or words("trend_no_start", language))
    end = str(course.stop or words("trend_running", language))
    said = f"{course.label(language)}: {start} – {end}"
    ET.SubElement(bar, "title").text = said
    if _WIDTH - left > 6.2 * sum(1 if c < _WIDE else 2 for c in said):
        _text(root, "trend-course-name", said, left + 5, y + 11, fill=_INK)
    else:
        _text(root, "trend-course-name", said, left - 5, y + 11, anchor="end", fill=_INK)


def _tick(number: float) -> str:
    short = number_text(number)
    return short.replace("1×", "") if short.startswith("1×") else short


def _round_up(number: float) -> float:
    """Return the next larger 1, 2 or 5 times a power of ten."""
    base = 10.0 ** math.floor(math.log10(number))
    return next(base * step for step in (1, 2, 5, 10) if base * step >= number)


def _months(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    """Yield the first days of every so many months, counted from a January."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = dt.date(month // 12, month % 12 + 1, 1)
        whole_years = step > 12 and day.year % (step // 12)  # noqa: PLR2004 - months of a year
        if (
            first <= day <= last
            and day.month % min(step, 12) == 1 % min(step, 12)
            and not whole_years
        ):
            yield day


def _add(root: ET.Element, tag: str, kind: str, **attributes: float | str) -> ET.Element:
    plain = {
        name.replace("_", "-"): value if isinstance(value, str) else f"{round(value, 1):g}"
        for name, value in attributes.items()
    }
    return ET.SubElement(root, tag, {"class": kind, **plain})


def _text(
    root: ET.Element,
    kind: str,
    said: str,
    x: float,
    y: float,
    *,
    fill: str,
    anchor: str = "start",
    size: float = 11,
) -> None:
    part = _add(root, "text", kind, x=x, y=y, fill=fill, text_anchor=anchor, font_size=size)
    if kind == "trend-value":  # a halo, where it lies on a line
        part.attrib.update({"stroke": _PAPER, "stroke-width": "3", "paint-order": "stroke"})
    part.text = said

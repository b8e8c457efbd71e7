"""A rulebook of two tables that is right in every way, to be broken one way at a time."""

from __future__ import annotations

from hbv_engine.book import Book, build_book

MARKDOWN = """\
---
id: tiny
version: "2026.11"
status: draft
reviewed: null
---

# A tiny book

## Parameters {#tiny_parameters}

| id | value | unit | since | source | confidence |
|---|---|---|---|---|---|
| dna_limit | 2000 | IU/mL | 2017 | EASL2017 | C |
| fresh_months | 12 | mo | 2026 | PRODUCT | P |

## Virus {#virus}

Hit policy: unique · Goal: yes · Sources: EASL2017

| id | hbeag | hbv_dna [IU/mL] | → outcome | sources | confidence |
|---|---|---|---|---|---|
| V-1 | positive | - | active | EASL2017 | C |
| V-2 | negative | < dna_limit | quiet | S2-5 EASL2017 | C |
| V-3 | negative | >= dna_limit | loud | EASL2017 | K |

#### active

Status: settled · Indicator: info · Sources: EASL2017

| | English | 中文 |
|---|---|---|
| name | active | 活动 |
| patient summary | Keep your check-ups: the virus is awake. | 请按时复查：病毒处于活动状态。 |
| patient detail | Your e antigen is there. Ask your doctor what it means. | 您的 e 抗原是阳性。请问医生这说明什么。 |
| nurse summary | HBeAg positive. | HBeAg阳性。 |
| nurse detail | Repeat in 6 months. | 6个月后复查。 |

#### quiet

Status: settled · Indicator: info · Sources: EASL2017

| | English | 中文 |
|---|---|---|
| name | quiet | 安静 |
| patient summary | Keep your check-ups: there is little virus. | 请按时复查：病毒量低。 |
| patient detail | The test found {hbv_dna}. | 结果是{hbv_dna}。 |
| nurse summary | HBV DNA below {=dna_limit}. | HBV DNA低于{=dna_limit}。 |
| nurse detail | Repeat in 6 months. | 6个月后复查。 |

#### loud

Status: settled · Indicator: warning · Sources: EASL2017

| | English | 中文 |
|---|---|---|
| name | loud | 活跃 |
| patient summary | Ask your doctor soon: there is more virus. | 请尽快问医生：病毒量较高。 |
| patient detail | The doctor can look for the cause. | 医生可以帮您找原因。 |
| nurse summary | HBV DNA from {=dna_limit} on. | HBV DNA不低于{=dna_limit}。 |
| nurse detail | Check ALT. | 查ALT。 |

## Signs {#signs}

Hit policy: highest · Order: today > never · Sources: TRIAGE

| id | jaundice | confusion | virus | → outcome | sources | confidence |
|---|---|---|---|---|---|---|
| G-1 | yes | - | - | today | TRIAGE | K |
| G-2 | - | yes | active | today | TRIAGE | K |
| G-0 | - | - | - | never | PRODUCT | P |

| row | patient (English) | patient (中文) | nurse (English) | nurse (中文) |
|---|---|---|---|---|
| G-1 | Call your doctor today: your eyes are yellow. | 请今天联系医生：眼睛发黄。 | Jaundice. | 黄疸。 |
| G-2 | Call your doctor today: you feel unclear. | 请今天联系医生：神志不清。 | Confusion. | 神志不清。 |

#### today

Status: settled · Indicator: critical · Sources: TRIAGE

| | English | 中文 |
|---|---|---|
| name | today | 今天 |
| patient summary | Call your doctor today. | 请今天联系医生。 |
| patient detail | It may need a look. | 可能需要看一看。 |
| nurse summary | Same day. | 当天处理。 |
| nurse detail | Call back. | 回电。 |

#### never

Status: settled · Indicator: info · Sources: TRIAGE

| | English | 中文 |
|---|---|---|
| name | none | 没有 |
| patient summary | Nothing of the list was told. | 没有提到这些情况。 |
| patient detail | Tell us if this changes. | 有变化请告诉我们。 |
| nurse summary | None told. | 未提及。 |
| nurse detail | Ask again. | 再问一次。 |
"""

SOURCES = """\
rulebook: {version: "1"}
sources:
  EASL2017: {title: EASL, year: 2017}
  TRIAGE: {title: Triage, year: 2026}
  PRODUCT: {title: Product, year: 2026}
"""

QUESTIONS = """\
hbeag:
  facts: [hbeag]
  kind: choice
  cost: 2
  text: {en: "Is your e antigen positive?", zh: "e 抗原阳性吗？"}
  why: {en: "It tells the phase.", zh: "它说明分期。"}
  options:
    - {id: positive, label: {en: "yes", zh: "阳性"}, set: {observations: [{analyte: hbeag, value: positive}]}}
    - {id: negative, label: {en: "no", zh: "阴性"}, set: {observations: [{analyte: hbeag, value: negative}]}}
hbv_dna:
  facts: [hbv_dna]
  kind: number
  cost: 4
  units: [IU/mL]
  text: {en: "How much virus is there?", zh: "病毒量是多少？"}
  why: {en: "It tells the phase.", zh: "它说明分期。"}
jaundice:
  facts: [jaundice]
  kind: yes_no
  cost: 1
  text: {en: "Are your eyes yellow?", zh: "眼睛发黄吗？"}
  why: {en: "It is a sign.", zh: "这是一个信号。"}
confusion:
  facts: [confusion]
  kind: yes_no
  cost: 1
  text: {en: "Do you feel unclear?", zh: "觉得糊涂吗？"}
  why: {en: "It is a sign.", zh: "这是一个信号。"}
"""

PHRASES = """\
note.draft: {en: "A clinician has not confirmed this yet.", zh: "尚未经临床医生确认。"}
open.patient.summary: {en: "Please add {missing_first}.", zh: "请补充{missing_first}。"}
join.and: {en: ", ", zh: "、"}
"""

TEXTS = {
    "tiny.md": MARKDOWN,
    "sources.yml": SOURCES,
    "questions.yml": QUESTIONS,
    "phrases.yml": PHRASES,
}


def tiny_texts(*changes: tuple[str, str]) -> dict[str, str]:
    """Return the files with each ``(old, new)`` replaced once; ``old`` must be there."""
    texts = dict(TEXTS)
    for old, new in changes:
        file = next(name for name, text in texts.items() if old in text)
        texts[file] = texts[file].replace(old, new, 1)
    return texts


def tiny_book(*changes: tuple[str, str]) -> Book:
    """Return the tiny book with some texts replaced."""
    return build_book(tiny_texts(*changes), sha256="0" * 64)

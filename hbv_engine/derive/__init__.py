"""Working out the inputs of the tables from a record.

Each function takes the time line and the parameters and returns what is still possible, on what
evidence, and what is wrong with it. Nothing is guessed: what the record does not say stays open.
"""

from __future__ import annotations

from hbv_engine.derive.base import (
    Known,
    level,
    stated,
    status,
)
from hbv_engine.derive.interferon import (
    dose_reduced,
    doses_missed,
    hbeag_at_start,
    hbsag_week24,
    hbsag_week24_kind,
    interferon_week,
)
from hbv_engine.derive.liver import (
    alt_cause,
    alt_class,
    alt_fold,
    alt_fold_fixed,
    alt_rise,
    apri,
    bilirubin_fold,
    child_pugh,
    cirrhosis,
)
from hbv_engine.derive.markers import (
    anti_hbs_status,
    hbsag_at_end,
    hbsag_duration,
    hbsag_earlier,
    hbsag_kind,
    hbsag_level,
    hbsag_status,
)
from hbv_engine.derive.person import (
    afp_raised,
    age,
    planning_pregnancy,
    pregnant,
    sex,
    tsh_out_of_range,
)
from hbv_engine.derive.symptoms import (
    fever_detail,
)
from hbv_engine.derive.treatment import (
    antiviral_now,
    nuc_months,
    nuc_stopped,
    on_drug,
    on_interferon,
    on_nuc,
)
from hbv_engine.derive.virus import (
    dna_earlier,
    dna_highest,
    dna_level,
    dna_rise,
)

__all__ = [
    "Known",
    "afp_raised",
    "age",
    "alt_cause",
    "alt_class",
    "alt_fold",
    "alt_fold_fixed",
    "alt_rise",
    "anti_hbs_status",
    "antiviral_now",
    "apri",
    "bilirubin_fold",
    "child_pugh",
    "cirrhosis",
    "dna_earlier",
    "dna_highest",
    "dna_level",
    "dna_rise",
    "dose_reduced",
    "doses_missed",
    "fever_detail",
    "hbeag_at_start",
    "hbsag_at_end",
    "hbsag_duration",
    "hbsag_earlier",
    "hbsag_kind",
    "hbsag_level",
    "hbsag_status",
    "hbsag_week24",
    "hbsag_week24_kind",
    "interferon_week",
    "level",
    "nuc_months",
    "nuc_stopped",
    "on_drug",
    "on_interferon",
    "on_nuc",
    "planning_pregnancy",
    "pregnant",
    "sex",
    "stated",
    "status",
    "tsh_out_of_range",
]

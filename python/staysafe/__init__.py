"""A safeguarding board's indicators as figures it can trust, and plain words for those it cannot have yet.

>>> import staysafe as ss
>>> framework = ss.lscb()
>>> framework.check().has_errors
False

From a children in need census to figures, and to what is missing:

    data = ss.read_returns("cin.xml")
    results = framework.calculate(data)
    results["ctx-referrals"].to_polars()
    framework.gap(data)
    framework.report(data, "scorecard")

The tables of a looked-after return (SSDA903) name neither their year nor their authority, so both are given:

    data = ss.read_returns("cin.xml", "ssda903/", year=2018, area="E06000001")

Importing staysafe needs nothing else. pandas, polars, pyarrow and altair are imported where they are asked for.
"""

from staysafe import spark, stats
from staysafe._native import (
    Board,
    Candidates,
    Cases,
    Clock,
    DefinitionError,
    Diagnostics,
    Error,
    Explained,
    Framework,
    GapAnalysis,
    Loaded,
    LongList,
    Partials,
    Period,
    Published,
    Receipt,
    Recomputed,
    Request,
    Results,
    ReturnError,
    Returns,
    Scorecard,
    Selection,
    Table,
    Template,
    Verified,
    Workflow,
    __version__,
    add_working_days,
    consultation_form,
    due_date,
    from_tables,
    is_working_day,
    load,
    lscb,
    quarters,
    read_published,
    read_returns,
    working_days,
)

__all__ = [
    "Board",
    "Candidates",
    "Cases",
    "Clock",
    "DefinitionError",
    "Diagnostics",
    "Error",
    "Explained",
    "Framework",
    "GapAnalysis",
    "Loaded",
    "LongList",
    "Partials",
    "Period",
    "Published",
    "Receipt",
    "Recomputed",
    "Request",
    "Results",
    "ReturnError",
    "Returns",
    "Scorecard",
    "Selection",
    "Table",
    "Template",
    "Verified",
    "Workflow",
    "__version__",
    "add_working_days",
    "consultation_form",
    "due_date",
    "from_tables",
    "is_working_day",
    "load",
    "lscb",
    "quarters",
    "read_published",
    "read_returns",
    "spark",
    "stats",
    "working_days",
]

"""Charts of results, drawn by altair."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from staysafe._native import Error, Period

if TYPE_CHECKING:
    from staysafe._native import Results

# Marks of figures that returns could not fully speak for.
_NOT_DRAWN = {"survivors-only", "partly-covered"}

_AXIS = {
    "count": "how many",
    "percentage": "%",
    "share": "%",
    "ratio": "ratio",
    "rate": "rate",
    "mean": "mean",
    "median": "median",
}


def line(results: Results, kind: str | None = None) -> Any:
    """A line through the figures of one indicator, a colour for each area."""
    ids = results.indicators
    if len(ids) != 1:
        raise Error(f'a chart shows one indicator, and these are {len(ids)}: choose one, as in results["{(ids or ["cs-14"])[0]}"]')
    try:
        import altair
    except ImportError as error:
        raise ImportError("this needs altair: pip install altair") from error
    points = [row for row in json.loads(results.to_json())["rows"] if _is_drawn(row)]
    for point in points:
        period = Period(point["period"])
        point["kind"], point["last_day"] = period.kind, period.last_day.isoformat()
    kinds = Counter(point["kind"] for point in points)
    if kind is not None and kind not in kinds:
        found = ", ".join(sorted(kinds)) or "none"
        raise Error(f"no figure of '{ids[0]}' is of a {kind}; there are: {found}")
    if not kinds:
        raise Error(f"'{ids[0]}' has no figure inside what the returns can speak for, so there is nothing to draw")
    chosen = kind if kind is not None else kinds.most_common(1)[0][0]
    points = sorted((point for point in points if point["kind"] == chosen), key=lambda point: point["last_day"])
    periods = list(dict.fromkeys(point["period"] for point in points))
    apart = results.columns[4 : results.columns.index("period")]
    keep = ("area", *apart, "period", "value", "numerator", "denominator", "category")
    values = [{name: point[name] for name in keep} for point in points]
    # An accessible name needs no colour: areas and categories differ by shape too.
    by = "category" if any(point["category"] for point in points) else "area"
    if apart:
        # A line for each combination of what they are kept apart by.
        by = "apart"
        for value, point in zip(values, points):
            parts = [point[name] for name in ("area", *apart, "category")]
            value[by] = ", ".join(part for part in parts if part not in (None, "all"))
    series = altair.Color(f"{by}:N", title=by)
    return (
        altair.Chart(altair.Data(values=values), title=f"{ids[0]}: {results.title(ids[0])}")
        .mark_line(point=True)
        .encode(
            x=altair.X("period:O", sort=periods, title=chosen),
            y=altair.Y("value:Q", title=_AXIS.get(points[0]["statistic"], points[0]["statistic"]), scale=altair.Scale(zero=True)),
            color=series,
            shape=altair.Shape(f"{by}:N", title=by),
            tooltip=[f"{name}:N" for name in keep],
        )
        .properties(description=f"{results.title(ids[0])}, by {chosen}: {len(values)} figures.")
    )


def _is_drawn(row: dict[str, Any]) -> bool:
    return row["outcome"] == "figure" and not _NOT_DRAWN.intersection(row["flags"])

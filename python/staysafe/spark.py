"""The same calculation on Apache Spark: each task counts its rows where they lie, and only counts come back.

    results = staysafe.spark.calculate(framework, {"referral": referrals, "assessment": assessments}, periods="2023-24", by=["area"])

needs `pip install "staysafe[spark]"` and Java 17. docs/spark.md says what travels and what is repartitioned.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from staysafe._native import Framework, Partials, Period, Results, _Job

if TYPE_CHECKING:
    import pyarrow as _pyarrow
    from pyspark.sql import DataFrame as _DataFrame

__all__ = ["calculate", "partials"]

BUCKETS = 1024
"""As docs/states.md says; what a task counts names its buckets, and a merge checks them."""


def calculate(
    framework: Framework,
    tables: Mapping[str, _DataFrame],
    periods: str | Period | Sequence[str | Period],
    by: Sequence[str] = ("area",),
    *,
    authority: str = "area",
    cover: tuple[date, date] | None = None,
    beyond_cover: bool = False,
    indicators: Sequence[str] | None = None,
    readings: bool = False,
) -> Results:
    """Figures, or the reasons why there are none, as `Framework.calculate` gives them for the same rows.

    `tables` are DataFrames by dataset, with the dataset's fields as columns. The column `authority` says whose each row is, by one code
    in all tables; an authority that any table names carries all of them. `cover` is the first and last day that the tables can
    speak for, as in `from_tables`. The other arguments are those of `Framework.calculate`.

    Rows stay where they are, unless a definition looks at several of them at once. What could not be used is in
    `partials(...).rejected`.
    """
    return framework.finish(
        partials(
            framework,
            tables,
            periods,
            by,
            authority=authority,
            cover=cover,
            beyond_cover=beyond_cover,
            indicators=indicators,
            readings=readings,
        )
    )


def partials(
    framework: Framework,
    tables: Mapping[str, _DataFrame],
    periods: str | Period | Sequence[str | Period],
    by: Sequence[str] = ("area",),
    *,
    authority: str = "area",
    cover: tuple[date, date] | None = None,
    beyond_cover: bool = False,
    indicators: Sequence[str] | None = None,
    readings: bool = False,
) -> Partials:
    """The merged partial states of `calculate`, to be kept, merged with others, and finished by `Framework.finish`."""
    columns = {name: _columns(framework, name, table, authority) for name, table in tables.items()}
    job = _Job(framework, columns, periods, list(by), beyond_cover, indicators, readings, cover)
    lying: list[_DataFrame] = []
    together: list[_DataFrame] = []
    for name, needed, how, field in job.travels():
        rows = _rows(tables[name], name, needed, authority, field if how == "by" else None)
        (lying if how == "anyhow" else together).append(rows)
    if not lying and not together:
        raise ValueError("none of these tables is read by what is asked for; name other indicators, or give their tables")

    stream = _union(lying + [_union(together).repartition("authority", "bucket")] if together else lying)

    def counted(batches: Iterator[_pyarrow.RecordBatch]) -> Iterator[_pyarrow.RecordBatch]:
        from pyspark import TaskContext

        task = TaskContext.get()
        assert task is not None
        yield _batch(job.count(batches, f"{task.stageId()}-{task.partitionId()}"))

    def merged(batches: Iterator[_pyarrow.RecordBatch]) -> Iterator[_pyarrow.RecordBatch]:
        found = [state for batch in batches for state in batch.column(0).to_pylist()]
        if found:
            yield _batch(_merged(found).to_ipc())

    states = stream.drop("bucket").mapInArrow(counted, "state binary")
    # So many states are merged by so many tasks, and what they give by the driver.
    states = states.repartition(_tasks(stream)).mapInArrow(merged, "state binary")
    return _merged([bytes(row["state"]) for row in states.collect()])


def _columns(framework: Framework, name: str, table: _DataFrame, authority: str) -> list[str]:
    """The columns that are fields: that of the authority is one only where its dataset says so."""
    if authority not in table.columns:
        raise ValueError(
            f"the table '{name}' has no column '{authority}', which says whose each row is; name it with authority="
        )
    return [column for column in table.columns if column != authority or framework._has_field(name, column)]


def _rows(table: _DataFrame, name: str, columns: Sequence[str], authority: str, field: str | None) -> _DataFrame:
    """A table's rows as they travel: whose, of which dataset, and what is needed of them as one column."""
    from pyspark.sql import functions as F

    whose = F.col(f"`{authority}`").cast("string")
    parts = [whose, F.lit("\x00")]
    if field is not None:
        kind = dict(table.dtypes)[field]
        if kind not in ("string", "tinyint", "smallint", "int", "bigint", "date"):
            raise ValueError(
                f"the column '{field}' of '{name}' is a {kind}; rows are kept together by it, and a text, a whole number or a date is needed"
            )
        parts.append(F.coalesce(F.col(f"`{field}`").cast("string"), F.lit("")))
    bucket = F.crc32(F.concat(*parts)) % BUCKETS
    needed = F.struct(*[F.col(f"`{column}`") for column in columns]) if columns else F.struct(F.lit(None).alias("nothing"))
    return table.select(
        F.lit(name).alias("dataset"), whose.alias("authority"), bucket.alias("bucket"), needed.alias(name)
    )


def _union(rows: Sequence[_DataFrame]) -> _DataFrame:
    whole = rows[0]
    for more in rows[1:]:
        whole = whole.unionByName(more, allowMissingColumns=True)
    return whole


def _tasks(stream: _DataFrame) -> int:
    count = int(stream.sparkSession.conf.get("spark.sql.shuffle.partitions") or 1)
    return max(1, math.isqrt(count))


def _batch(state: bytes) -> _pyarrow.RecordBatch:
    import pyarrow

    return pyarrow.RecordBatch.from_arrays([pyarrow.array([state], pyarrow.binary())], names=["state"])


def _merged(states: Sequence[bytes]) -> Partials:
    first, *others = (Partials.from_ipc(state) for state in states)
    return first.merge(*others)

"""Tables go in and out of pandas, polars, pyarrow and duckdb, and nothing is lost or guessed on the way."""

import subprocess
import sys
from datetime import date, datetime

import duckdb
import pandas
import polars
import pyarrow
import pytest
import staysafe as ss

COLUMNS = [
    "indicator", "statistic", "category", "area", "period", "numerator", "denominator", "value", "lower", "upper",
    "outcome", "flags", "reported", "expected", "notes",
]

WAYS_OUT = {
    "pandas": lambda table: table.to_pandas(),
    "polars": lambda table: table.to_polars(),
    "pyarrow": lambda table: table.to_arrow(),
    "polars, by itself": polars.DataFrame,
    "pyarrow, by itself": pyarrow.table,
    "pyarrow, by batches": lambda table: pyarrow.RecordBatchReader.from_stream(table).read_all(),
}


class ArrayOnly:
    """A table that speaks the interface for single arrays, as some libraries do."""

    def __init__(self, array):
        self.array = array

    def __arrow_c_array__(self, requested_schema=None):
        return self.array.__arrow_c_array__(requested_schema)


def of_pyarrow(table):
    return table.to_arrow().drop_columns("area")


WAYS_IN = {
    "pyarrow": of_pyarrow,
    "pyarrow, a batch": lambda table: of_pyarrow(table).to_batches()[0],
    "an array of records": lambda table: ArrayOnly(of_pyarrow(table).to_batches()[0]),
    "pyarrow, in pieces": lambda table: pyarrow.Table.from_batches(of_pyarrow(table).to_batches(max_chunksize=7)),
    "pandas": lambda table: table.to_pandas().drop(columns="area"),
    "pandas, filtered": lambda table: table.to_pandas().drop(columns="area").query("child == child"),
    "polars": lambda table: table.to_polars().drop("area"),
    "polars, categories": lambda table: table.to_polars().drop("area").with_columns(
        polars.col(polars.String).cast(polars.Categorical)
    ),
    "duckdb": lambda table: duckdb.from_arrow(of_pyarrow(table)),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_results_go_out(results, way):
    table = WAYS_OUT[way](results)
    assert list(getattr(table, "column_names", None) or table.columns) == COLUMNS == results.columns
    assert len(table) == len(results)


def test_results_by_breakdowns_have_a_column_for_each(framework, data):
    results = framework.calculate(data, by=["area", "region", "age", "sex"], indicators=["ctx-referrals", "cs-18"])
    columns = COLUMNS[:4] + ["region", "age", "sex"] + COLUMNS[4:]
    table = results.to_polars()
    assert table.columns == columns == results.columns
    figures = table.filter(polars.col("indicator") == "ctx-referrals")
    assert figures["age"].unique(maintain_order=True).to_list() == [
        "unborn", "under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", "unknown",
    ]
    whole = framework.calculate(data, by=["area"], indicators=["ctx-referrals"]).to_polars()
    for period, count in whole.select("period", "numerator").iter_rows():
        assert figures.filter(polars.col("period") == period)["numerator"].sum() == count
    assert table.filter(polars.col("indicator") == "cs-18")["age"].unique().to_list() == ["all"]


def test_results_go_out_to_duckdb(results):
    rows = duckdb.sql("select outcome, count(*) from results group by all").fetchall()
    assert sum(count for _, count in rows) == len(results)


@pytest.mark.parametrize("name", ["profile", "rejects"])
def test_looks_at_returns_go_out(data, name):
    table = getattr(data, name)
    assert table.to_polars().columns == table.to_pandas().columns.to_list() == table.columns
    assert table.to_arrow().num_rows == len(table)


def test_a_table_can_be_taken_twice(results):
    assert results.to_arrow() == results.to_arrow()


def test_a_capsule_is_taken_once(data):
    class Once:
        def __init__(self, table):
            self.capsule = table.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    once = Once(data.tables["disability"].to_arrow().drop_columns("area"))
    ss.from_tables({"disability": once}, area="1", kind="cin-census")
    with pytest.raises(TypeError, match="the table cannot be read"):
        ss.from_tables({"disability": once}, area="1", kind="cin-census")


def test_an_array_capsule_is_taken_once():
    class Once:
        def __init__(self, batch):
            self.capsules = batch.__arrow_c_array__()

        def __arrow_c_array__(self, requested_schema=None):
            return self.capsules

    once = Once(pyarrow.record_batch({"child": ["A"], "disability": ["MOB"]}))
    ss.from_tables({"disability": once}, area="1", kind="cin-census")
    with pytest.raises(TypeError, match="taken before"):
        ss.from_tables({"disability": once}, area="1", kind="cin-census")


def test_a_column_is_no_table():
    with pytest.raises(TypeError, match="not a single column"):
        ss.from_tables({"disability": ArrayOnly(pyarrow.array(["A"]))}, area="1", kind="cin-census")


@pytest.mark.parametrize("way", WAYS_IN)
def test_figures_are_the_same_by_every_way_in(framework, data, results, way):
    given = {name: WAYS_IN[way](table) for name, table in data.tables.items()}
    cover = (date(2023, 4, 1), date(2024, 3, 31))
    made = ss.from_tables(given, area=data.areas[0], kind="cin-census", cover=cover)
    assert len(made.rejects) == 0, made.rejects.to_pandas().message.unique()
    again = framework.calculate(made).to_polars()
    both = results.to_polars().join(again, on=["indicator", "statistic", "category", "area", "period"], nulls_equal=True)
    assert len(both) == len(results)
    unlike = both.filter(
        polars.col("numerator").ne_missing(polars.col("numerator_right"))
        | polars.col("denominator").ne_missing(polars.col("denominator_right"))
        | polars.col("outcome").ne_missing(polars.col("outcome_right"))
    )
    assert unlike.select("indicator", "period", "numerator", "numerator_right").rows() == []


def test_what_a_column_cannot_hold_is_a_reject_with_its_row():
    table = pandas.DataFrame({
        "child": ["A", "B", None],
        "referral": [1.0, 2.5, 3.0],
        "referral_date": [datetime(2023, 5, 2), datetime(2023, 5, 2, 9, 30), None],
    })
    data = ss.from_tables({"referral": table}, area="999", kind="cin-census")
    rejects = data.rejects.to_arrow().to_pylist()
    assert {(one["record"], one["element"], one["code"]) for one in rejects} >= {
        (2, "referral_date", "wrong-value"),
        (2, "referral", "wrong-value"),
        (3, "child", "blank"),
    }
    assert len(data.tables["referral"]) == 1, "records without an identifier are left out, and counted"
    assert data.profile.to_polars().filter(field="referral_date")["known"].to_list() == [1]


def test_text_dates_are_written_one_way_only():
    table = polars.DataFrame({"child": ["A", "B"], "referral": [1, 2], "referral_date": ["2023-05-02", "02/05/2023"]})
    data = ss.from_tables({"referral": table}, area="999", kind="cin-census")
    assert data.tables["referral"].to_polars()["referral_date"].to_list() == [date(2023, 5, 2), None]
    assert len(data.rejects) == 1


def test_a_dataset_that_was_not_given_is_not_reported(framework):
    referrals = polars.DataFrame({"child": ["A"], "referral": [1], "referral_date": [date(2023, 5, 2)]})
    data = ss.from_tables({"referral": referrals}, area="999", kind="cin-census")
    results = framework.calculate(data, "2023-24 Q1", indicators=["ctx-s47", "ctx-referrals"])
    outcomes = {row["indicator"]: row["outcome"] for row in results.to_arrow().to_pylist()}
    assert outcomes == {"ctx-s47": "not-reported", "ctx-referrals": "figure"}


def test_importing_needs_nothing_else():
    needed = "import sys, staysafe; print([n for n in ('pandas', 'polars', 'pyarrow', 'altair', 'numpy') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", needed], check=True, capture_output=True, text=True).stdout == "[]\n"

"""On Spark each task counts its rows, and the merged counts give what the local engine gives.

Runs where PySpark is, which `cargo xtask test --heavy` brings.
"""

import os
import pickle
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import staysafe as ss

pyspark = pytest.importorskip("pyspark", reason="left out: PySpark is not installed; cargo xtask test --heavy brings it")

AREAS = ["E06000001", "E06000002", "E06000005"]
PERIODS = ["2021-22 Q4", "2022-23 Q1", "2022-23"]
# Of each sort: rows counted one by one, distinct children, links, a chain, a due-date schedule, two totals.
INDICATORS = ["ctx-referrals", "ctx-s47", "cs-14", "cs-04", "cs-09", "cs-03"]
FIRST = date(2021, 4, 1)


def rows(count: int, seed: int) -> dict[str, pl.DataFrame]:
    """Records of three authorities of very unequal size, with blanks, and with rows that stand twice."""
    dice = random.Random(seed)

    def day(blank=0.1):
        return None if dice.random() < blank else FIRST + timedelta(days=dice.randrange(800))

    def table(columns: dict[str, object]) -> pl.DataFrame:
        made = []
        for _ in range(count):
            area = dice.choices(AREAS, weights=[90, 9, 1])[0]
            made.append({"area": area, "child": f"c{dice.randrange(count // 3 + 1)}"} | {n: make() for n, make in columns.items()})
            if dice.random() < 0.05:
                made.append(dict(made[-1]))
        # Types are said, so that a column of blanks has its own.
        types = {"plan": pl.Int64, "referral": pl.Int64}
        return pl.DataFrame(made, schema={n: types.get(n, pl.Date if n in DATES else pl.String) for n in made[0]})

    def number():
        return dice.randrange(1, 4)

    return {
        "child": table({"birth_date": lambda: day(0), "expected_birth_date": lambda: None}).unique(["area", "child"], maintain_order=True),
        "referral": table({"referral": number, "referral_date": lambda: day(0)}),
        "section_47": table({"referral": number, "s47_start": day, "icpc_date": lambda: day(0.3)}),
        "child_protection_plan": table({"referral": number, "plan": number, "plan_start": lambda: day(0), "plan_end": lambda: day(0.6)}),
        "child_protection_review": table({"referral": number, "plan": number, "review_date": day}),
        "looked_after_child": table({"birth_date": day}),
        "episode": table(
            {
                "decom": lambda: day(0),
                "dec": lambda: day(0.5),
                "rne": lambda: dice.choice(["S", "P", "L", None]),
                "legal_status": lambda: dice.choice(["C2", "V2", "V3"]),
                "place": lambda: dice.choice(["U1", "K2", "A5", None]),
                "place_provider": lambda: "PR1",
                "placement_postcode": lambda: dice.choice(["AA1 1AA", "AA1 1AB", None]),
                "placement_urn": lambda: dice.choice(["SC1", None]),
                "rec": lambda: dice.choice(["X1", "E11", None]),
                "reason_place_change": lambda: dice.choice(["CARPL", None]),
                "primary_need": lambda: "N1",
                "home_postcode": lambda: None,
            }
        ),
    }


DATES = {"birth_date", "expected_birth_date", "referral_date", "s47_start", "icpc_date", "plan_start", "plan_end", "review_date", "decom", "dec"}
COVER = (date(2021, 4, 1), date(2023, 3, 31))


def kinds(framework) -> dict[str, str]:
    """Of each dataset the return that carries it, as the refusal of another names it."""
    found = {}
    for name in rows(1, 0):
        try:
            ss.from_tables({name: pl.DataFrame({"nothing": [1]})}, area="x", kind="?", framework=framework)
        except ss.ReturnError as refusal:
            found[name] = str(refusal).split("carried by '")[1].split("'")[0]
    return found


def locally(framework, tables, **words):
    carried = kinds(framework)
    returns = []
    for area in sorted({area for table in tables.values() for area in table["area"]}):
        for kind in sorted({carried[name] for name in tables}):
            own = {n: t.filter(pl.col("area") == area).drop("area") for n, t in tables.items() if carried[n] == kind}
            returns.append(ss.from_tables(own, area=area, kind=kind, cover=COVER, framework=framework))
    return framework.calculate(sum(returns[1:], returns[0]), periods=PERIODS, **words)


def figures(results) -> list[dict]:
    return results.to_arrow().to_pylist()


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


def on_spark(spark, tables):
    from pyspark.sql import types as T

    kinds = {pl.String: T.StringType(), pl.Int64: T.LongType(), pl.Date: T.DateType()}

    def frame(table):
        schema = T.StructType([T.StructField(name, kinds[kind]) for name, kind in table.schema.items()])
        return spark.createDataFrame(table.rows(), schema)

    return {name: frame(table) for name, table in tables.items()}


@pytest.fixture(scope="module")
def tables():
    return rows(400, 7)


@pytest.fixture(scope="module")
def frames(spark, tables):
    return on_spark(spark, tables)


@pytest.mark.parametrize("parts", [1, 2, 8])
@pytest.mark.parametrize("by", [["area"], ["region", "age"]])
def test_any_number_of_partitions_gives_the_local_figures(framework, tables, frames, parts, by):
    dealt = {name: frame.repartition(parts) for name, frame in frames.items()}
    found = ss.spark.calculate(framework, dealt, PERIODS, by, cover=COVER, indicators=INDICATORS)
    expected = figures(locally(framework, tables, by=by, indicators=INDICATORS))
    assert figures(found) == expected
    counted = {row["indicator"] for row in expected if row["numerator"]}
    assert counted >= ({"ctx-referrals", "ctx-s47", "cs-14", "cs-04"} if by == ["area"] else {"cs-04"}), "the records say something of each sort"


@pytest.mark.parametrize("ids", [["ctx-referrals"], ["ctx-s47"], ["cs-04"]])
def test_empty_and_skewed_partitions_give_the_local_figures(framework, spark, tables, frames, ids):
    from pyspark.sql import functions as F

    # All rows but a few in one partition, the rest of eight empty or nearly so.
    skewed = {name: frame.repartition(8, F.col("area") == AREAS[0]) for name, frame in frames.items()}
    found = ss.spark.calculate(framework, skewed, PERIODS, cover=COVER, indicators=ids)
    assert figures(found) == figures(locally(framework, tables, indicators=ids))


def test_rows_stay_where_they_are_unless_something_looks_at_several(framework, frames):
    def travels(ids, names):
        columns = {name: [c for c in frames[name].columns if c != "area"] for name in names}
        job = ss._native._Job(framework, columns, PERIODS, ["area"], False, ids, False, None)
        return {name: (how, field, columns) for name, columns, how, field in job.travels()}

    # Of a table counted row by row, what is read and no more; its records stay where they lie.
    assert travels(["ctx-referrals"], ["referral", "episode"]) == {
        "referral": ("anyhow", None, ["child", "referral", "referral_date"])
    }
    linked = travels(["cs-04"], ["episode", "looked_after_child"])
    assert {how for how, _, _ in linked.values()} == {"by"}
    assert {field for _, field, _ in linked.values()} == {"child"}


def test_only_states_come_back(framework, frames):
    states = ss.spark.partials(framework, frames, PERIODS, cover=COVER, indicators=["ctx-referrals"])
    sent = ss.Partials.from_ipc(states.to_ipc())
    assert sent.authorities == AREAS
    assert not any(f'"{child}"'.encode() in states.to_ipc() for child in ("c1", "c2", "c3")), "no child's number"
    assert figures(framework.finish(sent)) == figures(
        ss.spark.calculate(framework, frames, PERIODS, cover=COVER, indicators=["ctx-referrals"])
    )


def test_what_cannot_be_used_is_counted(framework, spark, tables):
    from pyspark.sql import functions as F

    bad = on_spark(spark, {"referral": tables["referral"]})["referral"]
    bad = bad.withColumn("referral_date", F.when(F.col("child") == "c1", F.lit("someday")).otherwise(F.col("referral_date").cast("string")))
    states = ss.spark.partials(framework, {"referral": bad}, PERIODS, cover=COVER, indicators=["ctx-referrals"])
    count = tables["referral"].filter(pl.col("child") == "c1").height
    assert count > 0
    assert sum(states.rejected.values()) == count, states.rejected


def test_a_framework_of_ones_own_travels(spark, frames, tables, tmp_path):
    (tmp_path / "datasets").mkdir()
    (tmp_path / "indicators").mkdir()
    (tmp_path / "framework.toml").write_text(
        'id = "f"\ntitle = "F"\nscope = "all"\n[parameters.least]\ntype = "whole number"\ndefault = 1\nwhy = "w"\n'
    )
    (tmp_path / "agencies.toml").write_text('[[agency]]\nid = "council"\nname = "Council"\n')
    (tmp_path / "datasets" / "referral.toml").write_text(
        'id = "referral"\ntitle = "R"\ncarried_by = "cin-census"\nholder = "council"\narea = "given"\nfield = [\n'
        '  { name = "child", type = "text", personal = true },\n  { name = "referral", type = "whole number" },\n'
        '  { name = "referral_date", type = "date" },\n]\n'
    )
    (tmp_path / "indicators" / "seen.toml").write_text(
        'id = "seen"\ntitle = "S"\nkind = "count"\npolarity = "neutral"\ncycle = "quarter"\nholder = "council"\n[calculation]\n'
        'from = "referral"\nwhen = { date = "referral_date" }\ncounted = "distinct child"\npopulation = "referral >= $least"\n'
    )
    own = ss.load(tmp_path, parameters={"least": 2})
    assert not own.check().has_errors, str(own.check())
    again = pickle.loads(pickle.dumps(own))
    assert again.check().to_arrow() == own.check().to_arrow()
    found = ss.spark.calculate(own, {"referral": frames["referral"].repartition(3)}, "2022-23")
    children = tables["referral"].filter(
        pl.col("referral_date").is_between(date(2022, 4, 1), date(2023, 3, 31)), pl.col("referral") >= 2
    )
    expected = children.group_by("area").agg(pl.col("child").n_unique()).sort("area")["child"].to_list()
    assert found.to_arrow()["numerator"].to_pylist() == expected


def test_misuse_is_said(framework, frames):
    with pytest.raises(TypeError, match="staysafe.spark.calculate"):
        ss.from_tables({"referral": frames["referral"]}, area="999", kind="cin-census")
    with pytest.raises(ss.ReturnError, match="did you mean 'referral'"):
        ss.spark.calculate(framework, {"referal": frames["referral"]}, PERIODS)
    with pytest.raises(ss.ReturnError, match="did you mean 'referral_date'"):
        ss.spark.calculate(
            framework, {"referral": frames["referral"].withColumnRenamed("referral_date", "referal_date")}, PERIODS
        )
    with pytest.raises(ValueError, match="no column 'council'"):
        ss.spark.calculate(framework, {"referral": frames["referral"]}, PERIODS, authority="council")
    with pytest.raises(ValueError, match="name other indicators"):
        ss.spark.calculate(framework, {"referral": frames["referral"]}, PERIODS, indicators=["cs-04"])


def test_importing_staysafe_does_not_import_spark():
    code = "import sys, staysafe; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_example_prints_the_councils_referrals():
    example = Path(__file__).parents[2] / "examples" / "spark.py"
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    days = [date(2022, 4, 1) + timedelta(days=number * 3) for number in range(240)]
    each = [sum(day <= date(2023, 3, 31) for day in days[council::3]) for council in range(3)]
    assert done.stdout.splitlines() == [f"E0600000{n}  2022-23  {count} referrals" for n, count in enumerate(each, 1)]

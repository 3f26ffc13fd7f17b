"""A regional team keeps ten years of referrals on a cluster, and wants last year's figures for every council.

Each task counts the rows it has; only counts come back. This runs on two threads of one machine: `python examples/spark.py`.
It needs `pip install "staysafe[spark]"` and Java 17.
"""

import os
import sys
from datetime import date, timedelta

import staysafe as ss
from pyspark.sql import SparkSession


def main() -> str:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        # On a cluster this is spark.read.table(...).
        councils = ["E06000001", "E06000002", "E06000003"]
        rows = [
            (councils[number % 3], f"child {number % 40}", 1 + number // 40, date(2022, 4, 1) + timedelta(days=number * 3))
            for number in range(240)
        ]
        referrals = spark.createDataFrame(rows, "area string, child string, referral int, referral_date date")
        results = ss.spark.calculate(
            ss.lscb(),
            {"referral": referrals},
            periods="2022-23",
            by=["area"],
            cover=(date(2022, 4, 1), date(2024, 3, 31)),
            indicators=["ctx-referrals"],
        )
    finally:
        spark.stop()
    said = [f"{row['area']}  {row['period']}  {row['numerator']} referrals" for row in results.to_arrow().to_pylist()]
    return "\n".join(said)


if __name__ == "__main__":
    print(main())

"""Partial states: counted apart, sent as bytes, merged in any order, finished into the figures of all the records."""

from datetime import date, timedelta

import polars as pl
import pytest
import staysafe as ss

WORDS = {"periods": ["2022-23 Q1", "2022-23"], "by": ["region"], "indicators": ["ctx-referrals", "ctx-s47", "cs-14"]}


def returns(area: str, children: int) -> ss.Returns:
    days = [date(2022, 4, 1) + timedelta(days=number * 11 % 360) for number in range(children)]
    own = [f"c{number}" for number in range(children)]
    tables = {
        "child": pl.DataFrame({"child": own, "birth_date": [day - timedelta(days=2000) for day in days]}),
        "referral": pl.DataFrame({"child": own, "referral": [1] * children, "referral_date": days}),
        "section_47": pl.DataFrame(
            {
                "child": own,
                "referral": [1] * children,
                "s47_start": days,
                "icpc_date": [day + timedelta(days=number % 30) for number, day in enumerate(days)],
            }
        ),
    }
    return ss.from_tables(tables, area=area, kind="cin-census", cover=(date(2022, 4, 1), date(2023, 3, 31)))


def test_parts_give_what_one_calculation_gives(framework):
    councils = [returns("E06000001", 30), returns("E06000002", 7), returns("E06000005", 1)]
    parts = [framework.calculate_part(data, **WORDS) for data in councils]
    sent = [ss.Partials.from_ipc(part.to_ipc()) for part in reversed(parts)]
    merged = sent[0].merge(*sent[1:])
    whole = framework.calculate(councils[0] + councils[1] + councils[2], **WORDS)
    assert framework.finish(merged).to_json() == whole.to_json()
    assert merged.to_ipc() == parts[0].merge(parts[1]).merge(parts[2]).to_ipc(), "in any order, the same bytes"
    assert merged.authorities == ["E06000001", "E06000002", "E06000005"]
    assert repr(merged).endswith("of 3 authorities>")


def test_any_reader_of_arrow_reads_them(framework):
    part = framework.calculate_part(returns("E06000001", 30), **WORDS)
    table = pl.read_ipc(part.to_ipc())
    assert len(table) == len(part)
    referrals = table.filter(pl.col("indicator") == "ctx-referrals", pl.col("period") == "2022-23")
    assert referrals["numerator"].cast(pl.Int64).sum() == 30


def test_what_does_not_belong_together_is_refused(framework):
    one = framework.calculate_part(returns("E06000001", 3), **WORDS)
    with pytest.raises(ss.Error, match="overlap"):
        one.merge(one)
    other = framework.calculate_part(returns("E06000002", 3), **WORDS | {"periods": "2021-22"})
    with pytest.raises(ss.Error, match="the plan is"):
        one.merge(other)
    rows = framework.calculate_part(returns("E06000002", 3), **WORDS, rows="one")
    with pytest.raises(ss.Error, match="belong together"):
        rows.merge(framework.calculate_part(returns("E06000002", 4), **WORDS, rows="another"))
    with pytest.raises(ss.Error, match="send the file again"):
        ss.Partials.from_ipc(one.to_ipc()[:-1])

"""How figures would be counted is told from what the engine reads, before anything is counted."""

from datetime import date

import polars
import pytest
import staysafe as ss

PLANS = ["cs-15", "cs-16", "rev-02"]


def test_indicators_that_share_a_reading_stand_in_one_row_with_the_columns_that_are_read(framework):
    how = framework.explain(periods=["2023-24 Q1", "2023-24"], indicators=PLANS)
    assert isinstance(how, ss.Explained)
    rows = how.to_polars()
    assert rows["indicators"].to_list() == ["cs-15, cs-16", "rev-02"]
    assert rows["periods"].to_list() == [2, 2] and rows["times"].to_list() == [1, 1]
    assert rows["columns"][0] == "child: child, ethnicity; child_protection_plan: child, plan_end, plan_start"
    assert rows["rows"].to_list() == [None, None] and how.in_columns is None and how.beside is None
    assert "for: cs-15, cs-16\n" in str(how)
    assert repr(how) == "<Explained: 2 readings, 2 indicators share one>"


def test_of_returns_it_knows_rows_and_memory_whether_they_were_loaded_or_not(framework):
    children = polars.DataFrame({"child": ["A", "B"], "referral": [1, 2], "referral_date": [date(2023, 5, 2)] * 2})
    tables = {"referral": children}
    handed = ss.from_tables(tables, area="999", kind="cin-census")
    loaded = framework.load(tables, area="999", kind="cin-census")
    asked = {"periods": "2023-24 Q1", "indicators": ["ctx-referrals", "cs-20"]}
    how = framework.explain(loaded, **asked)
    assert str(how) == str(framework.explain(handed, **asked))
    assert how.to_polars()["rows"].to_list() == [2]
    # Two texts' numbers, two whole numbers, two days.
    assert how.in_columns == 2 * (4 + 8 + 4)
    assert how.beside > 0
    assert how.without == ["cs-20"]


def test_what_cannot_be_planned_is_said_as_for_calculate(framework):
    with pytest.raises(KeyError, match="did you mean 'ctx-referrals'"):
        framework.explain(periods="2023-24", indicators=["ctx-referal"])
    with pytest.raises(ValueError, match="no period to calculate"):
        framework.explain()

"""What a notebook shows by itself is about no child, and cannot be taken for markup."""

import re

import polars
import staysafe as ss


def shown(thing) -> str:
    return repr(thing) + (thing._repr_html_() if hasattr(thing, "_repr_html_") else "")


def test_no_record_is_shown(data, framework):
    keys = set(data.tables["child"].to_polars()["child"])
    births = {str(day) for day in data.tables["child"].to_polars()["birth_date"] if day is not None}
    key = min(keys)
    things = [
        data,
        data.profile,
        data.rejects,
        data.rejects_with_values(),
        framework.why(data, "ctx-referrals", key=key, period="2023-24"),
        framework.cases(data, "ctx-referrals", period="2023-24"),
        *data.tables.values(),
    ]
    for thing in things:
        words = set(re.split(r"[^\w-]+", shown(thing)))
        assert not words & keys, thing
        assert not words & births, thing


def test_a_rejected_value_is_masked_until_it_is_asked_for():
    table = polars.DataFrame({"child": ["A"], "birth_date": ["3rd of May"]})
    data = ss.from_tables({"child": table}, area="999", kind="cin-census")
    assert data.rejects.to_arrow().to_pylist()[0]["value"] == "(masked)"
    assert "3rd of May" not in shown(data.rejects_with_values())
    assert data.rejects_with_values().to_arrow().to_pylist()[0]["value"] == "3rd of May"


def test_cases_speak_when_they_are_printed(framework, data):
    cases = framework.cases(data, "ctx-referrals", period="2023-24")
    assert str(cases).startswith("handling: ")
    assert cases.to_polars()["key"][0] in str(cases)


def test_markup_is_escaped():
    table = polars.DataFrame({"child": ["A"], "referral": [1], "referral_date": ["<script>"]})
    data = ss.from_tables({"referral": table}, area="<b>9</b>", kind="cin-census")
    html = data._repr_html_() + data.profile._repr_html_() + data.rejects._repr_html_()
    assert "<script>" not in html and "<b>9" not in html
    assert "&lt;script&gt;" in html and "&lt;b&gt;9&lt;/b&gt;" in html


def test_what_is_shown_is_small(results):
    assert results._repr_html_().count("<tr>") == 21
    assert "the first 20 shown" in results._repr_html_()

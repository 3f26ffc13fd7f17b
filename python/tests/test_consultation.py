"""The long list from the form to the drafts, and the entries that overlap."""

import json
from pathlib import Path

import pytest
import staysafe as ss

BOARD = Path(__file__).parents[2] / "examples" / "board"


def test_the_worked_board_s_long_list_says_who_put_what_forward_and_what_became_of_it(framework):
    ideas = framework.long_list(BOARD)
    table = ideas.to_arrow().to_pylist()
    by_outcome = {row["outcome"]: row for row in table}
    assert set(by_outcome) == {"accepted", "merged", "declined", None}
    assert by_outcome["merged"]["entry"] == "jd-10"
    assert "is similar to jd-10" in by_outcome["merged"]["overlaps"]
    assert by_outcome["declined"]["entry"] is None
    # Each outcome leads back to a person, a form and a line of it.
    for row in table:
        form = BOARD / row["file"]
        assert row["by"]
        assert form.is_file()
        assert row["line"] <= len(form.read_text(encoding="utf-8").splitlines())
    assert [row["answered_on"] is None for row in ideas.asked.to_arrow().to_pylist()].count(True) == 1
    assert len(ideas.faults) == 0
    assert json.loads(ideas.to_json())["lines"][0]["idea"]["by"]


def test_drafts_name_their_proposer_and_are_never_overwritten(framework, tmp_path):
    ideas = framework.long_list(BOARD)
    assert "Put forward by B. Constable (police)" in ideas.drafts["new-01"]
    assert [path.name for path in ideas.write_drafts(tmp_path)] == ["new-01.toml"]
    (tmp_path / "new-01.toml").write_text("mine")
    assert ideas.write_drafts(tmp_path) == []
    assert (tmp_path / "new-01.toml").read_text() == "mine"


def test_a_form_is_filled_in_and_read_and_a_faulty_one_says_its_line(framework, tmp_path):
    forms = tmp_path / "consultation"
    forms.mkdir()
    (forms / "a.csv").write_text(ss.consultation_form() + "Visits,A,Health visitors,,,,,,,,\n,B,Police,,,,,,,,\n")
    filled = ss.consultation_form(toml=True).replace('title = ""', 'title = "Plans"')
    (forms / "b.toml").write_text(filled.replace('by = ""', 'by = "A"').replace('agency = ""', 'agency = "Schools"'))
    ideas = framework.long_list(tmp_path)
    assert [row["title"] for row in ideas.to_arrow().to_pylist()] == ["Visits", "Plans"]
    [fault] = ideas.faults.to_arrow().to_pylist()
    assert (fault["file"], fault["line"], fault["what"]) == ("consultation/a.csv", 3, "'title' is blank")
    assert "consultation/a.csv:3" in str(ideas)
    with pytest.raises(ss.Error, match="put the forms that came back into it"):
        framework.long_list(tmp_path / "nowhere")


def test_entries_that_overlap(framework):
    found = {(row["first"], row["relation"], row["second"]) for row in framework.overlaps().to_arrow().to_pylist()}
    assert ("rev-05", "is the denominator of", "cs-06") in found
    assert ("cs-15", "is the same as", "rev-01") in found

"""A board's folder: its plan is made and made again, says how it stands, and feeds the first page."""

from datetime import date

import pytest
import staysafe as ss

DAY = date(2024, 7, 1)
CHALLENGE = """[[challenge]]
id = "c1"
raised = 2024-04-25
to = "police"
question = "Why has nothing come since October?"
due = 2024-06-05
"""


@pytest.fixture
def board(tmp_path):
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "challenges.toml").write_text(CHALLENGE, encoding="utf-8")
    return folder


def test_a_plan_is_made_edited_and_made_again(framework, data, board):
    assert "police/offence" in framework.make_plan(board, data, DAY)
    plan = board / "plan.toml"
    row = 'id = "police/offence"\n'
    edited = plan.read_text(encoding="utf-8").replace(row, row + "due = 2024-05-01 # said the chair\n")
    plan.write_text(edited, encoding="utf-8")
    assert framework.make_plan(board, data, DAY).startswith("0 rows added")
    assert plan.read_text(encoding="utf-8") == edited
    now = framework.board(board, data, DAY)
    [late] = [row for row in now.to_arrow().to_pylist() if row["days_overdue"] is not None]
    assert (late["row"], late["days_overdue"], late["escalated_to"]) == ("police/offence", 61, "board-chair")
    assert "61 days since 2024-05-01" in str(now)


def test_challenges_are_a_table_and_stand_on_the_boards_first_page_alone(framework, data, board, tmp_path):
    now = framework.board(board, data, DAY)
    [challenge] = now.challenges.to_polars().to_dicts()
    assert (challenge["answer"], challenge["days_overdue"], challenge["outstanding"]) == ("overdue", 26, True)
    assert now.gaps.headlines == framework.gap(data, DAY).headlines
    published = framework.report(data, tmp_path / "published", date=DAY, board=board)
    assert "since October" not in published.html.read_text(encoding="utf-8")
    own = framework.report(data, tmp_path / "own", for_="board", recipient="The chair", date=DAY, board=board)
    assert "since October" in own.html.read_text(encoding="utf-8")


CONFLICT = "<<<<<<< ours\nperiods = 2\n=======\nperiods = 3\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("damage", "place", "words"),
    [
        ("threshold = '0.9'\n" + CONFLICT, "plan.toml:2:1", ["merge-conflict", "periods = 2", "periods = 3"]),
        ("threshold = '0.9'\n[[row]\n", "plan.toml:2:", ["not-toml"]),
        ("threshold = 'nearly'\n", "plan.toml:1:13", ["nearly"]),
    ],
)
def test_a_damaged_plan_is_an_error_with_its_line_and_stays_as_it_is(framework, data, board, damage, place, words):
    plan = board / "plan.toml"
    plan.write_text(damage, encoding="utf-8")
    report = {"for_": "board", "recipient": "The chair", "date": DAY, "board": board}
    for ask in (
        lambda: framework.board(board, data, DAY),
        lambda: framework.make_plan(board, data, DAY),
        lambda: framework.report(data, board.parent / "card", **report),
    ):
        with pytest.raises(ss.Error) as refused:
            ask()
        assert all(word in str(refused.value) for word in [place, *words]), str(refused.value)
        assert plan.read_text(encoding="utf-8") == damage
    assert not (board.parent / "card").exists(), "nothing is written from half a folder"


def test_a_publication_over_a_boards_scorecard_warns_of_what_must_not_go_out(framework, data, board, tmp_path, recwarn):
    card = tmp_path / "card"
    own = framework.report(data, card, for_="board", recipient="The chair", date=DAY, board=board)
    assert list(recwarn) == []
    kept = own.json.parent / "runs" / "board-2024-07-01.json"
    (card / "board.html").write_text("the board's way", encoding="utf-8")
    with pytest.warns(UserWarning) as told:
        framework.report(data, card, date=DAY)
    [warning] = told
    assert str(warning.message).startswith(f"{card / 'board.html'}, {kept} are there from an earlier run")
    assert warning.filename == __file__
    assert kept.exists() and (card / "board.html").exists()

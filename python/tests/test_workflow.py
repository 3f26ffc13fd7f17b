"""A board walks both options of the source from the choice to the last signature."""

import doctest
import shutil
from datetime import date
from pathlib import Path

import pytest

import staysafe as ss

DOCS = Path(__file__).parents[2] / "docs"


class Board:
    """A folder in which something happens every day."""

    def __init__(self, folder):
        self.folder = folder
        self.day = 0
        self.flow = ss.Workflow.init(folder, date=date(2010, 6, 1))

    def record(self, event, *, by="The Board", role="board", **words):
        self.day += 1
        self.flow = self.flow.record(event, by=by, role=role, date=date(2010, 6, self.day), **words)

    def make(self, step):
        file = self.folder / f"{step}.md"
        file.write_text(f"the {step}\n")
        self.record("record", step=step, file=file)

    def sign(self, step, **words):
        words = {"meeting": "June meeting", "minute": f"{self.day}.1", "quorum": True} | words
        self.record("sign off", step=step, file=self.folder / f"{step}.md", **words)


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path / "board")


def standings(flow):
    table = flow.to_arrow().to_pydict()
    return dict(zip(table["step"], table["standing"], strict=True))


def test_option_1_is_walked_from_its_choice_to_the_last_signature(board):
    assert (board.flow.option, board.flow.next_step, len(board.flow)) == (None, None, 0)
    board.record("choose option", option="option-1", reason="the priorities are clear")
    steps = ["priorities", "data-requirements", "gap-analysis", "framework", "task-group", "data-gathering-plan"]
    for step in steps:
        assert board.flow.next_step == step
        board.make(step)
        if board.flow.next_step == step:
            assert standings(board.flow)[step] == "recorded, not signed off"
            board.sign(step)
    assert standings(board.flow) == dict.fromkeys(steps, "done")
    assert (board.flow.next_step, board.flow.next) == (None, "every step is done")
    assert str(board.flow).count("signed by The Board as board") == 3


def test_option_2_is_walked_with_refusals_and_exceptions(board):
    with pytest.raises(ss.Error, match="no option was chosen yet"):
        board.record("record", step="consultation")
    reasons = ["it is premature for the Board to define its priorities", "a draft may help it to"]
    board.record("choose option", option="option-2", reason=reasons)
    assert board.flow.reasons == reasons
    with pytest.raises(ss.Error, match="did you mean 'consultation'"):
        board.record("record", step="consultations")
    board.make("draft-indicator-set")
    board.record("except", step="consultation", reason="health has not answered", accepted_by="the Board, minute 3")
    for step in ["long-list", "draft-framework"]:
        board.make(step)
    with pytest.raises(ss.Error, match="it does not say what was signed: the hash of the priorities"):
        board.record("sign off", step="priorities")
    board.make("priorities")
    with pytest.raises(ss.Error, match=r"M\. Manager is the business manager; step 5 is signed off by the board"):
        board.sign("priorities", by="M. Manager", role="business manager")
    board.sign("priorities", subject_to=["health answers by July"])
    for step in ["data-requirements", "task-group", "data-gathering-plan"]:
        board.make(step)
    board.sign("data-gathering-plan", by="I. Chair", role="independent chair")
    assert board.flow.next == "every step is done"
    found = standings(board.flow)
    excepted = {step for step, standing in found.items() if standing == "done with exception"}
    assert excepted == {"consultation", "priorities"}
    assert set(found.values()) == {"done", "done with exception"}
    # What was refused is not in the log.
    assert (len(board.flow.refused), len(list((board.folder / "log").iterdir()))) == (0, 11)

    board.record("clear", step="consultation", note="health answered")
    assert standings(board.flow)["consultation"] == "done"
    (board.folder / "priorities.md").write_text("other priorities\n")
    later = ss.Workflow.open(board.folder, date=date(2010, 7, 1))
    assert "the priorities has changed since it was signed" in str(later)
    earlier = ss.Workflow.open(board.folder, date=date(2010, 6, 4))
    assert earlier.next_step == "consultation"


def test_a_board_never_changes_under_the_hand(board):
    before = board.flow
    board.record("choose option", option="option-1", reason="r")
    assert (before.option, board.flow.option) == (None, "option-1")
    with pytest.raises(AttributeError):
        board.flow.option = "option-2"


def test_two_people_s_logs_merge_by_copying_files(board, tmp_path):
    board.record("choose option", option="option-2", reason="r")
    copy = tmp_path / "copy"
    shutil.copytree(board.folder, copy)
    words = {"by": "A", "role": "board", "date": date(2010, 6, 5)}
    board.flow.record("record", step="consultation", **words)
    ss.Workflow.open(copy).record("record", step="draft-indicator-set", **words)
    shutil.copytree(copy / "log", board.folder / "log", dirs_exist_ok=True)
    merged = ss.Workflow.open(board.folder)
    assert (len(merged.refused), merged.next_step) == (0, "long-list")


def test_a_damaged_log_is_named_and_never_rewritten(board):
    board.record("choose option", option="option-2", reason="r")
    damaged = board.folder / "log" / "2010-06-02-01-record.toml"
    damaged.write_text("<<<<<<< ours\nevent = 'record'\n")
    flow = ss.Workflow.open(board.folder)
    assert flow.findings.has_errors
    assert "log/2010-06-02-01-record.toml:1:1" in str(flow.findings)
    assert (flow.option, len(flow), flow.next) == (None, 0, "the log has a file that cannot be read: mend it first")
    with pytest.raises(ss.Error, match="mend them first"):
        board.record("record", step="consultation")
    assert damaged.read_text().startswith("<<<<<<< ours")
    with pytest.raises(ss.Error, match="is there already"):
        ss.Workflow.init(board.folder)


def test_a_folder_without_a_log_says_how_to_begin_one(tmp_path):
    with pytest.raises(ss.Error, match="log"):
        ss.Workflow.open(tmp_path)


@pytest.mark.parametrize("page", ["workflow.md", "workflow-walks.md", "consultation.md"])
def test_the_transcript_in_the_docs_is_true(tmp_path, monkeypatch, page):
    shutil.copytree(DOCS.parent / "examples" / "board", tmp_path / "examples" / "board")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(DOCS / page), module_relative=False)
    assert (failed, tried > 5) == (0, True)


def test_a_notebook_shows_the_steps_in_the_source_s_words(board):
    assert "no option is chosen yet" in board.flow._repr_html_()
    board.record("choose option", option="option-2", reason="r <b>")
    html = board.flow._repr_html_()
    assert "Option 2: draft a framework and use to define the Board" in html
    assert html.count("<li class=") == 8
    assert 'aria-current="step"' in html
    assert "r &lt;b&gt;" in html

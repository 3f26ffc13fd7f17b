//! `plan.toml` and `task-group.toml`.

use rust_decimal::Decimal;
use toml::de::DeTable;

use super::super::ROLES;
use super::super::file::File;
use super::super::lists::in_order;
use super::super::table::{Entry, Table};
use super::said;
use crate::definition::board::{
    Agreed, Escalation, GatheringPlan, Level, Row, RowPlace, Signature, TaskAction, TaskGroup, TaskMember,
    Waiver,
};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Spanned};
use crate::period::PeriodKind;

const LEVELS: &[(&str, Level)] = &[("low", Level::Low), ("medium", Level::Medium), ("high", Level::High)];
const EVERY: &[(&str, PeriodKind)] = &[
    ("month", PeriodKind::Month),
    ("quarter", PeriodKind::Quarter),
    ("financial-year", PeriodKind::FinancialYear),
    ("calendar-year", PeriodKind::CalendarYear),
    ("academic-year", PeriodKind::AcademicYear),
];
const ROW: &[&str] = &[
    "id",
    "action",
    "dataset",
    "fields",
    "asked",
    "holder",
    "officer",
    "basis",
    "until",
    "owner",
    "due",
    "every",
    "first_delivery",
    "review",
    "effort",
    "risk",
    "unlocks",
    "agreed",
    "started",
    "waived",
    "signed",
    "note",
    // Known, so that it is refused in its own words.
    "status",
];
/// The lists of a row that are added to when the plan is made again.
const LISTS: &[&str] = &["fields", "asked", "unlocks"];

/// The word that a file has for how often something is delivered.
pub fn every_word(every: PeriodKind) -> &'static str {
    EVERY.iter().find(|(_, kind)| *kind == every).map_or("", |(word, _)| word)
}

pub(super) fn plan(file: &File<'_>, table: &DeTable<'_>, framework: &Framework) -> GatheringPlan {
    let known = &["threshold", "periods", "escalation", "row"];
    let table = Table::root(file, table, "a data gathering plan", known);
    let mut plan = GatheringPlan::default();
    if let Some(threshold) = table.optional("threshold", share) {
        plan.threshold = threshold;
    }
    if let Some(periods) = table.optional("periods", |entry| number(entry, 1)) {
        plan.periods = periods.value;
    }
    if let Some(escalation) = table.optional("escalation", escalation) {
        plan.escalation = escalation;
    }
    let mut ids = Vec::new();
    for table in table.get("row").map_or_else(Vec::new, |entry| entry.tables(ROW)) {
        plan.rows.extend(row(file, &table, framework, &mut ids));
    }
    plan
}

fn share(entry: &Entry<'_>) -> Option<Decimal> {
    let share = entry.exact()?;
    if share.value < Decimal::ZERO || share.value > Decimal::ONE {
        entry.wrong("a share of 1", "threshold = \"0.9\"");
        return None;
    }
    Some(share.value)
}

fn number(entry: &Entry<'_>, least: u32) -> Option<Spanned<u32>> {
    let whole = entry.whole()?;
    let Some(value) = u32::try_from(whole.value).ok().filter(|number| *number >= least) else {
        entry.wrong(&format!("a whole number from {least}"), &format!("{} = {}", entry.key, least.max(2)));
        return None;
    };
    Some(Spanned { value, span: whole.span })
}

fn escalation(entry: &Entry<'_>) -> Option<Escalation> {
    let usual = Escalation::default();
    let table = entry.table(&["task_group_lead", "sub_group_chair", "board_chair"])?;
    let days = |key: &str| table.optional(key, |entry| number(entry, 1));
    let steps = [days("task_group_lead"), days("sub_group_chair"), days("board_chair")];
    let usual_steps = [usual.task_group_lead, usual.sub_group_chair, usual.board_chair];
    let given = steps.iter().zip(usual_steps).map(|(step, usual)| step.as_ref().map_or(usual, |s| s.value));
    let given: Vec<u32> = given.collect();
    if !given.is_sorted() {
        let message = "a row goes up in days that rise: task group lead, sub-group chair, board chair";
        let listed = given.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let finding = table.file.finding(Code::BadTime, table.place.clone(), message);
        table.file.report(
            finding
                .label(format!("these are {listed} days"))
                .help("write them from the fewest days to the most; one that is left out is 1, 28 or 56"),
        );
        return None;
    }
    let [task_group_lead, sub_group_chair, board_chair] = given.as_slice() else { return None };
    Some(Escalation {
        task_group_lead: *task_group_lead,
        sub_group_chair: *sub_group_chair,
        board_chair: *board_chair,
    })
}

fn row(
    file: &File<'_>,
    table: &Table<'_>,
    framework: &Framework,
    ids: &mut Vec<Spanned<String>>,
) -> Option<Row> {
    if let Some(status) = table.get("status") {
        let message = "how a row stands is worked out, never written";
        let finding = file.finding(Code::UnknownKey, status.key_at.clone(), message);
        let help = "write what happened: agreed = { on, by }, started, waived = { until, reason, by } or \
                    signed = { on, by, role }; data is seen when it arrives";
        file.report(finding.label("not a key of a row").help(help));
    }
    let id = table.new_id(file, "id = \"police/crime\"", ids);
    let action = table.must_say("action", "action = \"Ask the police for …\"");
    let dataset = table.must_say("dataset", "dataset = \"crime\"");
    let holder = table.must_say("holder", "holder = \"police\"");
    let fields = table.list("fields");
    if let Some(holder) = &holder {
        said::look_for_agency(file, framework, holder);
    }
    if let Some(dataset) = &dataset {
        said::look_for_dataset(file, framework, dataset, &fields);
    }
    let texts = |list: Vec<Spanned<String>>| list.into_iter().map(|text| text.value).collect();
    let date = |key: &str| table.optional(key, Entry::date).map(|day| day.value);
    let row = Row {
        fields: texts(fields),
        asked: texts(table.list("asked")),
        officer: table.said("officer"),
        basis: table.said("basis"),
        until: date("until"),
        owner: table.said("owner"),
        due: date("due"),
        every: table.optional("every", |entry| entry.word(EVERY)).map(|every| every.value),
        first_delivery: date("first_delivery"),
        review: date("review"),
        effort: table.optional("effort", |entry| entry.word(LEVELS)).map(|effort| effort.value),
        risk: table.said("risk"),
        unlocks: said::indicators(file, framework, table.list("unlocks")),
        agreed: table.optional("agreed", agreed),
        started: date("started"),
        waived: table.optional("waived", waiver),
        signed: table.optional("signed", signature),
        note: table.said("note"),
        place: RowPlace {
            header: Some(file.span(table.place.clone())),
            lists: LISTS.iter().filter_map(|key| Some((*key, file.span(table.get(key)?.at())))).collect(),
        },
        id: id?,
        action: action?.value,
        dataset: dataset?.value,
        holder: holder?.value,
    };
    Some(row)
}

fn agreed(entry: &Entry<'_>) -> Option<Agreed> {
    let table = entry.table(&["on", "by"])?;
    let on = table.required("on", "on = 2010-07-01", Entry::date);
    let by = table.must_say("by", "by = \"A. Name\"");
    Some(Agreed { on: on?.value, by: by?.value })
}

fn waiver(entry: &Entry<'_>) -> Option<Waiver> {
    let table = entry.table(&["until", "reason", "by"])?;
    let until = table.required("until", "until = 2011-03-31", Entry::date);
    let reason = table.must_say("reason", "reason = \"…\"");
    let by = table.must_say("by", "by = \"the Board, minute 3.2\"");
    Some(Waiver { until: until?.value, reason: reason?.value, by: by?.value })
}

fn signature(entry: &Entry<'_>) -> Option<Signature> {
    let table = entry.table(&["on", "by", "role", "meeting", "minute"])?;
    let on = table.required("on", "on = 2010-12-16", Entry::date);
    let by = table.must_say("by", "by = \"A. Name\"");
    let role = table.required("role", "role = \"sub-group chair\"", |entry| entry.word(ROLES));
    Some(Signature {
        on: on?.value,
        by: by?.value,
        role: role?.value,
        meeting: table.said("meeting"),
        minute: table.said("minute"),
    })
}

pub(super) fn task_group(file: &File<'_>, table: &DeTable<'_>, framework: &Framework) -> Option<TaskGroup> {
    let known = &["terms", "chair", "start", "end", "member", "action"];
    let table = Table::root(file, table, "a task group", known);
    let terms = table.must_say("terms", "terms = \"Fill the gaps of the framework by March 2011\"");
    let chair = table.must_say("chair", "chair = \"A. Name\"");
    let start = table.required("start", "start = 2010-07-01", Entry::date);
    let end = table.optional("end", Entry::date);
    if let (Some(start), Some(end)) = (&start, &end) {
        in_order(file, start, end);
    }
    let rows = |key: &str, known| table.get(key).map_or_else(Vec::new, |entry| entry.tables(known));
    let member = |table: &Table<'_>| {
        let name = table.must_say("name", "name = \"A. Name\"");
        let agency = table.must_say("agency", "agency = \"police\"");
        if let Some(agency) = &agency {
            said::look_for_agency(file, framework, agency);
        }
        let role = table.optional("role", |entry| entry.word(ROLES)).map(|role| role.value);
        Some(TaskMember { name: name?.value, agency: agency?.value, role })
    };
    let members = rows("member", &["name", "agency", "role"]).iter().filter_map(member).collect();
    let mut ids = Vec::new();
    let mut actions = Vec::new();
    for table in rows("action", &["id", "words", "owner", "due", "done"]) {
        let id = table.new_id(file, "id = \"visit-police\"", &mut ids);
        let words = table.must_say("words", "words = \"…\"");
        let owner = table.must_say("owner", "owner = \"A. Name\"");
        let due = table.required("due", "due = 2010-09-01", Entry::date);
        let done = table.optional("done", Entry::date).map(|day| day.value);
        if let (Some(id), Some(words), Some(owner), Some(due)) = (id, words, owner, due) {
            let (words, owner, due) = (words.value, owner.value, due.value);
            actions.push(TaskAction { id, words, owner, due, done });
        }
    }
    Some(TaskGroup {
        terms: terms?.value,
        chair: chair?.value,
        start: start?.value,
        end: end.map(|end| end.value),
        members,
        actions,
    })
}

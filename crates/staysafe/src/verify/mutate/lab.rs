//! One definition on the bench: its mutants, each read, checked and put before the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expression;
use super::phrase::{self, quoted};
use super::site::{self, Form, Site};
use super::world::{World, alone, closure, reduced, tables};
use super::{Slip, Subject, Survivor};
use crate::check::{Checked, check};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Equivalent, Indicator};
use crate::definition::predicate::{Placement, parse};
use crate::definition::read::read;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span, nearest};

/// A mutant: a file with one value changed.
struct Mutant {
    /// What it is called.
    name: String,
    slip: Slip,
    before: String,
    after: String,
    span: Span,
    path: Arc<str>,
    text: String,
}

/// What became of a mutant.
enum Fate {
    Killed(String),
    Survived,
    Same,
    Stillborn,
}

/// A definition that uses what is mutated, in a framework of its own.
struct Bench {
    framework: Framework,
    of: Of,
    meaning: String,
}

/// Whose tests are run.
enum Of {
    Indicator(String),
    Derived(String),
}

pub(super) fn subjects(checked: &Checked) -> Vec<String> {
    let framework = checked.framework();
    let mut ids: Vec<String> = framework.derived.keys().cloned().collect();
    ids.extend(
        framework
            .indicators
            .values()
            .filter(|one| is_calculated(checked, one))
            .map(|one| one.id.value.clone()),
    );
    ids.sort();
    ids
}

fn is_calculated(checked: &Checked, indicator: &Indicator) -> bool {
    indicator.same_calculation_as.is_none()
        && checked.indicator(&indicator.id.value).is_some_and(crate::check::CheckedIndicator::is_computable)
}

fn rests_on(checked: &Checked, indicator: &Indicator, derived: &str) -> bool {
    let versions = checked.indicator(&indicator.id.value).map_or(&[][..], |indicator| indicator.versions());
    versions.iter().any(|version| version.rests_on().iter().any(|id| id == derived))
}

pub(super) fn subject(checked: &Checked, id: &str) -> Option<Subject> {
    let framework = checked.framework();
    let users: Vec<&Indicator> = if let Some(indicator) = framework.indicators.get(id) {
        vec![indicator]
    } else {
        framework.derived.get(id)?;
        framework.indicators.values().filter(|one| rests_on(checked, one, id)).collect()
    };
    let users: Vec<&Indicator> = users.into_iter().filter(|one| is_calculated(checked, one)).collect();
    let mut benches: Vec<Bench> = users.into_iter().filter_map(|one| bench(framework, one)).collect();
    if let Some(derived) = framework.derived.get(id) {
        benches.extend(bench_of_derived(framework, &derived.id.value));
    } else if benches.is_empty() {
        return None;
    }
    let mut subject = Subject {
        id: id.to_owned(),
        tests: benches.iter().map(Bench::tests).sum(),
        killed: 0,
        survivors: Vec::new(),
        argued: 0,
        same: 0,
        stillborn: 0,
        failing: benches.iter().filter(|bench| bench.fails().is_some()).count(),
        stale: Diagnostics::new(),
    };
    if subject.failing > 0 {
        return Some(subject);
    }
    let mutants = mutants(checked, id);
    let argued: BTreeMap<&str, &Equivalent> =
        equivalents(framework, id).iter().map(|one| (one.mutant.value.as_str(), one)).collect();
    for mutant in &mutants {
        let fate = fate(mutant, &benches);
        let argued = argued.get(mutant.name.as_str());
        let pointless = match &fate {
            Fate::Killed(test) => Some(format!("the test '{test}' tells it apart")),
            Fate::Same => Some("it is the same once checked, and is not counted".to_owned()),
            Fate::Stillborn => Some("check refuses it, and it is not counted".to_owned()),
            Fate::Survived => None,
        };
        if let (Some(argued), Some(why)) = (argued, pointless) {
            subject.stale.push(stale(argued, &why).help("leave this argument out"));
        }
        match fate {
            Fate::Killed(_) => subject.killed += 1,
            Fate::Same => subject.same += 1,
            Fate::Stillborn => subject.stillborn += 1,
            Fate::Survived if argued.is_some() => subject.argued += 1,
            Fate::Survived => subject.survivors.push(survivor(framework, mutant)),
        }
    }
    for argued in equivalents(framework, id) {
        if !mutants.iter().any(|mutant| mutant.name == argued.mutant.value) {
            let near = nearest(&argued.mutant.value, mutants.iter().map(|mutant| mutant.name.as_str()));
            let found = stale(argued, "there is no such mutant");
            subject.stale.push(match near {
                Some(near) => found.help(format!("did you mean \"{near}\"?")),
                None => found.help("copy the name from the list of survivors"),
            });
        }
    }
    subject.stale.sort();
    Some(subject)
}

fn equivalents<'a>(framework: &'a Framework, id: &str) -> &'a [Equivalent] {
    let of_indicator = framework.indicators.get(id).map(|indicator| indicator.equivalents.as_slice());
    let of_derived = || framework.derived.get(id).map(|derived| derived.equivalents.as_slice());
    of_indicator.or_else(of_derived).unwrap_or_default()
}

fn stale(argued: &Equivalent, why: &str) -> Diagnostic {
    let message = format!("an argument for the mutant \"{}\", but {why}", argued.mutant.value);
    Diagnostic::new(Code::StaleEquivalent, argued.mutant.span.clone(), message).label(why)
}

fn survivor(framework: &Framework, mutant: &Mutant) -> Survivor {
    let source = framework.files.get(&mutant.span.file);
    let position = source.map_or(crate::diagnostic::Position { line: 1, column: 1 }, |source| {
        source.position(mutant.span.start)
    });
    Survivor {
        mutant: mutant.name.clone(),
        slip: mutant.slip,
        file: mutant.span.file.to_string(),
        position,
        before: mutant.before.clone(),
        after: mutant.after.clone(),
        span: mutant.span.clone(),
    }
}

/// An indicator by itself, with what it stands on.
fn bench(framework: &Framework, indicator: &Indicator) -> Option<Bench> {
    let framework = reduced(framework, &tables(framework, indicator), Some(indicator));
    let id = indicator.id.value.clone();
    let checked = check(framework.clone()).0?;
    Some(Bench { meaning: checked.meaning(), framework, of: Of::Indicator(id) })
}

/// A derived table by itself, with what it stands on.
fn bench_of_derived(framework: &Framework, id: &str) -> Option<Bench> {
    let framework = reduced(framework, &closure(framework, vec![id]), None);
    let checked = check(framework.clone()).0?;
    Some(Bench { meaning: checked.meaning(), framework, of: Of::Derived(id.to_owned()) })
}

impl Bench {
    fn tests(&self) -> usize {
        let of_indicator = |id: &str| {
            self.framework.indicators.get(id).map_or(0, |one| one.tests.len() + one.clock_tests.len())
        };
        match &self.of {
            Of::Indicator(id) => of_indicator(id),
            Of::Derived(id) => self.framework.derived.get(id).map_or(0, |one| one.tests.len()),
        }
    }

    /// The first test that fails in the framework as it is.
    fn fails(&self) -> Option<String> {
        self.first_failing(&check(self.framework.clone()).0?)
    }

    fn first_failing(&self, checked: &Checked) -> Option<String> {
        let failed = |test: &crate::verify::Ran| !test.findings.is_empty();
        let test = match &self.of {
            Of::Indicator(id) => {
                let indicator = checked.framework().indicators.get(id)?;
                crate::verify::of_indicator(checked, indicator).find(failed)
            }
            Of::Derived(id) => {
                let derived = checked.framework().derived.get(id)?;
                crate::verify::of_derived(checked, derived).find(failed)
            }
        };
        test.map(|test| test.test)
    }
}

/// Puts a mutant before every bench.
fn fate(mutant: &Mutant, benches: &[Bench]) -> Fate {
    let (read, findings) = read([(Arc::clone(&mutant.path), mutant.text.as_str())]);
    // A file by itself is no framework, which is not the mutant's fault.
    let refused =
        |finding: &Diagnostic| finding.severity == Severity::Error && finding.code != Code::MissingFile;
    if findings.iter().any(refused) {
        return Fate::Stillborn;
    }
    let mut born = false;
    let mut differs = false;
    for bench in benches {
        let mut framework = bench.framework.clone();
        replace(&mut framework, &read);
        let Some(checked) = check(framework).0 else { continue };
        if let Of::Indicator(id) = &bench.of
            && !checked.indicator(id).is_some_and(crate::check::CheckedIndicator::is_computable)
        {
            continue;
        }
        born = true;
        if checked.meaning() == bench.meaning {
            continue;
        }
        differs = true;
        if let Some(test) = bench.first_failing(&checked) {
            return Fate::Killed(test);
        }
    }
    match (born, differs) {
        (false, _) => Fate::Stillborn,
        (true, false) => Fate::Same,
        (true, true) => Fate::Survived,
    }
}

/// Puts what a mutated file says in its place.
fn replace(framework: &mut Framework, read: &Framework) {
    for (id, indicator) in &read.indicators {
        if framework.indicators.contains_key(id) {
            framework.indicators.insert(id.clone(), alone(indicator.clone()));
        }
    }
    for (id, derived) in &read.derived {
        if framework.derived.contains_key(id) {
            framework.derived.insert(id.clone(), derived.clone());
        }
    }
    framework.limits.extend(read.limits.clone());
    framework.parameters.extend(read.parameters.clone());
}

/// Every mutant of a definition, in the order of its files; names are different.
fn mutants(checked: &Checked, id: &str) -> Vec<Mutant> {
    let framework = checked.framework();
    let file = framework
        .indicators
        .get(id)
        .map(|one| &one.id.span.file)
        .or_else(|| framework.derived.get(id).map(|one| &one.id.span.file));
    let Some((path, source)) = file.and_then(|path| Some((path, framework.files.get(path)?))) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let sites = if framework.indicators.contains_key(id) {
        site::of_indicator(source.text())
    } else {
        site::of_derived(id, source.text())
    };
    of_sites(path, source.text(), &sites, checked, &mut found);
    let limits: Vec<&str> = framework
        .limits
        .keys()
        .map(String::as_str)
        .filter(|name| source.text().contains(&format!("'{name}'")))
        .collect();
    let parameters: Vec<&str> = framework
        .parameters
        .keys()
        .map(String::as_str)
        .filter(|name| mentions(source.text(), &format!("${name}")))
        .collect();
    let declared = framework
        .limits
        .values()
        .map(|limit| &limit.name.span.file)
        .chain(framework.parameters.values().map(|parameter| &parameter.name.span.file))
        .next();
    if let Some((path, source)) = declared.and_then(|path| Some((path, framework.files.get(path)?))) {
        let sites = site::of_framework(source.text(), &limits, &parameters);
        of_sites(path, source.text(), &sites, checked, &mut found);
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for mutant in &mut found {
        let times = seen.entry(mutant.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            mutant.name = format!("{} ({times})", mutant.name);
        }
    }
    found
}

/// Whether a text has a word, not only as the beginning of another.
fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let next = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|c| !(c.is_alphanumeric() || c == '_'))
    })
}

fn of_sites(path: &Arc<str>, text: &str, sites: &[Site], checked: &Checked, found: &mut Vec<Mutant>) {
    let world = World::new(checked);
    for site in sites {
        let placement = Placement::of_toml_string(Arc::clone(path), text, site.at.clone());
        let mut written = BTreeSet::new();
        let mut add =
            |slip: Slip, words: String, span: Span, before: String, after: String, value: String| {
                if !written.insert(value.clone()) {
                    return;
                }
                let mut mutated = text.to_owned();
                if mutated.get(site.at.clone()).is_none() {
                    return;
                }
                mutated.replace_range(site.at.clone(), &value);
                let name = format!("{}: {words}", site.name);
                found.push(Mutant { name, slip, before, after, span, path: Arc::clone(path), text: mutated });
            };
        let Form::Predicate(constants) = site.form else {
            for (slip, words, value) in phrase::changes(site, world, text.get(site.at.clone()).unwrap_or(""))
            {
                let after = value.trim_matches('"').to_owned();
                let span = placement.whole();
                let before = text.get(site.at.clone()).unwrap_or("").trim_matches('"').to_owned();
                add(slip, words, span, before, after, value);
            }
            continue;
        };
        let Ok(expr) = parse(&site.text, &placement) else { continue };
        for constant in constants {
            let (before, after) = (expr.to_string(), (*constant).to_owned());
            add(
                Slip::RungDropped,
                format!("-> {constant}"),
                placement.whole(),
                before,
                after,
                quoted(constant),
            );
        }
        for change in expression::changes(&expr, &site.table, world) {
            let value = quoted(&change.expr.to_string());
            add(change.slip, change.words, change.at, change.before, change.after, value);
        }
    }
}

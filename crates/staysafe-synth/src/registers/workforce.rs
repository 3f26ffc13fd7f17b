//! Posts of social workers, who filled them when, and the children allocated to each.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::{Told, runs};
use crate::periods::Stretch;
use crate::random::Random;
use crate::shelf::{Maybe, Sheet, yes_no};

/// A stretch of a post.
struct Filling {
    from: Day,
    until: Option<Day>,
    /// The worker's number, and whether an agency sent it.
    worker: Option<(String, bool)>,
    leaves_the_service: bool,
}

struct Post {
    number: u64,
    role: &'static str,
    /// Full-time equivalent, in hundredths.
    fte: u64,
    holds_cases: bool,
}

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    for indicator in ["nsdu-06", "nsdu-07", "jd-18", "jd-17"] {
        let told = if indicator == "nsdu-07" { Told::Flow } else { Told::Stock };
        desk.ledger.share_of_hundredths(indicator, told);
    }
    desk.ledger.yearly("nsdu-07");
    desk.ledger.categories("ctx-caseloads", &["over 30", "21 to 30", "up to 20"], Told::Stock);
    let fields = "worker,agency_worker,post,role,fte,holds_cases,post_from,post_to,left_service";
    let mut posts = desk.open("workforce", fields)?;
    let mut allocations = desk.open("allocation", "child,worker,allocated_from,allocated_to")?;
    for number in 1..=desk.records(25) {
        let mut random = desk.random(Register::Workforce, number);
        let role = random.pick(&[(2, "team manager"), (7, "practitioner"), (1, "other")], "practitioner");
        let fte = random.pick(&[(6, 100), (2, 80), (1, 60), (1, 50)], 100);
        let post = Post { number, role, fte, holds_cases: role == "practitioner" };
        let fillings = fillings(desk, &mut random, number);
        for (at, filling) in fillings.iter().enumerate() {
            let later = fillings.get(at + 1..).unwrap_or_default();
            count(desk, &post, filling, later);
            row(&mut posts, &post, filling)?;
        }
        // A few carry what others do not.
        let children = if number % 20 == 3 { random.between(100, 260) } else { random.between(2, 9) };
        let mut cases = vec![Vec::new(); fillings.len()];
        for child in 1..=children {
            allocate(desk, &mut random, &post, &fillings, (child, &mut cases), &mut allocations)?;
        }
        if post.holds_cases {
            for (filling, cases) in fillings.iter().zip(&cases).filter(|(of, _)| of.worker.is_some()) {
                spread(desk, filling, cases);
            }
        }
    }
    posts.close()?;
    allocations.close()
}

/// Who fills the post when: workers, gaps, agency workers, one after the other.
fn fillings(desk: &Desk<'_>, random: &mut Random, post: u64) -> Vec<Filling> {
    let mut from = desk.first.plus(-random.between(1, 1500));
    let mut fillings = Vec::new();
    loop {
        let number = fillings.len();
        let worker = match random.between(1, 100) {
            1..=15 => None,
            // Somebody who left comes back.
            16..=25 => fillings
                .iter()
                .rev()
                .skip(1)
                .find(|of: &&Filling| of.leaves_the_service)
                .and_then(|of| of.worker.clone())
                .or_else(|| Some((format!("SW{post:05}-{number}"), false))),
            who => Some((format!("SW{post:05}-{number}"), who > 85)),
        };
        let days = if worker.is_some() { random.between(120, 1800) } else { random.between(20, 250) };
        let until = desk.known(from.plus(days));
        let leaves_the_service = until.is_some() && worker.is_some() && random.chance(700);
        fillings.push(Filling { from, until, worker, leaves_the_service });
        match until {
            Some(until) => from = until,
            None => return fillings,
        }
    }
}

/// Whoever is back by the end of a period has not left in it.
fn count(desk: &mut Desk<'_>, post: &Post, filling: &Filling, later: &[Filling]) {
    let fte = post.fte;
    let open = |period: &Stretch| runs(filling.from, filling.until, period.last);
    let own = filling.worker.as_ref().is_some_and(|(_, agency)| !agency);
    let unfilled = if own { 0 } else { fte };
    let ledger = &mut *desk.ledger;
    ledger.judge(("nsdu-06", ""), |period| open(period).then_some((unfilled, fte)));
    if matches!(post.role, "team manager" | "practitioner") {
        ledger.judge(("jd-18", ""), |period| open(period).then_some((unfilled, fte)));
    }
    if post.holds_cases && filling.worker.is_some() {
        ledger.judge(("jd-17", ""), |period| open(period).then_some((0, fte)));
    }
    if own {
        let is_back =
            |period: &Stretch| later.iter().any(|of| of.worker == filling.worker && of.from <= period.last);
        let left = |period: &Stretch| {
            filling.leaves_the_service
                && filling.until.is_some_and(|until| period.holds(until))
                && !is_back(period)
        };
        ledger.judge(("nsdu-07", ""), |period| {
            Some((if left(period) { fte } else { 0 }, if open(period) { fte } else { 0 }))
        });
    }
}

fn row(posts: &mut Sheet, post: &Post, filling: &Filling) -> io::Result<()> {
    let (worker, agency) = match &filling.worker {
        Some((worker, agency)) => (worker.as_str(), *agency),
        None => ("", false),
    };
    posts.row(&[
        &worker,
        &yes_no(agency),
        &format_args!("POST{:05}", post.number),
        &post.role,
        &format_args!("{}.{:02}", post.fte / 100, post.fte % 100),
        &yes_no(post.holds_cases),
        &filling.from,
        &Maybe(filling.until),
        &yes_no(filling.leaves_the_service),
    ])
}

/// A child's time with a worker.
type Case = (Day, Option<Day>);

/// In which group a worker stands, by the children with it on the last day.
fn spread(desk: &mut Desk<'_>, filling: &Filling, cases: &[Case]) {
    let groups = [("over 30", 31, usize::MAX), ("21 to 30", 21, 30), ("up to 20", 0, 20)];
    for (group, least, most) in groups {
        desk.ledger.judge(("ctx-caseloads", group), |period| {
            let here = cases.iter().filter(|(from, until)| runs(*from, *until, period.last)).count();
            let is_here = runs(filling.from, filling.until, period.last);
            (is_here && (least..=most).contains(&here)).then_some((1, 0))
        });
    }
}

/// A child stays with the post, whoever fills it; between two workers it is with nobody.
fn allocate(
    desk: &mut Desk<'_>,
    random: &mut Random,
    post: &Post,
    fillings: &[Filling],
    (child, cases): (i32, &mut [Vec<Case>]),
    allocations: &mut Sheet,
) -> io::Result<()> {
    let child = format!("ALL{:05}-{child}", post.number);
    let from = desk.day(random, 300);
    let until = desk.known(from.plus(random.between(30, 500)));
    let mut with_a_worker = Vec::new();
    for (filling, cases) in fillings.iter().zip(cases) {
        let Some((worker, _)) = &filling.worker else { continue };
        let begins = from.max(filling.from);
        let ends = [until, filling.until].into_iter().flatten().min();
        if ends.is_some_and(|ends| ends <= begins) {
            continue;
        }
        with_a_worker.push((begins, ends));
        cases.push((begins, ends));
        allocations.row(&[&child, worker, &begins, &Maybe(ends)])?;
    }
    if post.holds_cases {
        desk.ledger.judge(("jd-17", ""), |period| {
            let open = with_a_worker.iter().any(|(from, until)| runs(*from, *until, period.last));
            // Children are counted in hundredths too, as the posts are.
            open.then_some((100, 0))
        });
    }
    Ok(())
}

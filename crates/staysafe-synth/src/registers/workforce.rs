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
    let fields = "worker,agency_worker,post,role,fte,holds_cases,post_from,post_to,left_service";
    let mut posts = desk.open("workforce", fields)?;
    let mut allocations = desk.open("allocation", "child,worker,allocated_from,allocated_to")?;
    for number in 1..=desk.records(25) {
        let mut random = desk.random(Register::Workforce, number);
        let role = random.pick(&[(2, "team manager"), (7, "practitioner"), (1, "other")], "practitioner");
        let fte = random.pick(&[(6, 100), (2, 80), (1, 60), (1, 50)], 100);
        let post = Post { number, role, fte, holds_cases: role == "practitioner" };
        let fillings = fillings(desk, &mut random, number);
        for filling in &fillings {
            count(desk, &post, filling);
            row(&mut posts, &post, filling)?;
        }
        for child in 1..=random.between(2, 9) {
            allocate(desk, &mut random, &post, &fillings, child, &mut allocations)?;
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

fn count(desk: &mut Desk<'_>, post: &Post, filling: &Filling) {
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
        let left = |period: &Stretch| {
            filling.leaves_the_service && filling.until.is_some_and(|until| period.holds(until))
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

/// A child stays with the post, whoever fills it; between two workers it is with nobody.
fn allocate(
    desk: &mut Desk<'_>,
    random: &mut Random,
    post: &Post,
    fillings: &[Filling],
    child: i32,
    allocations: &mut Sheet,
) -> io::Result<()> {
    let child = format!("ALL{:05}-{child}", post.number);
    let from = desk.day(random, 300);
    let until = desk.known(from.plus(random.between(30, 500)));
    let mut with_a_worker = Vec::new();
    for filling in fillings {
        let Some((worker, _)) = &filling.worker else { continue };
        let begins = from.max(filling.from);
        let ends = [until, filling.until].into_iter().flatten().min();
        if ends.is_some_and(|ends| ends <= begins) {
            continue;
        }
        with_a_worker.push((begins, ends));
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

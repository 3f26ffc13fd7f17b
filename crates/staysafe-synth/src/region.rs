//! Several councils with every return and register of theirs, and everything that is true of them.

use std::io::{self, Write};

use crate::annex_a::AnnexA;
use crate::care::{self, Span};
use crate::days::{Calendar, Day};
use crate::faults::Faults;
use crate::ledger::{self, Ledger};
use crate::periods::periods_and_days;
use crate::random::Random;
use crate::registers::{self, Desk, Families};
use crate::shelf::Shelf;
use crate::{FIRST_YEAR, FIRST_YEAR_OF_REGISTERS, LAST_YEAR, Options, census_truths, consecutive, reviewed};

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// How many children the censuses of each council know; of looked after children there are a sixth as many.
    pub children: u64,
    /// The same seed makes the same files.
    pub seed: u64,
    /// The last year, which ends on 31 March.
    pub year: i32,
    /// How many years, of which that is the last.
    pub years: i32,
    /// Each council's three digits.
    pub areas: Vec<String>,
    /// Those of them in which children are held in custody.
    pub secure: Vec<String>,
    /// How many faults of each kind are planted in each file that gets some.
    pub faults: u64,
    /// Whether to write the lists of an inspection as well: Annex A, as on the last day.
    pub annex_a: bool,
}

impl Default for Region {
    fn default() -> Self {
        Self {
            children: 3_000,
            seed: 1,
            year: 2026,
            years: 3,
            areas: vec!["999".to_owned()],
            secure: Vec::new(),
            faults: 0,
            annex_a: false,
        }
    }
}

/// Writes the files of a region, below a folder for each council:
///
/// | file | what |
/// |---|---|
/// | `999/cin/2026.xml` | the children in need census of a year |
/// | `999/ssda903/2026/episodes.csv`, … | the looked-after return of a year, a file for each table |
/// | `999/registers/caf.csv`, … | a register, named for its dataset, with the dataset's fields as its columns |
/// | `999/annex-a/list-3.csv`, … | where asked for, lists 3 to 8 and 10 of an Annex A as on the last day: the same children again |
/// | `faults.tsv` | where faults were planted: kind, file, line, column |
/// | `truths.tsv` | what is true: indicator, category, area, period, numerator, denominator |
///
/// Of years before [`FIRST_YEAR`] there are registers only, among them initial and core assessments.
///
/// The truths are those that the files can tell: a share of a year is told of the twelve months that the years hold.
///
/// # Errors
/// When a year is not between [`FIRST_YEAR_OF_REGISTERS`] and [`LAST_YEAR`], there are no years, an Annex A is asked of years
/// before [`FIRST_YEAR`], or a file cannot be written.
pub fn region(region: &Region, shelf: &mut dyn Shelf) -> io::Result<()> {
    if region.years < 1 || region.year > LAST_YEAR || region.year - region.years + 1 < FIRST_YEAR_OF_REGISTERS
    {
        let message = format!("at least one year, and all between {FIRST_YEAR_OF_REGISTERS} and {LAST_YEAR}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if region.annex_a && region.year - region.years + 1 < FIRST_YEAR {
        let message =
            format!("the lists of an Annex A are of the years from {FIRST_YEAR}, as the returns are");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut truths = shelf.open("truths.tsv")?;
    truths.write_all(ledger::HEAD.as_bytes())?;
    let mut faults = Faults::open(shelf, region.faults)?;
    for (area, place) in region.areas.iter().zip(1..) {
        council(region, (area, place), shelf, &mut truths, &mut faults)?;
    }
    faults.close()?;
    truths.flush()
}

fn council(
    region: &Region,
    (area, place): (&str, u64),
    shelf: &mut dyn Shelf,
    truths: &mut impl Write,
    faults: &mut Faults,
) -> io::Result<()> {
    // Each council has a stream of its own, each register another, and in it each record.
    let seed = Random::new(region.seed ^ (place << 48)).next();
    let stream =
        |stream: u64| move |number: u64| Random::new(Random::new(seed ^ (stream << 40) ^ number).next());
    let first_year = region.year.saturating_sub(region.years).saturating_add(1);
    let (first, last) = (Day::new(first_year - 1, 4, 1), Day::new(region.year, 3, 31));
    let mut ledger = Ledger::new(periods_and_days(first_year, region.year), first, last);
    let calendar = Calendar::new();
    let mut desk = Desk {
        calendar: &calendar,
        first,
        last,
        area,
        has_secure_establishment: region.secure.iter().any(|secure| secure == area),
        children: region.children,
        seed: &|register, record| stream(register)(record),
        shelf,
        ledger: &mut ledger,
        faults,
    };
    if first_year >= FIRST_YEAR {
        let options = Options { children: region.children, seed, year: region.year, lea: area.to_owned() };
        let worlds = consecutive::worlds(&options, region.years)?;
        let mut censuses = Vec::new();
        for world in &worlds {
            censuses.push(desk.shelf.open(&format!("{area}/cin/{}.xml", world.year))?);
        }
        reviewed::declare(desk.ledger);
        let mut families = Families::open(&mut desk)?;
        let mut annex = region.annex_a.then(|| AnnexA::open(area, last, desk.shelf)).transpose()?;
        let of_censuses =
            consecutive::write(&options, &worlds, &mut censuses, None, |life, (family, number)| {
                reviewed::count(desk.ledger, life, first);
                if let Some(annex) = &mut annex {
                    annex.in_need(life, number, &mut consecutive::identity(seed, number))?;
                }
                families.child(&mut desk, life, family, number)
            })?;
        families.close(&mut desk)?;
        censuses.iter_mut().try_for_each(Write::flush)?;
        census_truths::write(&of_censuses, area, truths)?;
        let span = Span { calendar: &calendar, first, last, first_year, last_year: region.year };
        let looked_after = region.children.div_ceil(6);
        care::returns(
            &span,
            looked_after,
            &stream(1),
            &format!("{area}/ssda903"),
            &mut desk,
            annex.as_mut(),
        )?;
        if let Some(mut annex) = annex {
            annex.plant(desk.faults)?;
            annex.close()?;
        }
    }
    registers::write(&mut desk)?;
    ledger.write(area, truths)
}

//! Faults that are planted on purpose, and the list of where they are.
//!
//! None of them changes what is true: each stands in a record that is over before the years of the files, or that no
//! entry of the list counts. A reader must find every one, and go on.

use std::fmt::Display;
use std::io::{self, Write};

use crate::days::Day;
use crate::shelf::{Sheet, Shelf, Slashed};

/// The first line of the list.
const HEAD: &str = "kind\tfile\tline\tcolumn";

/// The kinds of fault, as the list names them.
pub(crate) mod kind {
    pub(crate) const IDENTICAL: &str = "duplicate key, identical";
    pub(crate) const CONTRADICTORY: &str = "duplicate key, contradictory";
    pub(crate) const END_BEFORE_START: &str = "end before start";
    pub(crate) const CODE: &str = "unmapped code";
    pub(crate) const DATE_ORDER: &str = "date in wrong order";
    pub(crate) const UNKNOWN_CHILD: &str = "record of an unknown child";
    pub(crate) const MISSING: &str = "missing value";
    pub(crate) const NO_SUCH_DAY: &str = "date outside the calendar";
}

/// Where the list goes, and how many faults of each kind every file gets.
pub(crate) struct Faults {
    list: Option<Box<dyn Write>>,
    pub(crate) each: u64,
}

impl Faults {
    pub(crate) fn open(shelf: &mut dyn Shelf, each: u64) -> io::Result<Self> {
        if each == 0 {
            return Ok(Self { list: None, each });
        }
        let mut list = shelf.open("faults.tsv")?;
        writeln!(list, "{HEAD}")?;
        Ok(Self { list: Some(list), each })
    }

    pub(crate) fn close(self) -> io::Result<()> {
        self.list.map_or(Ok(()), |mut list| list.flush())
    }

    /// Writes a faulty row and its line in the list.
    pub(crate) fn row(
        &mut self,
        sheet: &mut Sheet,
        kind: &str,
        column: &str,
        cells: &[&dyn Display],
    ) -> io::Result<()> {
        sheet.row(cells)?;
        match &mut self.list {
            Some(list) => writeln!(list, "{kind}\t{}\t{}\t{column}", sheet.path, sheet.lines),
            None => Ok(()),
        }
    }

    /// Assessments that were closed long before.
    pub(crate) fn in_caf(&mut self, sheet: &mut Sheet, first: Day) -> io::Result<()> {
        let (began, over, later) = (first.plus(-900), first.plus(-700), first.plus(-650));
        for number in 1..=self.each {
            let mut place = 0;
            let mut child = || {
                place += 1;
                format!("FAULT{number:03}-{place}")
            };
            let (born, agency) = (first.plus(-2000), "school");
            let name = child();
            sheet.row(&[&name, &name, &born, &agency, &began, &"", &over, &"", &""])?;
            self.row(
                sheet,
                kind::IDENTICAL,
                "",
                &[&name, &name, &born, &agency, &began, &"", &over, &"", &""],
            )?;
            let name = child();
            sheet.row(&[&name, &name, &born, &agency, &began, &"", &over, &"", &""])?;
            self.row(
                sheet,
                kind::CONTRADICTORY,
                "",
                &[&name, &name, &born, &agency, &began, &"", &later, &"", &""],
            )?;
            let name = child();
            let cells: [&dyn Display; 9] = [&name, &name, &born, &agency, &over, &"", &began, &"", &""];
            self.row(sheet, kind::END_BEFORE_START, "closed", &cells)?;
            let name = child();
            let cells: [&dyn Display; 9] =
                [&name, &name, &born, &agency, &began, &"", &over, &"perhaps", &""];
            self.row(sheet, kind::CODE, "multi_agency_plan", &cells)?;
            let name = child();
            let cells: [&dyn Display; 9] =
                [&name, &name, &born, &agency, &began, &"", &over, &"", &"2022-25-03"];
            self.row(sheet, kind::DATE_ORDER, "plan_date", &cells)?;
            let name = child();
            let cells: [&dyn Display; 9] =
                [&name, &name, &born, &agency, &began, &"", &over, &"", &"2022-02-30"];
            self.row(sheet, kind::NO_SUCH_DAY, "plan_date", &cells)?;
            let name = child();
            let cells: [&dyn Display; 9] = [&"", &name, &born, &agency, &began, &"", &over, &"", &""];
            self.row(sheet, kind::MISSING, "caf", &cells)?;
        }
        Ok(())
    }

    /// Arrangements that were over long before.
    pub(crate) fn in_fostering(&mut self, sheet: &mut Sheet, first: Day) -> io::Result<()> {
        let (born, began, over) = (first.plus(-4000), first.plus(-900), first.plus(-700));
        for number in 1..=self.each {
            let mut place = 0;
            let mut child = || {
                place += 1;
                format!("FAULT{number:03}-{place}")
            };
            let (name, told) = (child(), began);
            let cells: [&dyn Display; 10] =
                [&name, &born, &"F", &"WBRI", &"no", &told, &began, &over, &"", &""];
            sheet.row(&cells)?;
            self.row(sheet, kind::IDENTICAL, "", &cells)?;
            let name = child();
            sheet.row(&[&name, &born, &"F", &"WBRI", &"no", &told, &began, &over, &"", &""])?;
            let cells: [&dyn Display; 10] =
                [&name, &born, &"M", &"WBRI", &"no", &told, &began, &over, &"", &""];
            self.row(sheet, kind::CONTRADICTORY, "", &cells)?;
            let name = child();
            let cells: [&dyn Display; 10] =
                [&name, &born, &"F", &"WBRI", &"no", &told, &over, &began, &"", &""];
            self.row(sheet, kind::END_BEFORE_START, "arrangement_end", &cells)?;
            let name = child();
            let cells: [&dyn Display; 10] =
                [&name, &born, &"F", &"WBRI", &"no", &told, &began, &over, &"", &"godmother"];
            self.row(sheet, kind::CODE, "carer_relation", &cells)?;
            let name = child();
            let cells: [&dyn Display; 10] =
                [&name, &"25/13/2012", &"F", &"WBRI", &"no", &told, &began, &over, &"", &""];
            self.row(sheet, kind::DATE_ORDER, "birth_date", &cells)?;
            let name = child();
            let cells: [&dyn Display; 10] =
                [&name, &"31/04/2012", &"F", &"WBRI", &"no", &told, &began, &over, &"", &""];
            self.row(sheet, kind::NO_SUCH_DAY, "birth_date", &cells)?;
            let cells: [&dyn Display; 10] =
                [&"", &born, &"F", &"WBRI", &"no", &told, &began, &over, &"", &""];
            self.row(sheet, kind::MISSING, "child", &cells)?;
        }
        Ok(())
    }

    /// Short breaks, which no entry of the list counts, and reviews of nobody.
    pub(crate) fn in_looked_after(
        &mut self,
        header: &mut Sheet,
        episodes: &mut Sheet,
        reviews: &mut Sheet,
        first: Day,
    ) -> io::Result<()> {
        let born = Slashed(first.plus(-3000));
        let (began, over, later) =
            (Slashed(first.plus(20)), Slashed(first.plus(22)), Slashed(first.plus(23)));
        let break_of = |child: &str, began: &dyn Display, over: &dyn Display, place: &str| {
            format!("{child},{began},S,V3,N1,{place},PR1,{over},E8,,,ZZ1 1ZZ,SC000000000")
        };
        for number in 1..=self.each {
            for fault in 1..=7 {
                let child = format!("FAULT{number:03}-{fault}");
                header.row(&[&child, &"", &born, &"WBRI", &"UN1", &0, &""])?;
                let sound = break_of(&child, &began, &over, "U4");
                match fault {
                    1 => {
                        episodes.row(&[&sound])?;
                        self.row(episodes, kind::IDENTICAL, "", &[&sound])?;
                    }
                    2 => {
                        episodes.row(&[&sound])?;
                        let other = break_of(&child, &began, &later, "U4");
                        self.row(episodes, kind::CONTRADICTORY, "", &[&other])?;
                    }
                    3 => {
                        let turned = break_of(&child, &over, &began, "U4");
                        self.row(episodes, kind::END_BEFORE_START, "DEC", &[&turned])?;
                    }
                    4 => {
                        let unmapped = break_of(&child, &began, &over, "Q9");
                        self.row(episodes, kind::CODE, "PLACE", &[&unmapped])?;
                    }
                    5 => {
                        let turned = break_of(&child, &began, &"2025-25-04", "U4");
                        self.row(episodes, kind::DATE_ORDER, "DEC", &[&turned])?;
                    }
                    6 => {
                        let no_day = break_of(&child, &began, &"31/06/2025", "U4");
                        self.row(episodes, kind::NO_SUCH_DAY, "DEC", &[&no_day])?;
                    }
                    _ => {
                        let blank = break_of(&child, &"", &over, "U4");
                        self.row(episodes, kind::MISSING, "DECOM", &[&blank])?;
                    }
                }
            }
            let nobody = format!("NOBODY{number:03}");
            self.row(reviews, kind::UNKNOWN_CHILD, "CHILD", &[&nobody, &born, &began, &"PN1"])?;
        }
        Ok(())
    }
}

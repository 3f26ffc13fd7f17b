//! Writes a life as the census asks for it in the year.

use std::fmt::{Display, Write};

use crate::life::{Assessment, Enquiry, Episode, Life, Plan};
use crate::random::Random;
use crate::{Options, World};

/// What stands after the last child.
pub(crate) const TAIL: &str = "  </Children>\n</Message>\n";

/// What stands before the first child.
pub(crate) fn head(options: &Options, world: &World) -> String {
    let mut xml = Xml { text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), depth: 0 };
    xml.open("Message");
    xml.open("Header");
    xml.open("CollectionDetails");
    xml.leaf("Collection", "CIN");
    xml.leaf("Year", world.year);
    xml.leaf("ReferenceDate", world.last);
    xml.close("CollectionDetails");
    xml.open("Source");
    xml.leaf("SourceLevel", "L");
    xml.leaf("LEA", &options.lea);
    xml.leaf("SoftwareCode", "staysafe-synth");
    xml.leaf("SerialNo", "001");
    xml.leaf("DateTime", format!("{}T09:00:00", world.last.plus(30)));
    xml.close("Source");
    xml.close("Header");
    xml.open("Children");
    xml.text
}

/// One child.
pub(crate) fn child(life: &Life, number: u64, world: &World, random: &mut Random) -> String {
    let mut xml = Xml { text: String::with_capacity(4096), depth: 2 };
    xml.open("Child");
    identifiers(&mut xml, life, number, world, random);
    if life.ethnicity.is_some() || !life.disabilities.is_empty() {
        xml.open("ChildCharacteristics");
        xml.maybe("Ethnicity", life.ethnicity);
        if !life.disabilities.is_empty() {
            xml.open("Disabilities");
            for disability in &life.disabilities {
                xml.leaf("Disability", disability);
            }
            xml.close("Disabilities");
        }
        xml.close("ChildCharacteristics");
    }
    for episode in &life.episodes {
        details(&mut xml, episode, world);
    }
    xml.close("Child");
    xml.text
}

/// What tells a child from another and follows from its random numbers alone.
pub(crate) struct Identity {
    /// The pupil's number, where it is known.
    pupil: Option<u64>,
    pub(crate) girl: bool,
}

impl Identity {
    pub(crate) fn of(life: &Life, random: &mut Random) -> Self {
        let is_unknown = life.unborn || random.chance(150);
        let pupil = (!is_unknown).then(|| random.next() % 1_000_000_000_000);
        Self { pupil, girl: random.chance(480) }
    }
}

fn identifiers(xml: &mut Xml, life: &Life, number: u64, world: &World, random: &mut Random) {
    xml.open("ChildIdentifiers");
    xml.leaf("LAchildID", format_args!("SYN{number:08}"));
    let Identity { pupil, girl } = Identity::of(life, random);
    match pupil {
        Some(pupil) => xml.leaf("UPN", format_args!("A{pupil:012}")),
        None => xml.leaf("UPNunknown", if life.unborn { "UN1" } else { "UN4" }),
    }
    if life.unborn {
        xml.leaf("ExpectedPersonBirthDate", life.born);
    } else {
        xml.leaf("PersonBirthDate", life.born);
    }
    let sex = match (world.year >= 2025, life.unborn, girl) {
        (true, true, _) => "U",
        (true, false, true) => "F",
        (true, false, false) => "M",
        (false, true, _) => "0",
        (false, false, true) => "2",
        (false, false, false) => "1",
    };
    xml.leaf(if world.year >= 2025 { "Sex" } else { "GenderCurrent" }, sex);
    xml.maybe("PersonDeathDate", life.died);
    xml.close("ChildIdentifiers");
}

fn details(xml: &mut Xml, episode: &Episode, world: &World) {
    xml.open("CINdetails");
    xml.leaf("CINreferralDate", episode.referral);
    xml.leaf("ReferralSource", episode.source);
    xml.leaf("PrimaryNeedCode", episode.need);
    if let Some((day, reason)) = episode.closure {
        xml.leaf("CINclosureDate", day);
        xml.leaf("ReasonForClosure", reason);
    }
    xml.maybe("DateOfInitialCPC", episode.own_conference);
    for assessment in &episode.assessments {
        assessments(xml, assessment);
    }
    for (start, end) in episode.cin_plans.iter().filter(|_| world.year >= 2022) {
        xml.open("CINPlanDates");
        xml.leaf("CINPlanStartDate", start);
        xml.maybe("CINPlanEndDate", *end);
        xml.close("CINPlanDates");
    }
    for enquiry in &episode.enquiries {
        section_47(xml, enquiry);
    }
    // Both forms of flags occur in real files, and so they do here.
    xml.leaf("ReferralNFA", if episode.no_further_action { "1" } else { "0" });
    for plan in &episode.plans {
        child_protection_plan(xml, plan);
    }
    if let Some(start) = episode.pre_proceedings {
        xml.open("PreProceedings");
        xml.leaf("PPStartDate", start);
        xml.leaf("FGDMMeetingOffer", "true");
        xml.leaf("ReviewMeetingsCount", 1);
        xml.close("PreProceedings");
    }
    xml.close("CINdetails");
}

fn assessments(xml: &mut Xml, assessment: &Assessment) {
    xml.open("Assessments");
    xml.leaf("AssessmentActualStartDate", assessment.start);
    xml.maybe("AssessmentAuthorisationDate", assessment.authorised.map(|(day, _)| day));
    xml.open("FactorsIdentifiedAtAssessment");
    for factor in &assessment.factors {
        xml.leaf("AssessmentFactors", factor);
    }
    xml.close("FactorsIdentifiedAtAssessment");
    xml.close("Assessments");
}

fn section_47(xml: &mut Xml, enquiry: &Enquiry) {
    xml.open("Section47");
    xml.leaf("S47ActualStartDate", enquiry.start);
    xml.leaf("InitialCPCtarget", enquiry.target);
    xml.maybe("DateOfInitialCPC", enquiry.conference);
    xml.leaf("ICPCnotRequired", if enquiry.not_required { "true" } else { "false" });
    xml.close("Section47");
}

fn child_protection_plan(xml: &mut Xml, plan: &Plan) {
    xml.open("ChildProtectionPlans");
    xml.leaf("CPPstartDate", plan.start);
    xml.maybe("CPPendDate", plan.end.map(|(day, _)| day));
    xml.leaf("InitialCategoryOfAbuse", plan.initial);
    xml.leaf("LatestCategoryOfAbuse", plan.latest);
    xml.maybe("NumberOfPreviousCPP", plan.previous);
    if !plan.reviews.is_empty() {
        xml.open("Reviews");
        for review in &plan.reviews {
            xml.leaf("CPPreviewDate", review);
        }
        xml.close("Reviews");
    }
    xml.close("ChildProtectionPlans");
}

/// Lines of XML, indented by two spaces. Nothing that is written needs escaping but the council's digits,
/// which the reader checks.
struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn open(&mut self, name: &str) {
        self.line(format_args!("<{name}>"));
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.line(format_args!("</{name}>"));
    }

    fn leaf(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("<{name}>{value}</{name}>"));
    }

    fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.leaf(name, value);
        }
    }

    fn line(&mut self, line: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{:width$}{line}", "", width = 2 * self.depth);
    }
}

//! School census extracts beside a looked-after return: exclusions and absence of looked after children, and what a term alone can say.

use std::fmt::Write as _;

use super::folder::Folder;
use super::{Run, staysafe};

/// Two boys in care since 2007, found at school by their pupil numbers.
fn looked_after(folder: &Folder) {
    folder.write(
        "903/header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,1,01/02/1997,WBRI,A805000000001,0,\n2,1,01/02/1996,WBRI,A805000000002,0,\n",
    );
    folder.write(
        "903/episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
         1,01/05/2007,S,C2,N1,U4,PR1,,,,,,\n2,01/06/2007,S,C2,N1,U4,PR1,,,,,,\n",
    );
}

/// The census of a day: what the first boy missed and when he was excluded.
fn census(folder: &Folder, name: &str, day: &str, missed: u32, excluded: Option<&str>) {
    folder.write(
        &format!("{name}/{name}_pupilonroll.csv"),
        "pupilonrolltableid,NativeId,upn,entrydate,enrolstatus,ncyearactual,senprovision,termlysessionspossible\n\
         1,8054000,A805000000001,,C,8,N,120\n2,8054000,A805000000002,,C,9,N,120\n3,8052000,A805000000077,,C,R,N,\n",
    );
    folder.write(
        &format!("{name}/{name}_termlysessiondetailsonroll.csv"),
        &format!("pupilonrolltableid,NativeId,sessions,attendancereason\n1,8054000,{missed},I\n1,8054000,60,/\n2,8054000,1,O\n"),
    );
    let mut exclusions =
        "pupilonrolltableid,NativeId,startdate,sessions,category,reason1,senprovision\n".to_owned();
    match excluded {
        Some(day) => writeln!(exclusions, "1,8054000,{day},4,SUSP,PP,N").unwrap(),
        None => exclusions.insert_str(0, "Nil return,yes\n"),
    }
    folder.write(&format!("{name}/{name}_termlyexclusionsonroll.csv"), &exclusions);
    folder.write(
        &format!("{name}/{name}_school.csv"),
        "NativeId,schoolname,phase\n8054000,High,SS\n8052000,Infants,PS\n",
    );
    folder.write(
        &format!("{name}/{name}_schoolcensus.csv"),
        &format!("schoolcensustableid,NativeId,term,referencedate\n1,8054000,T,{day}\n2,8052000,T,{day}\n"),
    );
}

fn calculate(folder: &Folder, censuses: &[&str]) -> Run {
    let words =
        "--area 805 --year 2010 --indicator cs-26 --indicator cs-27 --periods 2009/10@academic --format csv";
    let words: Vec<String> = words.split(' ').map(|word| word.replace('@', " ")).collect();
    let mut all = vec!["calculate", "903"];
    all.extend(censuses);
    all.extend(words.iter().map(String::as_str));
    staysafe(folder.path(), &all)
}

#[test]
fn three_censuses_make_a_school_year_and_one_is_said_to_be_a_part() {
    let folder = Folder::new("school-census");
    looked_after(&folder);
    census(&folder, "2010_spring", "2010-Jan-21 00:00:00", 30, None);
    census(&folder, "2010_summer", "2010-May-20 00:00:00", 30, Some("10/11/2009"));
    census(&folder, "2010_autumn", "2010-Oct-07 00:00:00", 30, Some("03/02/2010"));
    census(&folder, "2011_spring", "2011-Jan-20 00:00:00", 30, None);
    let all = ["2010_spring", "2010_summer", "2010_autumn", "2011_spring"];
    let run = calculate(&folder, &all);
    assert_eq!(run.code, 0, "{}", run.err);
    let line = |run: &Run, id: &str| {
        run.out.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("{}", run.out)).to_owned()
    };
    // 90 sessions missed over three terms are more than 64; of two boys one was excluded, twice.
    assert!(line(&run, "cs-26").contains("2009/10 academic,1,2,50,"), "{}\n{}", run.out, run.err);
    assert!(line(&run, "cs-27").contains("2009/10 academic,1,2,50,"), "{}", run.out);
    assert!(!line(&run, "cs-26").contains("partly-covered"), "{}", run.out);
    let run = calculate(&folder, &["2010_spring"]);
    let (absence, excluded) = (line(&run, "cs-26"), line(&run, "cs-27"));
    assert!(
        absence.contains(",0,2,0,") && absence.contains("partly-covered"),
        "a term is no year: {absence}"
    );
    assert!(excluded.contains("not-reported"), "its exclusions are of the year before: {excluded}");
    assert!(run.err.contains("attendance from 2009-09-01 to 2009-12-31"), "{}", run.err);
    assert!(run.err.contains("pupils who left before the day of the census"), "{}", run.err);
}

#[test]
fn a_wrong_table_of_a_school_census_is_told_and_the_rest_computes() {
    let folder = Folder::new("school-census-wrong");
    looked_after(&folder);
    census(&folder, "2010_spring", "2010-Jan-21 00:00:00", 30, None);
    let sessions = "2010_spring/2010_spring_termlysessiondetailsonroll.csv";
    folder.write(
        sessions,
        &folder.read(sessions).replace("1,8054000,30,I", "1,8054000,thirty,I\n2,8054000,4,9"),
    );
    let roll = "2010_spring/2010_spring_pupilonroll.csv";
    folder.write(roll, &folder.read(roll).replace("senprovision", "SEN_provisions"));
    let run = calculate(&folder, &["2010_spring"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for part in [
        "1 × bad-number in sessions (values)",
        "1 × unknown-code in attendancereason (values)",
        "1 × unknown-column in SEN_provisions",
        "1 × missing-column in senprovision",
        "1 × read-as-blank in reinstatementdate",
    ] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    assert!(
        run.out.contains("cs-26,") && run.out.contains("undefined"),
        "nobody's absence is known\n{}",
        run.out
    );
}

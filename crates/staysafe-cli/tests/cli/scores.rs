//! Scores that authorities give themselves: of one they are told as they are, of several as their mean.

use super::folder::Folder;
use super::staysafe;

/// What an authority says of itself on a day.
fn score(folder: &Folder, area: &str, day: &str, parts: &str) {
    let text = format!(
        "Return,runaway_score\nAgency,childrens-services\nArea,{area}\nPeriod,2010-11 Q1\n\
         assessed_on,information,needs_analysis,procedures,urgent_protocols,needs_protocols\n{day},{parts}\n"
    );
    folder.write(&format!("{area}.csv"), &text);
}

fn rows(folder: &Folder, files: &[&str], by: &str) -> Vec<String> {
    let words = ["--indicator", "cs-13a", "--periods", "2010-11 Q1", "--by", by, "--format", "csv"];
    let run = staysafe(folder.path(), &[&["calculate"], files, &words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run.out.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_region_s_score_is_the_mean_of_the_authorities_that_answered() {
    let folder = Folder::new("scores");
    // Two of the North East, one of the North West; a dash is no return, and 0 is a score.
    score(&folder, "E06000001", "30/04/2010", "3,3,3,3,3");
    score(&folder, "E06000002", "01/04/2010", "0,0,0,0,0");
    score(&folder, "E06000003", "30/06/2010", "1,1,1,1,");
    score(&folder, "E06000008", "30/06/2010", "3,3,3,2,1");
    let all = ["E06000001.csv", "E06000002.csv", "E06000003.csv", "E06000008.csv"];
    let by_area = rows(&folder, &all, "area");
    assert!(by_area[0].contains("E06000001,2010-11 Q1,,,15,,,figure"), "{by_area:#?}");
    let by_region = rows(&folder, &all, "region");
    let [east, west] = by_region.as_slice() else { panic!("{by_region:#?}") };
    assert!(
        east.contains("E12000001,2010-11 Q1,15,2,7.5,,,figure,partly-reported"),
        "never the latest: {east}"
    );
    assert!(west.contains("E12000002,2010-11 Q1,,,12,,,figure,"), "of one it is its own: {west}");
    // The mean of all is no mean of the regions' means: (15 + 0 + 12) / 3, not (7.5 + 12) / 2.
    let country = rows(&folder, &all, "country");
    assert!(country[0].contains("2010-11 Q1,27,3,9,,,figure,"), "{country:#?}");
}

#[test]
fn a_document_of_several_authorities_is_asked_for_by_area() {
    let folder = Folder::new("documents-region");
    let text = "Return,document\nAgency,lscb-business-unit\nArea,E06000001\nPeriod,2009-10\n\
                document_type,area,reporting_year,title,due,received,considered_at\n\
                MAPPA,E06000001,31/03/2010,Annual report,30/09/2010,14/09/2010,\n";
    for area in ["E06000001", "E06000002"] {
        folder.write(&format!("{area}.csv"), &text.replace("E06000001", area));
    }
    let told = |by: &str| {
        let files = ["calculate", "E06000001.csv", "E06000002.csv"];
        let words = ["--periods", "2009-10", "--indicator", "jd-21", "--by", by, "--format", "csv"];
        staysafe(folder.path(), &[&files[..], &words].concat()).out
    };
    assert_eq!(told("area").matches(",figure,").count(), 2, "{}", told("area"));
    let region = told("region");
    assert!(region.contains("E12000001") && !region.contains(",figure,"), "{region}");
    assert!(region.contains("refused"), "{region}");
}

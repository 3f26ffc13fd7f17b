//! `staysafe verify --published`: official statistics worked out again.

use crate::folder::Folder;
use crate::staysafe;

const TABLE: &str = "time_period,time_identifier,geographic_level,country_name,sex,pupil_count,pupil_percent\n\
    202324,Academic year,National,England,Total,1000,100\n\
    202324,Academic year,National,England,Boys,490,49\n\
    202324,Academic year,National,England,Girls,c,51\n";

#[test]
fn what_agrees_is_clean_and_what_nobody_can_tell_is_said() {
    let folder = Folder::new("published-clean");
    folder.write("pupils.csv", TABLE);
    let run = staysafe(folder.path(), &["verify", "--published", "pupils.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        run.out,
        "pupils.csv: 6 figures\n  pupil_percent = pupil_count ÷ pupil_count [sex = Total] × 100 (told by the headers)\n    2 \
         agree, 0 differ, 1 nobody can tell: 1 suppressed-part, first in line 4\n"
    );
    assert!(run.err.contains("28 cells in 3 rows: 5 numbers, 1 withheld, 0 rejected"), "{}", run.err);
}

#[test]
fn what_cannot_be_is_a_finding_with_its_place() {
    let folder = Folder::new("published-differs");
    folder.write("pupils.csv", &TABLE.replace("490,49", "490,40").replace("c,51", "5O0,51"));
    let words = ["verify", "--published", "pupils.csv", "--rows", "rows.csv", "--rejects", "rejects.csv"];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 1, "{}", run.err);
    let line = "differs: line 3, pupil_percent, England, 2023/24 academic, sex = Boys: published 40, its parts give 46.190476 to 52.105263";
    assert!(run.out.contains(line), "{}", run.out);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(
        read("rows.csv").contains(",cannot-tell,rejected-part,a part could not be read"),
        "{}",
        read("rows.csv")
    );
    assert!(
        read("rejects.csv").contains("pupil_count (column 6),bad-figure,value,1,5O0"),
        "{}",
        read("rejects.csv")
    );
}

#[test]
fn a_mapping_says_what_headers_do_not() {
    let folder = Folder::new("published-mapping");
    folder.write("t.csv", "LA Number,LA Name,Seen,Kept,Score\n201,City,x,3,60\n202,Camden,10,6,60\n");
    folder.write(
        "own.toml",
        "[[table]]\nhas = [\"Seen\", \"Kept\"]\nshare = [{ value = { column = \"Score\" }, numerator = { column = \"Kept\" }, \
         denominator = { column = \"Seen\" }, per = 100 }]\n",
    );
    let plain = staysafe(folder.path(), &["verify", "--published", "t.csv"]);
    assert!(plain.out.contains("nothing here is a rate"), "{}", plain.out);
    let mapped = staysafe(
        folder.path(),
        &["verify", "--published", "t.csv", "--mapping", "own.toml", "--format", "json"],
    );
    assert_eq!(mapped.code, 0, "{}", mapped.err);
    assert!(mapped.out.contains("\"rule\": \"Score = Kept ÷ Seen × 100\""), "{}", mapped.out);
    folder.write("own.toml", "[[table]]\nshare = 3\n");
    let wrong = staysafe(folder.path(), &["verify", "--published", "t.csv", "--mapping", "own.toml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("own.toml:2: error[bad-header]"), "{}", wrong.err);
}

#[test]
fn a_file_that_is_no_table_is_an_input_error() {
    let folder = Folder::new("published-none");
    folder.write("people.csv", "CHILD,DOB\n1,2\n");
    let run = staysafe(folder.path(), &["verify", "--published", "people.csv"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("error[bad-header]") && run.err.contains("geographic_level"), "{}", run.err);
}

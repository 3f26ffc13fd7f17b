//! Files that are refused as a whole, and the words for it.

use staysafe::record::Lost;

use super::*;

#[test]
fn a_cut_file_is_refused_with_the_number_of_whole_children() {
    let xml = census(&(child("") + &child("").replace("A1", "A2")));
    let cut = &xml[..xml.find("A2").unwrap() + 40];
    let options = ReadOptions { refuse_truncated: true, ..ReadOptions::default() };
    let fault = read_census("cin.xml", cut.as_bytes(), &options).unwrap_err();
    assert_eq!((fault.kind, fault.line), (FaultKind::Truncated { children: 1 }, Some(2)));
    assert!(fault.to_string().contains("whole children before that: 1"), "{fault}");
}

#[test]
fn of_a_cut_file_the_whole_children_count_and_it_says_so() {
    let xml = census(
        &(child("")
            + &child("<Section47><S47ActualStartDate>2024-01-01</S47ActualStartDate></Section47>")
                .replace("A1", "A2")),
    );
    let options = ReadOptions::default();
    for end in xml.find("</Child>").unwrap() + 8..xml.rfind("</Child>").unwrap() + 7 {
        let read =
            read_census("cin.xml", &xml.as_bytes()[..end], &options).unwrap_or_else(|f| panic!("{end}: {f}"));
        assert!(read.account.is_complete(), "{end}: {:?}", read.account);
        assert_eq!(rows(&read, "child").len(), 1, "{end}: the whole child counts");
        assert!(read.data.truncated, "{end}: figures will be marked");
        assert!(read.notices.iter().any(|n| n.code == "truncated"), "{end}: it is said");
        let inside = xml[..end].contains("<Child><ChildIdentifiers><LAchildID>A2");
        let cut = read.rejects.iter().any(|r| r.code == "truncated" && r.lost == Lost::Child);
        assert!(cut || !inside, "{end}: the cut child is a counted reject");
    }
}

#[test]
fn entities_and_document_types_are_refused_unread() {
    let laughs = "<!DOCTYPE Message [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>";
    assert!(is(&bad(&(laughs.to_owned() + &census(""))), FaultKind::Entities));
    let fault = bad(&census(&child("<ReferralSource>&source;</ReferralSource>")));
    assert_eq!((fault.kind, fault.line), (FaultKind::Entities, Some(2)));
}

#[test]
fn other_encodings_are_refused_with_how_to_mend_it() {
    let declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".to_owned() + &census("");
    let fault = bad(&declared);
    assert_eq!((fault.kind, fault.line), (FaultKind::Encoding, Some(1)));
    assert!(fault.message.contains("ISO-8859-1") && fault.help.contains("UTF-8"), "{fault}");
    let mut latin = census(&child("")).into_bytes();
    let place = latin.windows(2).position(|w| w == b"A1").unwrap();
    latin[place] = 0xE9;
    let fault = read_census("cin.xml", &latin[..], &ReadOptions::default()).unwrap_err();
    assert_eq!((fault.kind, fault.line), (FaultKind::Encoding, Some(2)));
    let marked = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned() + &census(&child(""));
    assert!(good(&marked).rejects.is_empty(), "UTF-8 with a mark is UTF-8");
}

#[test]
fn malformed_xml_names_the_line() {
    let fault = bad(&census(&child("\n<Section47></Section48>")));
    assert_eq!((fault.kind, fault.line), (FaultKind::NotWellFormed, Some(3)));
    assert!(fault.message.contains("<Section47>"), "{fault}");
    let fault = bad(&census(&child("<ReferralSource>A & B</ReferralSource>")));
    assert!(is(&fault, FaultKind::NotWellFormed) && fault.help.contains("&amp;"), "{fault}");
    assert!(is(&bad(&(census("") + &census(""))), FaultKind::NotWellFormed), "two documents in one file");
}

#[test]
fn a_file_of_another_kind_says_what_it_is() {
    assert!(bad("<rss></rss>").message.contains("its outermost element is <rss>"));
    assert!(bad("<EXPSSDA903></EXPSSDA903>").help.contains("read_ssda903 reads this one"));
    let other = census("").replace(">CIN<", ">CLA<");
    let fault = bad(&other);
    assert!(is(&fault, FaultKind::AnotherKind) && fault.message.contains("SSDA903"), "{fault}");
    assert!(is(&bad("no element at all"), FaultKind::AnotherKind));
}

#[test]
fn a_header_must_say_whose_and_up_to_when() {
    let without = |from: &str, to: &str| bad(&census(&child("")).replace(from, to));
    for (from, to, words) in [
        ("<ReferenceDate>2024-03-31</ReferenceDate>", "", "no ReferenceDate"),
        ("2024-03-31", "31/03/2024", "ReferenceDate is not a day"),
        ("<LEA>201</LEA>", "", "names no authority"),
        ("<LEA>201</LEA>", "<LEA>Anyshire</LEA>", "not an authority's number"),
        ("<Collection>CIN</Collection>", "", "does not name its collection"),
        ("<Year>2024</Year>", "<Year>2024</Year><Year>2023</Year>", "gives Year twice"),
    ] {
        let fault = without(from, to);
        assert!(is(&fault, FaultKind::Header) && fault.message.contains(words), "{words}: {fault}");
    }
    let fault = bad("<Message><Children></Children></Message>");
    assert_eq!((fault.kind, fault.line), (FaultKind::Header, None), "there is no line to name");
    assert!(fault.message.contains("no header before the children"), "{fault}");
    let options = ReadOptions { area: Some("E06000001".to_owned()), ..ReadOptions::default() };
    let nameless = census(&child("")).replace("<LEA>201</LEA>", "");
    let read = read_census("cin.xml", nameless.as_bytes(), &options).unwrap();
    assert_eq!((read.data.area.as_str(), read.notices[0].code.as_str()), ("E06000001", "area-given"));
    assert_eq!(good(&census("")).data.area, "201");
}

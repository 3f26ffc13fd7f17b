//! The scorecard in a real browser: it loads without any network, shows every entry and prints.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::step::Steps;
use crate::{demo, system, workspace};

/// Makes the demo's scorecard and opens it, on screen and printed.
pub(crate) fn check(steps: &mut Steps, install_system: bool) {
    let out = workspace::target().join("browser");
    let made = steps.step("Scorecard for the browser", || {
        let build = workspace::cargo(&["build", "--quiet", "--package", "staysafe-cli"]).status();
        if !build.is_ok_and(|status| status.success()) {
            return Err("the command does not build".to_owned());
        }
        let census = demo::synthetic_council(1, 400, &out)?;
        // The board's edition says more on its first page: it has a plan, meetings and challenges.
        let papers = board_papers(&out)?;
        let board = ["--for", "board", "--recipient", "The independent chair", "--board", &papers];
        let board = [&board[..], &["--date", "2026-07-01"]].concat();
        for (folder, words) in [(out.clone(), Vec::new()), (out.join("board"), board)] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            if demo::report(std::slice::from_ref(&census), &folder, &words)? != ExitCode::SUCCESS {
                return Err("`staysafe report` failed".to_owned());
            }
        }
        Ok(())
    });
    if !made {
        return;
    }
    let browser = match find(install_system) {
        Ok(browser) => browser,
        Err(why) => return steps.leave_out("Scorecard in a browser", &why),
    };
    steps.step("Scorecard in a browser", || open(&browser, &out));
}

/// A board with more on its hands than its first page has room for: many rows overdue, challenges, decisions and documents.
fn board_papers(out: &Path) -> Result<String, String> {
    let folder = out.join("papers");
    let words = "the words of somebody who has much to say and says it at length, as people do ".repeat(4);
    let many = |text: &dyn Fn(usize) -> String| (0..12).map(text).collect::<String>();
    let holders = ["police", "yjb", "cdop", "mappa", "marac", "la-hr"];
    let rows = many(&|n| {
        let holder = holders.get(n % holders.len()).unwrap_or(&"police");
        format!(
            "[[row]]\nid = \"row-{n}\"\naction = \"Ask for {words}\"\nholder = \"{holder}\"\ndataset = \"offence\"\n\
             owner = \"A name that is as long as names are\"\ndue = 2026-01-{:02}\n\
             unlocks = [\"jd-04\", \"jd-06\", \"jd-07\", \"jd-08\", \"jd-10\"]\n",
            n + 1
        )
    });
    let challenges = many(&|n| {
        format!(
            "[[challenge]]\nid = \"c{n}\"\nraised = 2026-01-0{}\nto = \"Children's Trust\"\nquestion = \"{words}?\"\n\
             due = 2026-03-01\n",
            n % 9 + 1
        )
    });
    let decisions: Vec<String> = (0..12).map(|n| format!("\"Decide {n}: {words}\"")).collect();
    let documents = ["jd-20", "jd-21", "jd-22", "jd-23", "jd-24"].map(|id| {
        format!(
            "[[document]]\nindicator = \"{id}\"\nperiod = \"2024-25\"\nmeeting = \"m\"\ndue = 2026-05-01\n"
        )
    });
    let documents = documents.concat();
    let meetings = format!(
        "[[meeting]]\nid = \"m\"\nname = \"The Board in the summer of the year\"\ndate = 2026-07-15\ndecisions = [{}]\n{documents}",
        decisions.join(", ")
    );
    let priorities = many(&|n| {
        format!(
            "[[priority]]\nid = \"p{n}\"\nwords = \"{words}\"\nowner = \"A. Name\"\nfrom = 2026-01-01\n\
             indicators = [\"cs-14\", \"jd-04\"]\nneeds = [\"{words}\"]\n"
        )
    });
    std::fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for (name, text) in [
        ("plan.toml", rows),
        ("challenges.toml", challenges),
        ("meetings.toml", meetings),
        ("priorities.toml", priorities),
    ] {
        std::fs::write(folder.join(name), text).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(folder.to_string_lossy().into_owned())
}

fn find(install_system: bool) -> Result<PathBuf, String> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if let Some(found) = system::find(&NAMES) {
        return Ok(found);
    }
    system::need(&["chromium"], install_system)?;
    system::find(&NAMES).ok_or_else(|| "chromium was installed and still is not in PATH".to_owned())
}

fn open(browser: &Path, out: &Path) -> Result<(), String> {
    let page = format!("file://{}", out.join("scorecard.html").display());
    let screen = out.join("scorecard.png");
    let print = out.join("scorecard.pdf");
    let _ = std::fs::remove_file(&screen);
    let _ = std::fs::remove_file(&print);
    let shown = run(browser, out, &["--dump-dom"], &page)?;
    run(browser, out, &[&format!("--screenshot={}", screen.display()), "--window-size=1200,1600"], &page)?;
    run(browser, out, &[&format!("--print-to-pdf={}", print.display()), "--no-pdf-header-footer"], &page)?;
    for (file, opening) in [(&screen, b"\x89PNG".as_slice()), (&print, b"%PDF".as_slice())] {
        let bytes = std::fs::read(file).map_err(|why| format!("{}: {why}", file.display()))?;
        if !bytes.starts_with(opening) || bytes.len() < 10_000 {
            return Err(format!("{} is not a picture of the page", file.display()));
        }
    }
    every_entry_shows(&shown)?;
    println!("   {} and {}", screen.display(), print.display());
    every_source_of_the_gaps_shows(browser, out)?;
    first_page_is_one_side(browser, out)
}

/// The matrix of the gaps is as wide as its page where the window is 1200 wide, so that no source is out of sight.
fn every_source_of_the_gaps_shows(browser: &Path, out: &Path) -> Result<(), String> {
    let page = std::fs::read_to_string(out.join("gaps.html")).map_err(|why| why.to_string())?;
    let measured = page.replace(
        "</body>",
        "<script>for (const part of document.querySelectorAll('.scroll:has(.matrix)'))\n\
         part.dataset.hidden = part.scrollWidth > part.clientWidth;</script></body>",
    );
    let file = out.join("gaps-measured.html");
    std::fs::write(&file, measured).map_err(|why| format!("{}: {why}", file.display()))?;
    let page = format!("file://{}", file.display());
    // A window that is too narrow must be noticed, or the check is blind.
    for (window, hidden) in [("1200,1600", false), ("600,1600", true)] {
        let shown = run(browser, out, &["--dump-dom", &format!("--window-size={window}")], &page)?;
        if !shown.contains(&format!("data-hidden=\"{hidden}\"")) {
            return Err(format!(
                "in a window of {window} sources of the gap matrix are out of sight: not {hidden}"
            ));
        }
    }
    println!("   every source of the gap matrix shows where the window is 1200 wide");
    Ok(())
}

/// Of both editions: whatever comes before the end of the first page prints on one side of A4.
fn first_page_is_one_side(browser: &Path, out: &Path) -> Result<(), String> {
    for edition in [out.to_owned(), out.join("board")] {
        let page = std::fs::read_to_string(edition.join("scorecard.html")).map_err(|why| why.to_string())?;
        let first = first_page(&page)?;
        let sides = sides(browser, &edition, "first-page", &first)?;
        if sides != 1 {
            return Err(format!("the first page of {} takes {sides} sides of A4", edition.display()));
        }
        println!("   the first page of {} is one side of A4", edition.display());
        // What would not fit must be noticed: ten times the first page is more than one side.
        let lines = first.split_once("<div class=\"sides\">").map(|(_, lines)| lines).unwrap_or_default();
        let sections = lines.split_once("</main>").map(|(sections, _)| sections).unwrap_or_default();
        let longer = first.replace("</main>", &format!("{}</main>", sections.repeat(10)));
        if self::sides(browser, &edition, "too-long", &longer)? < 2 {
            return Err("a page that is far too long is not noticed: the check is blind".to_owned());
        }
    }
    Ok(())
}

/// The page up to the end of its first section, closed again.
fn first_page(page: &str) -> Result<String, String> {
    let start = page.find("<section class=\"first\"").ok_or("the page has no first page")?;
    let end = page.get(start..).and_then(|rest| rest.find("</div>\n</section>"));
    let end = end.ok_or("the first page does not end")? + start + "</div>\n</section>".len();
    let first = page.get(..end).ok_or("the first page does not end")?;
    Ok(format!("{first}\n</main>\n</body>\n</html>\n"))
}

/// How many sides a page prints on, at the size that it asks for.
fn sides(browser: &Path, out: &Path, name: &str, page: &str) -> Result<usize, String> {
    let (html, pdf) = (out.join(format!("{name}.html")), out.join(format!("{name}.pdf")));
    let failed = |why: std::io::Error| format!("{}: {why}", out.display());
    std::fs::write(&html, page).map_err(failed)?;
    let _ = std::fs::remove_file(&pdf);
    let print = format!("--print-to-pdf={}", pdf.display());
    run(browser, out, &[&print, "--no-pdf-header-footer"], &format!("file://{}", html.display()))?;
    let bytes = std::fs::read(&pdf).map_err(|why| format!("{}: {why}", pdf.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let sides = text.split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count();
    let a4 = text
        .split("/MediaBox [")
        .skip(1)
        .all(|rest| rest.starts_with("0 0 594") || rest.starts_with("0 0 595"));
    if sides == 0 || !a4 {
        return Err(format!("{}: no sides of A4 are found in it", pdf.display()));
    }
    Ok(sides)
}

/// Every indicator of the shipped framework stands on the page as the browser shows it.
fn every_entry_shows(page: &str) -> Result<(), String> {
    let folder = workspace::root().join("crates").join("staysafe-lscb").join("framework").join("indicators");
    let ids: Vec<String> = workspace::files(&folder, "toml")
        .iter()
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    if ids.is_empty() {
        return Err("the shipped framework has no indicators".to_owned());
    }
    let missing: Vec<&str> =
        ids.iter().filter(|id| !page.contains(id.as_str())).map(String::as_str).collect();
    if missing.is_empty() {
        println!("   {} entries, each on the page", ids.len());
        Ok(())
    } else {
        Err(format!("not on the page: {}", missing.join(", ")))
    }
}

fn run(browser: &Path, out: &Path, words: &[&str], page: &str) -> Result<String, String> {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"])
        .arg(format!("--user-data-dir={}", out.join("profile").display()))
        .args(words)
        .arg(page)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|why| why.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{} ended with {}", browser.display(), output.status))
    }
}

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
        let code = demo::report(&[census], &out, &[])?;
        if code == ExitCode::SUCCESS { Ok(()) } else { Err("`staysafe report` failed".to_owned()) }
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
    Ok(())
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

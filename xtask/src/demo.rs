//! `cargo xtask demo`: the main job, from a council's returns and registers to a scorecard. It needs cargo and nothing
//! else.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::workspace;

/// Three digits that no council has.
const COUNCIL: &str = "999";

pub(crate) fn run(words: Vec<String>) -> Result<ExitCode, String> {
    let mut arguments = Arguments::new(words);
    let inputs = arguments.values("--input")?;
    let out = arguments.value("--out")?;
    let seed = arguments.number("--seed", 20_260_331)?;
    let children = arguments.number("--children", 3_000)?;
    let mut audience = Vec::new();
    for name in ["--for", "--recipient", "--date"] {
        if let Some(value) = arguments.value(name)? {
            audience.extend([name.to_owned(), value]);
        }
    }
    arguments.finish()?;

    // Paths are the caller's: relative to where the caller stands, not to the workspace.
    let here = std::env::current_dir().map_err(|why| why.to_string())?;
    let out = out.map_or_else(|| workspace::root().join("out"), |out| here.join(out));
    eprintln!("Building the staysafe command …");
    succeed(&mut workspace::cargo(&["build", "--quiet", "--package", "staysafe-cli"]))?;
    if !inputs.is_empty() {
        let files: Vec<PathBuf> = inputs.into_iter().map(|file| here.join(file)).collect();
        return show(&files, &out, &audience);
    }
    let council = everything_of_a_council(seed, children, &out.join("council"))?;
    let with = |audience: &[String]| [whose(), audience.to_vec()].concat();
    if !audience.is_empty() {
        return show(&council, &out, &with(&audience));
    }
    // Nobody in it exists, so that both audiences may be shown; the board's comes last, for it shows more.
    let publication = show(&council, &out.join("publication"), &with(&[]))?;
    let board = ["--for", "board", "--recipient", "The independent chair (demonstration)"].map(str::to_owned);
    let board = show(&council, &out.join("board"), &with(&board))?;
    worked_board(&council, &out)?;
    Ok(if publication == ExitCode::SUCCESS { board } else { publication })
}

/// Shows a board half-way through option 2, with its long list and its plan, and the gaps of the council as pictures.
fn worked_board(council: &[PathBuf], out: &Path) -> Result<(), String> {
    let board = workspace::root().join("examples/board");
    let board = board.to_string_lossy();
    let on = ["--date", "2010-07-01"];
    let way = [&["workflow", "status", &board][..], &on, &["--format", "html"]].concat();
    let way: Vec<String> = way.into_iter().map(str::to_owned).collect();
    let mut gaps = vec!["gap".to_owned()];
    gaps.extend(council.iter().map(|file| file.to_string_lossy().into_owned()));
    gaps.extend(whose());
    gaps.extend(["--format", "html"].map(str::to_owned));
    for (what, words, file) in
        [("worked board", way, "worked-board.html"), ("gaps as pictures", gaps, "gaps.html")]
    {
        let path = out.join(file);
        let page = std::fs::File::create(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        let status = Command::new(workspace::built("staysafe")).args(&words).stdout(page).status();
        // Findings, exit code 1, are no failure: faults of files are part of what is shown.
        match status.map_err(|why| why.to_string())?.code() {
            Some(0 | 1) => println!("The {what}: {}", path.display()),
            code => return Err(format!("staysafe {} ended with {code:?}", words.join(" "))),
        }
    }
    println!("\nWhere the worked board stands:");
    succeed(Command::new(workspace::built("staysafe")).args(["workflow", "next", &board]).args(on))
}

/// Runs the main job and says where its page is.
fn show(files: &[PathBuf], out: &Path, audience: &[String]) -> Result<ExitCode, String> {
    let code = report(files, out, audience)?;
    if code == ExitCode::SUCCESS {
        println!("\nThe scorecard is {}\n", out.join("scorecard.html").display());
    }
    Ok(code)
}

/// The council, and how its folder of looked-after returns is laid out.
fn whose() -> Vec<String> {
    ["--area", COUNCIL, "--pattern", "{year}/*.csv"].map(str::to_owned).to_vec()
}

/// Makes three years of returns and registers of a council that does not exist: its censuses, the folder of its
/// looked-after returns, and its registers.
fn everything_of_a_council(seed: u64, children: u64, out: &Path) -> Result<Vec<PathBuf>, String> {
    eprintln!("Making the returns and registers of a synthetic council: {children} children, seed {seed} …");
    succeed(&mut workspace::cargo(&["build", "--quiet", "--package", "staysafe-synth"]))?;
    succeed(
        Command::new(workspace::built("staysafe-synth"))
            .args(["--areas", COUNCIL, "--seed", &seed.to_string(), "--children", &children.to_string()])
            .arg("--out")
            .arg(out),
    )?;
    let council = out.join(COUNCIL);
    let mut files = files_of(&council.join("cin"))?;
    files.push(council.join("ssda903"));
    files.extend(files_of(&council.join("registers"))?);
    Ok(files)
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    files.sort();
    Ok(files)
}

/// Makes the census of a council that does not exist.
pub(crate) fn synthetic_council(seed: u64, children: u64, out: &Path) -> Result<PathBuf, String> {
    eprintln!("Making the census of a synthetic council: {children} children, seed {seed} …");
    succeed(&mut workspace::cargo(&["build", "--quiet", "--package", "staysafe-synth"]))?;
    std::fs::create_dir_all(out).map_err(|why| format!("{}: {why}", out.display()))?;
    let file = out.join("synthetic-cin-census.xml");
    succeed(
        Command::new(workspace::built("staysafe-synth"))
            .args(["--seed", &seed.to_string(), "--children", &children.to_string(), "--out"])
            .arg(&file),
    )?;
    Ok(file)
}

/// Runs `staysafe report`; its own exit code says how it went.
pub(crate) fn report(files: &[PathBuf], out: &Path, audience: &[String]) -> Result<ExitCode, String> {
    let status = Command::new(workspace::built("staysafe"))
        .arg("report")
        .args(files)
        .arg("--out")
        .arg(out)
        .args(audience)
        .status()
        .map_err(|why| why.to_string())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status =
        command.status().map_err(|why| format!("cannot start {}: {why}", command.get_program().display()))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", command.get_program().display()))
    }
}

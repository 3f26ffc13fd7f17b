//! Which framework a command works with: the shipped one, or a folder of definitions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use staysafe::check::{Checked, check_with};
use staysafe::definition::framework::Framework;
use staysafe::definition::read::read;
use staysafe::diagnostic::{Diagnostics, Format, nearest, render};
use staysafe::value::{Type, Value};

use crate::failure::Failure;
use crate::output;

/// Which framework.
#[derive(Debug, Args)]
pub(crate) struct Definitions {
    /// The folder of a framework of your own; without it, the shipped one.
    #[arg(long, value_name = "DIR")]
    framework: Option<PathBuf>,

    /// Sets a parameter of the framework for this run; it is printed with the figures.
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

impl Definitions {
    /// The framework, checked.
    pub(crate) fn checked(&self) -> Result<Checked, Failure> {
        checked(self.framework.as_deref(), &self.parameters)
    }
}

/// A framework that can be calculated; where it cannot, the errors are said and the command fails.
pub(crate) fn checked(folder: Option<&Path>, parameters: &[String]) -> Result<Checked, Failure> {
    let (framework, mut diagnostics) = written(folder)?;
    let given = parameters
        .iter()
        .map(|setting| parameter(&framework, setting))
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    let sources = framework.files.clone();
    let (checked, found) = check_with(framework, &given);
    diagnostics.extend(found);
    match checked {
        Some(checked) if !diagnostics.has_errors() => Ok(checked),
        _ => {
            diagnostics.sort();
            output::note(&render(&diagnostics, &sources, Format::Full));
            Err(Failure::new(
                "the definitions have errors; `staysafe check` lists them, with how to mend each",
            ))
        }
    }
}

/// Reads a framework as it is written, with what reading found.
pub(crate) fn written(folder: Option<&Path>) -> Result<(Framework, Diagnostics), Failure> {
    let Some(folder) = folder else {
        return Ok(read(staysafe_lscb::FILES.iter().copied()));
    };
    let (framework, diagnostics) = staysafe_io::load(folder).map_err(Failure::new)?;
    if framework.files.iter().next().is_none() {
        let help = "no definitions are here; give the folder that holds framework.toml";
        return Err(Failure::new(format!("{}: {help}", folder.display())));
    }
    Ok((framework, diagnostics))
}

/// `name=value`, of the type that the framework declares.
fn parameter(framework: &Framework, setting: &str) -> Result<(String, Value), Failure> {
    let Some((name, value)) = setting.split_once('=') else {
        return Err(Failure::new(format!("--parameter wants NAME=VALUE, not `{setting}`")));
    };
    let Some(declared) = framework.parameters.get(name) else {
        let near = nearest(name, framework.parameters.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(Failure::new(format!("the framework has no parameter `{name}`{hint}")));
    };
    let read = match declared.ty.value {
        Type::Bool => match value {
            "yes" | "true" => Some(Value::Bool(true)),
            "no" | "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Int => value.parse().ok().map(Value::Int),
        Type::Decimal => value.parse().ok().map(Value::Decimal),
        Type::Date => value.parse().ok().map(Value::Date),
        Type::Text => Some(Value::Text(value.into())),
    };
    read.map(|read| (name.to_owned(), read)).ok_or_else(|| {
        Failure::new(format!("the parameter `{name}` is a {}, not `{value}`", declared.ty.value))
    })
}

//! The calculation on Spark, on two threads of this machine: what takes Java and a large download.

use std::process::Command;

use crate::step::Steps;
use crate::{python, system};

const JAVA: &str = "openjdk-17-jre-headless";

/// Holds the figures of `staysafe.spark` against those of the local engine.
pub(crate) fn check(steps: &mut Steps, install_system: bool) {
    let java =
        steps.step("Spark: Java", || if has_java() { Ok(()) } else { system::need(&[JAVA], install_system) });
    if !java || !python::ready_for_spark(steps, install_system) || !python::build(steps) {
        return;
    }
    steps.run(
        "Spark: the local engine's figures",
        python::python()
            .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "python/tests/test_spark.py"])
            .env("PYSPARK_PYTHON", python::program()),
    );
}

fn has_java() -> bool {
    std::env::var_os("JAVA_HOME").is_some()
        || Command::new("java").arg("-version").output().is_ok_and(|output| output.status.success())
}

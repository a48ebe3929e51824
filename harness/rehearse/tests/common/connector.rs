//! The example connector in a process of its own, and connectors that are as it is but for one planted fault.

use super::project;
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// Ended when the test is over.
pub(crate) struct Connector {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Connector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// None where there is no Python: then it is said that nothing was tested.
pub(crate) fn connector(fault: Option<&str>) -> Option<Connector> {
    let project = project();
    let mut command = Command::new("python3");
    if let Some(fault) = fault {
        command.arg(project.join("harness/rehearse/tests/common/faulty_connector.py")).arg(fault);
    } else {
        command.arg(project.join("simulator/service/examples/connector.py"));
    }
    // Python must leave nothing in the tree.
    command.arg("0").env("PYTHONDONTWRITEBYTECODE", "1").stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("NOT RUN: the example connector, python3 is not here");
        return None;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it says where it is");
    let url = line.trim().rsplit(' ').next().expect("an address").to_owned();
    Some(Connector { child, url })
}

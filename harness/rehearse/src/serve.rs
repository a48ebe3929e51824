//! `rehearse serve`: a sandbox with both systems over HTTP, on this computer and nowhere else. What it answers is the
//! business of `service`; here is where it listens, which world is there at first, and how it is told.

use crate::{exit::Exit, output::Output, stop, suite::reason};
use clap::Args;
use feed::{Settings, System, Text, Timestamp};
use serde_json::json;
use service::{Environment, Ready, SetUp};
use std::io;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen on 127.0.0.1; 0: a port that is free
    #[arg(long, value_name = "N", default_value_t = PORT)]
    port: u16,
}

/// Not taken by anything well known.
const PORT: u16 = 4170;

/// The shortest key that somebody may choose.
const SHORTEST_KEY: usize = 32;

/// The world that is there at first.
const WORLD: &str = "sandbox";

/// The variable of the surroundings that gives the key, for those who start sandboxes by a script. There is no flag for
/// it: what stands in a command line can be seen by everybody on the computer.
const KEY: &str = "REHEARSE_KEY";

pub(crate) fn serve(args: &Serve, output: Output) -> Result<Exit, Exit> {
    let key = own_key(output)?;
    let is_own_key = key.is_some();
    let stop = stop::flag();
    let worlds = vec![(WORLD.to_owned(), sandbox())];
    let what = service::Serve { port: args.port, key, worlds, ..service::Serve::default() };
    let mut told = Ok(());
    service::serve(what, |ready| told = output.print(&says(ready, is_own_key, output)), &stop)
        .map_err(|error| cannot_listen(args.port, &error, output))?;
    told.map(|()| Exit::AsExpected)
}

/// The key that somebody chose. One that is no good is not repeated.
fn own_key(output: Output) -> Result<Option<String>, Exit> {
    let Some(given) = std::env::var_os(KEY) else { return Ok(None) };
    match given.into_string() {
        Ok(key) if key.len() >= SHORTEST_KEY && key.bytes().all(|it| it.is_ascii_graphic()) => Ok(Some(key)),
        _ => {
            output.note(&format!(
                "The key in {KEY} is no good: a key has at least {SHORTEST_KEY} characters, all of them visible ASCII. \
                 Take the variable away and a random key is made.\n"
            ));
            Err(Exit::NotUnderstood)
        }
    }
}

fn says(ready: &Ready, is_own_key: bool, output: Output) -> String {
    let url = format!("http://{}", ready.address);
    let key = if is_own_key { "the one in REHEARSE_KEY" } else { &ready.key };
    if output.json {
        let key = (!is_own_key).then_some(&ready.key);
        return format!(
            "{}\n",
            json!({ "contract": service::CONTRACT, "url": url, "key": key, "world": WORLD })
        );
    }
    format!(
        "Sandbox ready: {url} (only this computer can reach it)\n\
         Key:           {key}\n\
         Contract:      {url}/v1/openapi.json, OpenAPI 3.1\n\
         World:         \"{WORLD}\", 2 March 2026, 9:00am. Its clock moves only when it is told to.\n\n\
         Try:  curl -s -H 'Authorization: Bearer KEY' {url}/v1/worlds/{WORLD}\n\
         Press Ctrl+C to stop. Nothing is kept then.\n"
    )
}

fn cannot_listen(port: u16, error: &io::Error, output: Output) -> Exit {
    let instead = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "Another program listens there. Choose another with --port, or 0 for one that is free."
        }
        io::ErrorKind::PermissionDenied => {
            "That port needs rights that this user does not have. Choose one above 1023."
        }
        _ => "Choose another with --port, or 0 for one that is free.",
    };
    output.note(&format!("Port {port} of 127.0.0.1 cannot be had: {}. {instead}\n", reason(error)));
    Exit::Environment
}

/// Two services, three branches, one office on Access People Planner whose integration is off.
fn sandbox() -> SetUp {
    let branches = |names: &[&str]| names.iter().map(|name| Text::from(*name)).collect::<Vec<Text>>();
    SetUp {
        clock: "2026-03-02T09:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH),
        seed: 1,
        settings: Settings::default(),
        services: vec![
            ("Leeds".into(), branches(&["North Leeds", "South Leeds"])),
            ("Bradford".into(), branches(&["Bradford"])),
        ],
        records: Vec::new(),
        environments: vec![Environment {
            name: "office".into(),
            system: System::PeoplePlanner,
            prefix: None,
            branches: branches(&["North Leeds", "South Leeds", "Bradford"]),
            live: false,
        }],
    }
}

//! `rehearse serve`: a sandbox with both systems over HTTP, on this computer and nowhere else. What it answers is the
//! business of `service`; here is where it listens, which world is there at first, and how it is told.

use crate::{
    exit::Exit,
    output::Output,
    stop,
    suite::{self, reason},
};
use clap::Args;
use feed::{Settings, System, Text, Timestamp};
use serde_json::json;
use service::{Address, Environment, Ready, Secret, SetUp, Store, StoreError, Webhook};
use std::{
    io,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen on 127.0.0.1; 0: a port that is free
    #[arg(long, value_name = "N", default_value_t = PORT)]
    port: u16,
    /// Keep everything in this file, which is made if it is missing [default: keep nothing]
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// How many MiB the store may take; then changes are refused and all else goes on [default: as the disk has room]
    #[arg(long, value_name = "MIB", requires = "store", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    store_limit: Option<u64>,
    /// Tell this address when something changes in a rostering system; the secret of the signatures is
    /// REHEARSE_WEBHOOK_SECRET, else a random one is made and shown
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Allow a webhook that leaves this computer
    #[arg(long, requires = "webhook")]
    allow_remote: bool,
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
const SECRET: &str = "REHEARSE_WEBHOOK_SECRET";

pub(crate) fn serve(args: &Serve, output: Output) -> Result<Exit, Exit> {
    let key = own_key(output)?;
    let is_own_key = key.is_some();
    let webhook = args.webhook.as_deref().map(|url| webhook(url, args.allow_remote, output)).transpose()?;
    let hook = webhook.as_ref().map(hook_says);
    let stop = stop::flag();
    let store = args.store.as_deref().map(|path| open(path, args.store_limit, output)).transpose()?;
    let kept = store.as_ref().map(|store| (store.path().to_owned(), store.is_read_only()));
    let worlds = vec![(WORLD.to_owned(), sandbox())];
    let scenario = Some(crate::from_sandbox::scenario as service::Writes);
    let what = service::Serve {
        port: args.port,
        key,
        worlds,
        store,
        scenario,
        webhook,
        ..service::Serve::default()
    };
    let mut told = Ok(());
    service::serve(
        what,
        |ready| told = output.print(&says(ready, is_own_key, kept.as_ref(), hook, output)),
        &stop,
    )
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

/// The store, with a word about what is unusual about it.
fn open(path: &Path, mib: Option<u64>, output: Output) -> Result<Store, Exit> {
    let store = Store::open(path, mib.map(|mib| mib * 1024 * 1024))
        .map_err(|error| cannot_open(path, &error, output))?;
    let name = suite::shown(path);
    if store.is_read_only() {
        output.note(&format!(
            "{name} can only be read, so everything in it can be looked at and every change is refused. To change \
             something, give this user the right to write the file and its folder, and start again.\n"
        ));
    }
    if store.is_open_to_others() {
        output.note(&format!(
            "Other users of this computer can read {name}, and it may hold personal data. To close it: chmod 600 {name}\n"
        ));
    }
    Ok(store)
}

/// Where webhooks go, and the secret.
fn webhook(url: &str, allow_remote: bool, output: Output) -> Result<Webhook, Exit> {
    let wrong = |why: String| {
        output.note(&format!("--webhook: {why} Nothing was started.\n"));
        Exit::NotUnderstood
    };
    let address = Address::read(url, allow_remote).map_err(wrong)?;
    if !address.is_here() {
        output.note(&format!("Webhooks leave this computer: they go to {}, unencrypted.\n", address.host()));
    }
    let secret = match std::env::var_os(SECRET) {
        Some(given) => given.to_str().map_or_else(|| Err("not text".into()), Secret::read).map_err(|_| {
            wrong(format!(
                "what stands in {SECRET} is no good. It is whsec_ and the base64 of 24 to 64 bytes."
            ))
        })?,
        None => Secret::random().map_err(|error| {
            output.note(&format!("No random secret can be had: {}.\n", reason(&error)));
            Exit::Environment
        })?,
    };
    Ok(Webhook { address, secret })
}

/// The address, and the secret unless somebody chose it.
type Hook = (String, Option<String>);

fn hook_says(it: &Webhook) -> Hook {
    let is_own = std::env::var_os(SECRET).is_some();
    (it.address.to_string(), (!is_own).then(|| it.secret.text()))
}

fn says(
    ready: &Ready,
    is_own_key: bool,
    kept: Option<&(PathBuf, bool)>,
    hook: Option<Hook>,
    output: Output,
) -> String {
    let url = format!("http://{}", ready.address);
    let key = if is_own_key { "the one in REHEARSE_KEY" } else { &ready.key };
    if output.json {
        let key = (!is_own_key).then_some(&ready.key);
        let store = kept.map(|(path, _)| suite::shown(path));
        let worlds: Vec<&str> = ready.worlds.iter().map(|(name, _)| name.as_str()).collect();
        return format!(
            "{}\n",
            json!({ "contract": service::CONTRACT, "url": url, "key": key, "world": WORLD, "worlds": worlds, "store": store,
                "webhook": hook.as_ref().map(|(url, _)| url), "webhook_secret": hook.as_ref().and_then(|(_, secret)| secret.as_ref()) })
        );
    }
    let end = match kept {
        None => "Nothing is kept then; with --store FILE everything is.".to_owned(),
        Some((path, true)) => format!("{} stays as it is.", suite::shown(path)),
        Some((path, false)) => {
            format!(
                "Everything is kept in {}, at every moment: start it again and go on.",
                suite::shown(path)
            )
        }
    };
    let hook = hook.map_or_else(String::new, |(url, secret)| {
        let secret = secret.unwrap_or_else(|| format!("the one in {SECRET}"));
        format!("Webhooks:      to {url}, signed with {secret}; GET /v1/webhook says what arrived\n")
    });
    format!(
        "Sandbox ready: {url} (only this computer can reach it)\n\
         Key:           {key}\n\
         Contract:      {url}/v1/openapi.json, OpenAPI 3.1\n\
         {hook}{}\n\
         Try:  curl -s -H 'Authorization: Bearer KEY' {url}/v1/worlds/{WORLD}\n\
         Keep: GET {url}/v1/worlds/{WORLD}/scenario is what you did, as a scenario that passes\n\
         Back: POST {{\"back_to\": MOMENT}} or {{\"back_to_call\": N}} to {url}/v1/worlds/{WORLD}/clock; /calls lists the calls\n\
         Press Ctrl+C to stop. {end}\n",
        worlds(ready)
    )
}

/// The worlds with their clocks; of many, the first.
fn worlds(ready: &Ready) -> String {
    let mut text = String::new();
    for (name, clock) in ready.worlds.iter().take(FEW) {
        let clock = clock.map_or_else(|| "broken by a fault of ours".to_owned(), report::moment);
        text.push_str(&format!("World:         \"{name}\", {clock}\n"));
    }
    let more = ready.worlds.len().saturating_sub(FEW);
    if more > 0 {
        text.push_str(&format!("               and {}\n", report::counted(more, "more", "more")));
    }
    text.push_str("               A clock moves only when it is told to.\n");
    text
}

/// So many worlds are named.
const FEW: usize = 8;

pub(crate) fn cannot_open(path: &Path, error: &StoreError, output: Output) -> Exit {
    let name = suite::shown(path);
    let instead = match error {
        StoreError::NotAStore(_) => "Give another file: one that is not there yet is made.",
        StoreError::Newer { .. } => "Use that version, or give another file.",
        StoreError::Damaged(_) => {
            "Go on from a backup (rehearse store backup makes them), and look at the disk; rehearse store check FILE says \
             whether one is sound."
        }
        StoreError::InUse(_) => {
            "Stop that one, or give another file: a store belongs to one process at a time."
        }
        StoreError::Io(_) => "Give a file in a folder that is there and that this user may write.",
    };
    output.note(&format!("{name} cannot be opened: {}. {instead} The file was left as it is.\n", why(error)));
    if error.is_of_the_file() { Exit::Store } else { Exit::Environment }
}

/// What is wrong, in the words of the rest.
pub(crate) fn why(error: &StoreError) -> String {
    match error {
        StoreError::Io(error) => reason(error),
        error => error.to_string(),
    }
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

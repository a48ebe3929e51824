//! Opening a store in which a world was asked a hundred thousand things: everything is read, checked and done again.

use crate::{durable::world, first_sync::people, millis};
use service::{Call, Local, Store, wire};
use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

const CALLS: usize = 100_000;
/// Each of whom is updated again and again, or stays as they are.
const PEOPLE: usize = 2000;
/// Who ask at once, so that many share a flush.
const CLIENTS: usize = 64;

pub(crate) fn print() {
    let folder = std::env::temp_dir().join(format!("rehearse-bench-opening-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for temporary files");
    let file = folder.join("store");
    let wrote = write(&file);
    let bytes = fs::metadata(&file).expect("a store").len();
    let began = Instant::now();
    let store = Store::open(&file, None).expect("a store");
    let read = began.elapsed();
    let local = Local::open(Some(store)).expect("a thread");
    let opened = began.elapsed();
    drop(local);
    let _ = fs::remove_dir_all(&folder);
    println!(
        "a store of {CALLS} calls ({} MiB, written in {}): open after {}, of which {} for checking every line",
        bytes / 1024 / 1024,
        millis(wrote),
        millis(opened),
        millis(read)
    );
}

fn write(file: &Path) -> Duration {
    let local = Local::open(Some(Store::open(file, None).expect("a store"))).expect("a thread");
    local.set_up("bench", world()).expect("a world");
    let n = u32::try_from(PEOPLE).expect("not so many");
    let rounds = [people(n, false), people(n, true)];
    let began = Instant::now();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (local, rounds) = (&local, &rounds);
            scope.spawn(move || {
                for n in (client..CALLS).step_by(CLIENTS) {
                    let it = &rounds[n / PEOPLE % 2][n % PEOPLE];
                    let call = Call::Upsert {
                        external_id: it.external_id.as_str().to_owned(),
                        put: wire::Upsert {
                            fields: wire::Fields(it.fields.clone()),
                            requirements: Vec::new(),
                            environment: None,
                            sequence: None,
                        },
                    };
                    local.call("bench", None, call).expect("it is kept");
                }
            });
        }
    });
    began.elapsed()
}

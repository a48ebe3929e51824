//! A first full update of a million service users into an ACP that holds half of them, and SQLite with the same rows:
//! an upsert that decides nothing, keeps no history and explains nothing.

use acp::{Acp, Call, Outcome, Reply, SetUp};
use feed::{Field, Fields, ServiceUser, System, Text, Timestamp, Update, UpdateKind};
use std::time::{Duration, Instant};

const N: u32 = 1_000_000;
const SEED: u64 = 7;

/// What both take in for each service user, beside the identifier.
pub(crate) const COLUMNS: [Field; 9] = [
    Field::Title,
    Field::GivenName,
    Field::FamilyName,
    Field::DateOfBirth,
    Field::AddressLine1,
    Field::Postcode,
    Field::Phone,
    Field::StartDate,
    Field::Branch,
];

pub(crate) const BRANCHES: [&str; 8] =
    ["North Leeds", "South Leeds", "Bradford", "Hull", "York", "Harrogate", "Wakefield", "Selby"];

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_772_442_000 + minute * 60).expect("2 March 2026 and a little")
}

/// Half of what the second update carries says something new.
pub(crate) fn people(n: u32, second: bool) -> Vec<ServiceUser> {
    let invented = (0_u32..).zip(population::people(SEED, 0..n));
    let person = |(idx, invented): (u32, population::Invented)| {
        let mut fields: Fields =
            COLUMNS.iter().filter_map(|&field| Some((field, invented.fields.get(field)?.clone()))).collect();
        fields.set(Field::Branch, Text::from(BRANCHES[idx as usize % BRANCHES.len()]));
        fields.set(Field::StartDate, Text::from("2026-01-05"));
        if second && idx % 4 == 0 {
            fields.set(Field::Phone, Text::from("0113 496 0001"));
        }
        ServiceUser { external_id: invented.external_id, fields, requirements: Vec::new() }
    };
    invented.map(person).collect()
}

fn update(sequence: u32, service_users: Vec<ServiceUser>) -> Update {
    let sent_at = at(i64::from(sequence));
    Update {
        kind: UpdateKind::Full,
        system: System::PeoplePlanner,
        environment: 0,
        sequence,
        sent_at,
        branches: Vec::new(),
        service_users,
        visits: Vec::new(),
        visits_until: sent_at,
    }
}

pub(crate) fn ours() {
    let mut acp = Acp::default();
    let branches = BRANCHES.iter().map(|&name| Text::from(name)).collect();
    let services = vec![(Text::from("Home Care"), branches)];
    acp.answer(at(0), Call::SetUp(SetUp { services, ..SetUp::default() }));
    acp.answer(at(1), Call::Receive(update(1, people(N / 2, false))));
    let first = update(2, people(N, true));
    let began = Instant::now();
    let Reply::Received(receipt) = acp.answer(at(2), Call::Receive(first)) else { panic!("not received") };
    let took = began.elapsed();
    let created = receipt.decisions.iter().filter(|it| matches!(it.outcome, Outcome::Created { .. })).count();
    assert_eq!(created, (N / 2) as usize, "half of them are new");
    tell(took);
}

pub(crate) fn sqlite() {
    let names: Vec<String> = COLUMNS.iter().map(|field| field.text().replace(' ', "_")).collect();
    let mut database = rusqlite::Connection::open_in_memory().expect("SQLite is built in");
    let table = format!(
        "CREATE TABLE record (external_id TEXT PRIMARY KEY, {}) WITHOUT ROWID",
        names.join(" TEXT, ")
    );
    database.execute(&table, []).expect("a table");
    upsert(&mut database, &names, &people(N / 2, false));
    let rows = people(N, true);
    let began = Instant::now();
    upsert(&mut database, &names, &rows);
    let took = began.elapsed();
    let n: u32 = database.query_row("SELECT count(*) FROM record", [], |row| row.get(0)).expect("a count");
    assert_eq!(n, N, "all are there");
    tell(took);
}

fn upsert(database: &mut rusqlite::Connection, names: &[String], rows: &[ServiceUser]) {
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let marks = vec!["?"; names.len() + 1].join(", ");
    let sql = format!(
        "INSERT INTO record (external_id, {}) VALUES ({marks}) ON CONFLICT (external_id) DO UPDATE SET {}",
        names.join(", "),
        sets.join(", ")
    );
    let transaction = database.transaction().expect("a transaction");
    let mut statement = transaction.prepare(&sql).expect("a statement");
    for row in rows {
        let fields = COLUMNS.iter().map(|&field| row.fields.text(field));
        let values = std::iter::once(row.external_id.as_str()).chain(fields);
        statement.execute(rusqlite::params_from_iter(values)).expect("an upsert");
    }
    drop(statement);
    transaction.commit().expect("a commit");
}

/// For the process that started this one: microseconds and MiB.
fn tell(took: Duration) {
    println!("{} {}", took.as_micros(), peak_mib());
}

/// The peak of this process's memory, where the system tells (Linux); else 0.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

//! `rehearse population`: two exports of people who do not exist, as the two systems might write them, and a file that says
//! who is who. Writes over nothing.

use crate::{
    args::Population,
    atomic::{Draft, Readers},
    exit::Exit,
    output::Output,
    suite,
};
use clap::ValueEnum;
use population::mess::{EXPORTED_ON, Exported, Flaw, Mess, Shape, Standing, Standings};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

mod sheet;

/// Which kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Files {
    /// A workbook from rostering and a text file from ACP
    Both,
    Csv,
    Xlsx,
}

/// Above this many rows `both` writes text files alone: workbooks are read up to a million cells.
const LARGEST_BOOK: u32 = 40_000;

/// A column: its heading, and whether it is wide in a workbook.
type Heading = &'static str;

const ROSTERING: &[Heading] = &[
    "Client Ref",
    "Title",
    "Forename",
    "Surname",
    "Known As",
    "D.O.B.",
    "NHS No.",
    "Address 1",
    "Address 2",
    "Town",
    "Postcode",
    "Telephone",
    "Mobile",
    "Branch",
    "Status",
    "Start Date",
    "End Date",
];

const ACP: &[Heading] = &[
    "Record ID",
    "External ID",
    "Title",
    "First Name",
    "Last Name",
    "Preferred Name",
    "Date of Birth",
    "NHS Number",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Post Code",
    "Phone",
    "Mobile Phone",
    "Service",
    "Branch",
    "Is Active?",
    "Archived",
    "Created By",
    "Care Records",
];

const TRUTH: &[Heading] = &[
    "Person",
    "Rostering row",
    "Client Ref",
    "ACP row",
    "Record ID",
    "External ID in ACP",
    "Same person",
    "What differs",
];

/// One file with a heading and rows, not written yet.
struct Table {
    path: PathBuf,
    headings: &'static [Heading],
    rows: Vec<Vec<String>>,
    /// Lines above the headings.
    title: Vec<String>,
}

impl Table {
    /// The number of a row as a spreadsheet shows it.
    fn number(&self, at: usize) -> usize {
        self.title.len() + 2 + at
    }
}

pub(crate) fn population(args: &Population, output: Output) -> Result<Exit, Exit> {
    let [rostering, acp] = paths(args);
    let truth = args.out.join("truth.csv");
    let there: Vec<String> = [&rostering, &acp, &truth]
        .into_iter()
        .filter(|path| path.exists())
        .map(|path| suite::shown(path))
        .collect();
    if !there.is_empty() {
        let there: Vec<&str> = there.iter().map(String::as_str).collect();
        output.note(&format!(
            "Nothing was written: {} there already. Give another folder with --out, or remove what is there.\n",
            is_there(&there)
        ));
        return Err(Exit::NotUnderstood);
    }
    let made = make(args, [rostering, acp, truth]);
    let drafts: io::Result<Vec<Draft>> = made.iter().map(write).collect();
    let kept = drafts.and_then(|drafts| drafts.into_iter().try_for_each(Draft::keep));
    if let Err(error) = kept {
        output.note(&format!("The exports could not be written: {}.\n", suite::reason(&error)));
        return Err(Exit::Environment);
    }
    output.print(&if output.json { json(args, &made) } else { said(args, &made) })?;
    Ok(Exit::AsExpected)
}

fn is_there(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", report::listed(names))
}

fn paths(args: &Population) -> [PathBuf; 2] {
    let is_small = args.service_users <= LARGEST_BOOK;
    let name =
        |name: &str, is_book: bool| args.out.join(format!("{name}.{}", if is_book { "xlsx" } else { "csv" }));
    let rostering = args.files == Files::Xlsx || (args.files == Files::Both && is_small);
    [name("rostering", rostering), name("acp", args.files == Files::Xlsx)]
}

/// The three files. The truth has a line for each record, and one for each service user without a record.
fn make(args: &Population, [rostering, acp, truth]: [PathBuf; 3]) -> [Table; 3] {
    let mut mess = Mess {
        people_seed: args.seed,
        seed: args.seed.wrapping_add(1),
        n_people: args.service_users,
        shape: Shape::Usual,
    };
    if args.mess {
        mess.n_people = population::mess::people_for(&mess, args.service_users);
    }
    let standings = Standings::new(&mess, args.mess);
    let title = |text: &str, path: &Path| {
        let is_book = path.extension().is_some_and(|it| it == "xlsx");
        if args.mess && is_book { vec![text.to_owned(), String::new()] } else { Vec::new() }
    };
    let mut a = Table {
        title: title("Clients of all branches, 2 March 2026", &rostering),
        path: rostering,
        headings: ROSTERING,
        rows: Vec::new(),
    };
    let mut b = Table {
        title: title("Records of all services, 2 March 2026", &acp),
        path: acp,
        headings: ACP,
        rows: Vec::new(),
    };
    let mut c = Table { path: truth, headings: TRUTH, rows: Vec::new(), title: Vec::new() };
    let (users, records): (Box<dyn Iterator<Item = Exported>>, Box<dyn Iterator<Item = Exported>>) =
        if args.mess {
            (Box::new(population::mess::rostering(&mess)), Box::new(population::mess::acp(&mess)))
        } else {
            (Box::new(population::mess::tidy(&mess, false)), Box::new(population::mess::tidy(&mess, true)))
        };
    let mut by_person: BTreeMap<u32, (usize, Exported, Standing, bool)> = BTreeMap::new();
    for (at, row) in users.enumerate() {
        let standing = standings.in_rostering(&row);
        a.rows.push(in_rostering(&row, &standing));
        by_person.insert(row.person, (a.number(at), row, standing, false));
    }
    for (at, row) in records.enumerate() {
        let standing = standings.in_acp(&row);
        b.rows.push(in_acp(&row, &standing));
        let user = by_person.get_mut(&row.person);
        let user = user.map(|(number, user, theirs, has_record)| {
            *has_record = true;
            (*number, &*user, &*theirs)
        });
        c.rows.push(line(&row, b.number(at), &standing, user));
    }
    for (number, row, _, _) in by_person.values().filter(|(.., has_record)| !has_record) {
        let nothing = || String::new();
        c.rows.push(vec![
            row.person.to_string(),
            number.to_string(),
            row.identifier.clone(),
            nothing(),
            nothing(),
            nothing(),
            "no record".to_owned(),
            nothing(),
        ]);
    }
    [a, b, c]
}

fn born(row: &Exported, format: &str) -> String {
    row.born.map_or(String::new(), |born| born.strftime(format).to_string())
}

const UK: &str = "%d/%m/%Y";

fn in_rostering(row: &Exported, standing: &Standing) -> Vec<String> {
    let [line1, line2, town] = row.address.clone();
    let [phone, mobile] = row.phones.clone();
    let day = |day: jiff::civil::Date| day.strftime(UK).to_string();
    vec![
        row.identifier.clone(),
        row.title.clone(),
        row.given.clone(),
        row.family.clone(),
        row.known_as.clone(),
        born(row, UK),
        row.nhs.clone(),
        line1,
        line2,
        town,
        row.postcode.clone(),
        phone,
        mobile,
        standing.branch.clone(),
        standing.status.to_owned(),
        day(standing.started),
        standing.ended.map(day).unwrap_or_default(),
    ]
}

fn in_acp(row: &Exported, standing: &Standing) -> Vec<String> {
    let [line1, line2, line3] = row.address.clone();
    let [phone, mobile] = row.phones.clone();
    let yes_or_no = |is: bool| if is { "Yes" } else { "No" }.to_owned();
    vec![
        row.record.clone(),
        row.identifier.clone(),
        row.title.clone(),
        row.given.clone(),
        row.family.clone(),
        row.known_as.clone(),
        born(row, "%d-%b-%Y"),
        row.nhs.clone(),
        line1,
        line2,
        line3,
        row.postcode.clone(),
        phone,
        mobile,
        standing.service.to_owned(),
        standing.branch.clone(),
        yes_or_no(standing.status == "Active"),
        yes_or_no(standing.is_archived),
        if standing.by_integration { "Integration" } else { "Manual" }.to_owned(),
        standing.n_care.to_string(),
    ]
}

/// What is true of a record.
fn line(
    row: &Exported,
    number: usize,
    standing: &Standing,
    user: Option<(usize, &Exported, &Standing)>,
) -> Vec<String> {
    let mut flaws = row.flaws;
    let mut differs = Vec::new();
    if let Some((_, user, theirs)) = user {
        flaws = flaws.or(user.flaws);
        if theirs.branch != standing.branch {
            differs.push("branch");
        }
    }
    differs.extend(Flaw::ALL.iter().filter(|flaw| flaws.has(**flaw)).map(|flaw| flaw.text()));
    let (user_row, client) =
        user.map_or_else(Default::default, |(at, user, _)| (at.to_string(), user.identifier.clone()));
    vec![
        row.person.to_string(),
        user_row,
        client,
        number.to_string(),
        row.record.clone(),
        row.identifier.clone(),
        if user.is_some() { "yes" } else { "not in rostering" }.to_owned(),
        differs.join("; "),
    ]
}

fn write(table: &Table) -> io::Result<Draft> {
    let mut draft = Draft::new(&table.path, Readers::Owner)?;
    if table.path.extension().is_some_and(|it| it == "xlsx") {
        let name = if table.headings == ROSTERING { "Clients" } else { "Records" };
        draft.write(&sheet::book(name, &table.title, table.headings, &table.rows)?)?;
        return Ok(draft);
    }
    // As Excel writes "CSV UTF-8": with a mark in front, and lines that end in two characters.
    draft.write("\u{feff}".as_bytes())?;
    let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    lines.write_record(table.headings)?;
    for rows in table.rows.chunks(10_000) {
        for row in rows {
            lines.write_record(row)?;
        }
        lines.flush()?;
        draft.write(lines.get_ref())?;
        lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    }
    Ok(draft)
}

fn said(args: &Population, [a, b, truth]: &[Table; 3]) -> String {
    let count = |table: &Table, one: &str, many: &str| report::counted(table.rows.len(), one, many);
    let (rostering, acp) = (suite::shown(&a.path), suite::shown(&b.path));
    let width = rostering.len().max(acp.len());
    format!(
        "Seed {}{}. Nobody in these files exists.\n\n\
         {rostering:width$}  {}\n\
         {acp:width$}  {}\n\
         {:width$}  who is who, and what differs: for checking, not for finding out\n\n\
         Next:  rehearse plan {rostering} {acp}\n",
        args.seed,
        if args.mess { ", with every mess that such exports have" } else { ", without any mess" },
        count(a, "service user", "service users"),
        count(b, "record", "records"),
        suite::shown(&truth.path),
    )
}

fn json(args: &Population, [a, b, truth]: &[Table; 3]) -> String {
    let document = serde_json::json!({
        "format": "rehearse.population/1",
        "seed": args.seed,
        "mess": args.mess,
        "exported_on": EXPORTED_ON.to_string(),
        "rostering": { "file": suite::shown(&a.path), "service_users": a.rows.len() },
        "acp": { "file": suite::shown(&b.path), "records": b.rows.len() },
        "truth": { "file": suite::shown(&truth.path), "rows": truth.rows.len() },
    });
    format!("{document:#}\n")
}

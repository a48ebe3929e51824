//! The sheets that list: causes, everybody, field changes, branches.

use super::super::{PlanTold, because, cause_does, cause_title, clears};
use super::decisions::{identifier, record_id};
use super::rows::{Cells, Rows};
use super::sheet::{Look, Sheet, number, text, yellow};
use crate::{visible, words};
use feed::Field;
use go_live::exports::Column;
use go_live::plan::{AcpBranch, Branch, Hold, Only, Outcome};
use rust_xlsxwriter::XlsxError;
use std::borrow::Cow;

pub(super) fn fix_first<'a>(
    told: &'a PlanTold<'a>,
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let columns = [
        number("No.", 6.0),
        text("What to put right", 30.0),
        text("What it is about, and where", 70.0),
        text("How much it clears", 50.0),
        text("Proven by planning again", 14.0),
        number("Service users", 10.0),
        yellow("Owner", 20.0),
        yellow("Done?", 10.0),
    ];
    let mut sheet = Sheet::new("Fix first", footer, look)?;
    let causes = told.plan.causes.iter().take(super::MOST_ROWS).enumerate().collect();
    let rows = Rows::new(causes, |&(at, cause), cells| {
        cells
            .number(at + 1)
            .text(cause_title(cause))
            .text(cause_does(told.shown(), cause))
            .text(clears(told.plan, cause))
            .text(if cause.is_proven { "Yes" } else { "No" })
            .number(cause.users.len())
            .text("")
            .text("");
    });
    let n_rows = sheet.table(&columns, 2, rows)?;
    sheet.choices(7, n_rows, &["Yes", "No"], "Yes once it is put right in the system that it is about.")?;
    Ok(sheet)
}

pub(super) fn everybody<'a>(
    told: &'a PlanTold<'a>,
    order: &[u32],
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let columns = [
        text("Outcome", 24.0),
        text("External ID", 14.0),
        text("Name", 24.0),
        text("Date of birth", 17.0),
        text("Rostering branch", 18.0),
        text("ACP record", 12.0),
        text("ACP branch", 18.0),
        text("ACP service", 18.0),
        text("Care history", 10.0),
        text("Support has to move it", 14.0),
        text("Decision", 16.0),
        text("Why", 80.0),
        number("Row in the file", 10.0),
    ];
    let mut sheet = Sheet::new("All service users", footer, look)?;
    let all = told.plan.rows.len() <= super::MOST_ROWS;
    let is_listed = |user: &u32| all || told.plan.rows[*user as usize].outcome <= Outcome::ChangesBranch;
    let users = order.iter().copied().filter(is_listed).take(super::MOST_ROWS).map(Listed::User);
    let only = if all { &told.plan.acp_only[..] } else { &[] };
    let only = only.iter().take(super::MOST_ROWS).map(|it| Listed::Only(it.record, it.why));
    let rows = Rows::new(users.chain(only).collect(), |listed, cells| match *listed {
        Listed::User(user) => service_user(told, user, cells),
        Listed::Only(record, why) => acp_only(told, record, why, cells),
    });
    let n_rows = sheet.table(&columns, 3, rows)?;
    sheet.colour_outcomes(0, n_rows)?;
    Ok(sheet)
}

/// Who has a row among everybody.
enum Listed {
    User(u32),
    Only(u32, Only),
}

fn service_user(told: &PlanTold<'_>, user: u32, cells: &mut Cells<'_>) {
    let (shown, sides) = (told.shown(), told.sides);
    let (row, of_user) = (&told.plan.rows[user as usize], sides.user(user));
    cells
        .text(row.outcome.text())
        .text(identifier(told, user))
        .text(shown.name(of_user))
        .text(shown.cell(of_user, Column::DateOfBirth))
        .text(shown.raw(of_user, Column::Branch));
    match row.record {
        Some(record) => cells
            .text(record_id(told, record))
            .text(shown.raw(sides.record(record), Column::Branch))
            .text(shown.raw(sides.record(record), Column::Service)),
        None => cells.text("").text("").text(""),
    };
    let record = row.record.or(row.alike.map(|alike| alike.record));
    cells
        .text(record.map_or("", |record| shown.care(record)))
        .text(match row.hold {
            Hold::None => "",
            Hold::Held(_) => "Yes",
            Hold::Possibly(_) => "Possibly",
        })
        .text(row.settled.map_or("", go_live::plan::Choice::text))
        .text(because(shown, told.plan, user))
        .number(of_user.number() as usize);
}

fn acp_only(told: &PlanTold<'_>, record: u32, why: Only, cells: &mut Cells<'_>) {
    let (shown, row) = (told.shown(), told.sides.record(record));
    let hides = told.redact == super::super::Redact::All;
    let held = row.external_id().filter(|_| !hides).unwrap_or("");
    let why = match why {
        Only::Orphan => format!(
            "It holds an external ID that no service user of the export has. The integration does not touch it and never \
             removes it. [{}]",
            feed::Clause::Case4.code()
        ),
        Only::NoIdentifier => "It holds no external ID. The integration does not touch it.".to_owned(),
        Only::NotInUse => "It is inactive or archived. The integration does not touch it.".to_owned(),
    };
    cells
        .text(Outcome::AcpOnly.text())
        .text(held)
        .text(shown.name(row))
        .text(shown.cell(row, Column::DateOfBirth))
        .text("")
        .text(record_id(told, record))
        .text(shown.raw(row, Column::Branch))
        .text(shown.raw(row, Column::Service))
        .text(shown.care(record))
        .text("")
        .text("")
        .text(why)
        .number(row.number() as usize);
}

pub(super) fn changes<'a>(
    told: &'a PlanTold<'a>,
    order: &[u32],
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let columns = [
        text("External ID", 14.0),
        text("Name", 24.0),
        text("ACP record", 12.0),
        text("Field", 18.0),
        text("What happens", 26.0),
        text("Who controls it", 50.0),
        text("In ACP now", 34.0),
        text("In rostering", 34.0),
        text("Outcome", 24.0),
    ];
    let mut sheet = Sheet::new("Field changes", footer, look)?;
    let is_matched = |&user: &u32| Some((user, told.plan.rows[user as usize].record?));
    let of = |(user, record): (u32, u32)| {
        let row = &told.plan.rows[user as usize];
        let written = row.changes.iter().map(|field| (field, "Overwritten"));
        let kept = row.kept.iter().map(|field| (field, "Kept: ACP has its own"));
        let unfit = row.unfit.iter().map(|field| (field, "Left: not fit for the field"));
        written.chain(kept).chain(unfit).map(move |it| (user, record, it))
    };
    let changes = order.iter().filter_map(is_matched).flat_map(of).take(super::MOST_ROWS).collect();
    let rows = Rows::new(changes, |&(user, record, (field, what)), cells| {
        change(told, user, record, field, what, cells);
    });
    sheet.table(&columns, 2, rows)?;
    Ok(sheet)
}

fn change(told: &PlanTold<'_>, user: u32, record: u32, field: Field, what: &str, cells: &mut Cells<'_>) {
    let (shown, sides) = (told.shown(), told.sides);
    let value = |of| Column::of_field(field).map_or(Cow::Borrowed(""), |column| shown.raw(of, column));
    cells
        .text(identifier(told, user))
        .text(shown.name(sides.user(user)))
        .text(record_id(told, record))
        .text(field.text())
        .text(what)
        .text(field.owner().text())
        .text(value(sides.record(record)))
        .text(value(sides.user(user)))
        .text(told.plan.rows[user as usize].outcome.text());
}

pub(super) fn branches<'a>(
    told: &'a PlanTold<'a>,
    look: &'a Look,
    footer: &str,
) -> Result<Sheet<'a>, XlsxError> {
    let columns = [
        text("Rostering branch", 28.0),
        number("Service users", 10.0),
        text("ACP branch", 28.0),
        text("ACP service", 24.0),
        number("ACP records", 10.0),
        text("How they compare", 50.0),
        text("Exactly as written", 44.0),
        yellow("Correct name", 28.0),
    ];
    let places = &told.plan.places;
    let mut sheet = Sheet::new("Branches", footer, look)?;
    let is_unused = |it: &&AcpBranch| places.branch(&it.name).is_none();
    let of_rostering = places.branches.iter().map(Place::Rostering);
    let of_acp = places.acp.iter().filter(is_unused).map(Place::Acp);
    let all = of_rostering.chain(of_acp).take(super::MOST_ROWS).collect();
    let rows = Rows::new(all, |place, cells| match *place {
        Place::Rostering(branch) => rostering_branch(told, branch, cells),
        Place::Acp(branch) => acp_branch(branch, cells),
    });
    sheet.table(&columns, 1, rows)?;
    Ok(sheet)
}

enum Place<'a> {
    Rostering(&'a Branch),
    Acp(&'a AcpBranch),
}

fn rostering_branch(told: &PlanTold<'_>, branch: &Branch, cells: &mut Cells<'_>) {
    let (name, compare) = match (&branch.service, &branch.near) {
        (Some(_), _) => (&branch.name[..], "The same to the character.".to_owned()),
        (None, _) if branch.is_made => {
            ("", "Not in ACP yet; the integration makes it (setting new_branch).".to_owned())
        }
        (None, Some(near)) => {
            (&near.name[..], format!("Not in ACP. The nearest name differs {}.", near.differs.text()))
        }
        (None, None) => ("", "Not in ACP, nor one that is nearly called so.".to_owned()),
    };
    let exactly = if name.is_empty() || name == branch.name {
        visible::value(&branch.name)
    } else {
        format!("{} / {}", visible::value(&branch.name), visible::value(name))
    };
    let acp = told.plan.places.acp.iter().find(|it| it.name == name);
    cells
        .text(&branch.name)
        .number(branch.n_users)
        .text(name)
        .text(acp.map_or_else(String::new, services))
        .number(acp.map_or(0, |it| it.n_records))
        .text(compare)
        .text(exactly)
        .text("");
}

fn acp_branch(branch: &AcpBranch, cells: &mut Cells<'_>) {
    cells
        .text("")
        .number(0)
        .text(&branch.name)
        .text(services(branch))
        .number(branch.n_records)
        .text("In ACP only.")
        .text(visible::value(&branch.name))
        .text("");
}

/// The services that records of a branch are in; a branch belongs to the first.
fn services(branch: &AcpBranch) -> String {
    let service =
        |(name, n): &(feed::Text, usize)| format!("{name} ({})", words::counted(*n, "record", "records"));
    match &branch.services[..] {
        [] => "unknown".to_owned(),
        [(only, _)] => only.to_string(),
        several => several.iter().map(service).collect::<Vec<_>>().join(", "),
    }
}

//! The sheets that list: causes, everybody, field changes, branches.

use super::super::{PlanTold, because, cause_does, cause_title, clears};
use super::decisions::{identifier, record_id};
use super::sheet::{Cell, Look, Sheet, number, text, yellow};
use crate::{visible, words};
use feed::Field;
use go_live::exports::Column;
use go_live::plan::{Hold, Only, Outcome, Row};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::borrow::Cow;

pub(super) fn fix_first(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
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
    let row = |(at, cause): (usize, &go_live::plan::Cause)| -> Vec<Cell> {
        vec![
            (at + 1).into(),
            cause_title(cause).into(),
            cause_does(told.shown(), cause).into(),
            clears(told.plan, cause).into(),
            if cause.is_proven { "Yes" } else { "No" }.into(),
            cause.users.len().into(),
            "".into(),
            "".into(),
        ]
    };
    let causes = told.plan.causes.iter().take(super::MOST_ROWS).enumerate().map(row);
    let n_rows = sheet.table(&columns, 2, causes)?;
    sheet.choices(7, n_rows, &["Yes", "No"], "Yes once it is put right in the system that it is about.")?;
    Ok(sheet.sheet)
}

pub(super) fn everybody(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
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
    let mut users: Vec<(u32, &Row)> = (0_u32..)
        .zip(&told.plan.rows)
        .filter(|(_, row)| all || row.outcome <= Outcome::ChangesBranch)
        .collect();
    users.sort_by_cached_key(|(user, row)| (row.outcome, told.sides.identifier(*user), *user));
    users.truncate(super::MOST_ROWS);
    let only = if all { &told.plan.acp_only[..] } else { &[] };
    let rows = users.iter().map(|&(user, row)| service_user(told, user, row));
    let onlies = only.iter().take(super::MOST_ROWS).map(|it| acp_only(told, it.record, it.why));
    let n_rows = sheet.table(&columns, 3, rows.chain(onlies))?;
    sheet.colour_outcomes(0, n_rows)?;
    Ok(sheet.sheet)
}

fn service_user(told: &PlanTold<'_>, user: u32, row: &Row) -> Vec<Cell> {
    let (shown, sides) = (told.shown(), told.sides);
    let of_record = |column: Column| {
        row.record.map_or(Cow::Borrowed(""), |record| shown.raw(sides.record(record), column))
    };
    let record = row.record.or(row.alike.map(|alike| alike.record));
    vec![
        row.outcome.text().into(),
        identifier(told, user).into(),
        shown.name(sides.user(user)).into(),
        shown.cell(sides.user(user), Column::DateOfBirth).into(),
        shown.raw(sides.user(user), Column::Branch).into(),
        row.record.map_or_else(String::new, |record| record_id(told, record)).into(),
        of_record(Column::Branch).into(),
        of_record(Column::Service).into(),
        record.map_or("", |record| shown.care(record)).into(),
        match row.hold {
            Hold::None => "",
            Hold::Held(_) => "Yes",
            Hold::Possibly(_) => "Possibly",
        }
        .into(),
        row.settled.map_or("", go_live::plan::Choice::text).into(),
        because(shown, told.plan, user).into(),
        (sides.user(user).number() as usize).into(),
    ]
}

fn acp_only(told: &PlanTold<'_>, record: u32, why: Only) -> Vec<Cell> {
    let (shown, row) = (told.shown(), told.sides.record(record));
    let hides = told.redact == super::super::Redact::All;
    let held = row.external_id().filter(|_| !hides).unwrap_or("").to_owned();
    let why = match why {
        Only::Orphan => format!(
            "It holds an external ID that no service user of the export has. The integration does not touch it and never \
             removes it. [{}]",
            feed::Clause::Case4.code()
        ),
        Only::NoIdentifier => "It holds no external ID. The integration does not touch it.".to_owned(),
        Only::NotInUse => "It is inactive or archived. The integration does not touch it.".to_owned(),
    };
    vec![
        Outcome::AcpOnly.text().into(),
        held.into(),
        shown.name(row).into(),
        shown.cell(row, Column::DateOfBirth).into(),
        "".into(),
        record_id(told, record).into(),
        shown.raw(row, Column::Branch).into(),
        shown.raw(row, Column::Service).into(),
        shown.care(record).into(),
        "".into(),
        "".into(),
        why.into(),
        (row.number() as usize).into(),
    ]
}

pub(super) fn changes(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
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
    let of = |(user, row): (u32, &'_ Row)| -> Vec<Vec<Cell>> {
        let written = row.changes.iter().map(|field| (field, "Overwritten"));
        let kept = row.kept.iter().map(|field| (field, "Kept: ACP has its own"));
        let unfit = row.unfit.iter().map(|field| (field, "Left: not fit for the field"));
        let all = written.chain(kept).chain(unfit);
        all.map(|(field, what)| change(told, user, row, field, what)).collect()
    };
    let mut users: Vec<(u32, &Row)> =
        (0_u32..).zip(&told.plan.rows).filter(|(_, row)| row.record.is_some()).collect();
    users.sort_by_cached_key(|(user, row)| (row.outcome, told.sides.identifier(*user), *user));
    sheet.table(&columns, 2, users.into_iter().flat_map(of).take(super::MOST_ROWS))?;
    Ok(sheet.sheet)
}

fn change(told: &PlanTold<'_>, user: u32, row: &Row, field: Field, what: &str) -> Vec<Cell> {
    let (shown, sides) = (told.shown(), told.sides);
    let value = |of| Column::of_field(field).map_or(Cow::Borrowed(""), |column| shown.raw(of, column));
    let record = row.record.unwrap_or(0);
    vec![
        identifier(told, user).into(),
        shown.name(sides.user(user)).into(),
        record_id(told, record).into(),
        field.text().into(),
        what.into(),
        field.owner().text().into(),
        value(sides.record(record)).into(),
        value(sides.user(user)).into(),
        row.outcome.text().into(),
    ]
}

pub(super) fn branches(told: &PlanTold<'_>, look: &Look, footer: &str) -> Result<Worksheet, XlsxError> {
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
    let acp = |name: &str| places.acp.iter().find(|it| it.name == name);
    let mut sheet = Sheet::new("Branches", footer, look)?;
    let of_rostering = places.branches.iter().map(|branch| -> Vec<Cell> {
        let (name, compare) = match (&branch.service, &branch.near) {
            (Some(_), _) => (branch.name.to_string(), "The same to the character.".to_owned()),
            (None, _) if branch.is_made => {
                (String::new(), "Not in ACP yet; the integration makes it (setting new_branch).".to_owned())
            }
            (None, Some(near)) => (
                near.name.to_string(),
                format!("Not in ACP. The nearest name differs {}.", near.differs.text()),
            ),
            (None, None) => (String::new(), "Not in ACP, nor one that is nearly called so.".to_owned()),
        };
        let exactly = if name.is_empty() || name == branch.name {
            visible::value(&branch.name)
        } else {
            format!("{} / {}", visible::value(&branch.name), visible::value(&name))
        };
        vec![
            branch.name.to_string().into(),
            branch.n_users.into(),
            name.clone().into(),
            acp(&name).map_or_else(String::new, services).into(),
            acp(&name).map_or(0, |it| it.n_records).into(),
            compare.into(),
            exactly.into(),
            "".into(),
        ]
    });
    let is_unused = |it: &&go_live::plan::AcpBranch| places.branch(&it.name).is_none();
    let of_acp = places.acp.iter().filter(is_unused).map(|branch| -> Vec<Cell> {
        vec![
            "".into(),
            0.into(),
            branch.name.to_string().into(),
            services(branch).into(),
            branch.n_records.into(),
            "In ACP only.".into(),
            visible::value(&branch.name).into(),
            "".into(),
        ]
    });
    sheet.table(&columns, 1, of_rostering.chain(of_acp).take(super::MOST_ROWS))?;
    Ok(sheet.sheet)
}

/// The services that records of a branch are in; a branch belongs to the first.
fn services(branch: &go_live::plan::AcpBranch) -> String {
    let service =
        |(name, n): &(feed::Text, usize)| format!("{name} ({})", words::counted(*n, "record", "records"));
    match &branch.services[..] {
        [] => "unknown".to_owned(),
        [(only, _)] => only.to_string(),
        several => several.iter().map(service).collect::<Vec<_>>().join(", "),
    }
}

//! Asks the reference engine what the first full update does: plants ACP's records, delivers what rostering holds, and
//! reads the reply. **Nothing here decides anything about a service user**: there is no second estimator to drift.

use super::branches::Places;
use super::inputs::View;
use super::keys::{Keys, trimmed};
use super::sets::{FieldSet, SettingSet};
use crate::exports::{CareHistory, Column, Export, Origin, Status};
use acp::{Acp, Call, CareKind, Note, Planted, Receipt, RecordId, Reply};
use feed::{
    Clause, ExternalId, Field, Fields, IdentifierMatching, ServiceUser, Setting, Text, Timestamp, Update,
    UpdateKind, date_in_london,
};
use jiff::{SignedDuration, ToSpan as _};
use rayon::prelude::*;

/// What the engine did with one service user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) kind: Kind,
    /// Written over in ACP.
    pub(crate) changes: FieldSet,
    /// Sent, and ACP's own value stands.
    pub(crate) kept: FieldSet,
    /// Sent, and not fit for the field.
    pub(crate) unfit: FieldSet,
    pub(crate) settings: SettingSet,
    /// The clause under which a move waits for Support.
    pub(crate) held: Option<Clause>,
    /// The record is inactive or archived, and stays so.
    pub(crate) is_not_active: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Created,
    /// A record of the export.
    Matched(u32),
    /// A record that another service user of this file had made a moment before.
    MatchedNew,
    Refused(Refused),
    /// Ended, and ACP has no record: none is made.
    Ended,
    /// Not sent, as somebody decided.
    LeftOut,
}

/// Why ACP refuses a service user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    NoIdentifier,
    NoBranch,
    /// ACP has no branch of this name.
    UnknownBranch,
    UnknownService,
    /// Several records hold the identifier: all of them, in the order of ACP's own IDs.
    Several(Vec<u32>),
    /// In the engine's words.
    Otherwise(Box<str>),
}

impl Decided {
    pub(crate) fn new(kind: Kind) -> Decided {
        Decided {
            kind,
            changes: FieldSet::default(),
            kept: FieldSet::default(),
            unfit: FieldSet::default(),
            settings: SettingSet::default(),
            held: None,
            is_not_active: false,
        }
    }
}

/// What the engine does with everybody, by row of the rostering export.
pub(crate) fn decide(view: View<'_>, places: &Places, users: &Keys, records: &Keys) -> Vec<Decided> {
    let mut all = vec![Decided::new(Kind::LeftOut); view.sides.rostering.n_rows()];
    for (user, it) in decide_parts(view, places, users, records) {
        all[user as usize] = it;
    }
    all
}

/// What the engine does with these service users, where no records but these could meet them.
pub(crate) fn decide_subset(
    view: View<'_>,
    places: &Places,
    users: &[u32],
    records: &[u32],
) -> Vec<(u32, Decided)> {
    let (users, records) = (Keys::of_these_users(view, users), Keys::of_these_records(view, records));
    decide_parts(view, places, &users, &records)
}

fn decide_parts(view: View<'_>, places: &Places, users: &Keys, records: &Keys) -> Vec<(u32, Decided)> {
    let parts = users.parts(records);
    parts
        .into_par_iter()
        .with_max_len(1)
        .flat_map_iter(|(users, records)| decide_part(view, places, &users, &records))
        .collect()
}

/// Nobody here can meet anybody who is not.
fn decide_part(view: View<'_>, places: &Places, users: &[u32], records: &[u32]) -> Vec<(u32, Decided)> {
    let mut acp = planted(view, places, records);
    let receipt = deliver(&mut acp, view.sides.set_up.first_sync, update(view, places, users));
    read(view, places, users, records, receipt)
}

/// ACP on the day before the first sync, as far as these records go.
pub(crate) fn planted(view: View<'_>, places: &Places, records: &[u32]) -> Acp {
    let at = view.sides.set_up.first_sync;
    let before = at.checked_sub(SignedDuration::from_hours(24)).unwrap_or(at);
    let mut acp = Acp::default();
    let records = records.iter().map(|&record| plant(view, places, record)).collect();
    let (settings, services) = (view.sides.set_up.settings, places.services.clone());
    acp.answer(before, Call::SetUp(acp::SetUp { settings, services, records }));
    acp
}

pub(crate) fn deliver(acp: &mut Acp, at: Timestamp, update: Update) -> Receipt {
    match acp.answer(at, Call::Receive(update)) {
        Reply::Received(receipt) => receipt,
        _ => unreachable!("an update is answered by a receipt"),
    }
}

/// A record of the export as it stands before the first sync. What nobody knows to be free of care may hold some.
fn plant(view: View<'_>, places: &Places, record: u32) -> Planted {
    let row = view.sides.record(record);
    let mut fields = row.fields();
    if fields.text(Field::Service).is_empty()
        && let Some(service) = places.service_of(fields.text(Field::Branch))
    {
        fields.set(Field::Service, service.clone());
    }
    let care = match row.care_history() {
        CareHistory::Known(false) => Vec::new(),
        CareHistory::Known(true) | CareHistory::Unknown => {
            vec![(CareKind::Note, Text::from("care history"), Vec::new())]
        }
    };
    Planted {
        origin: match row.origin() {
            Some(Origin::Integration) => acp::Origin::Integration,
            // Before a first sync whatever stands in ACP was typed in by somebody.
            Some(Origin::ByHand) | None => acp::Origin::ByHand,
        },
        external_id: Some(ExternalId::new(view.record_identifier(record))),
        status: match row.status() {
            Some(Status::Inactive) => acp::Status::Inactive,
            Some(Status::Archived) => acp::Status::Archived,
            Some(Status::Active) | None => acp::Status::Active,
        },
        fields,
        role_access: Vec::new(),
        care,
    }
}

/// The first full update, as the rostering system would make it: what is filled in and on the list of what is sent.
pub(crate) fn update(view: View<'_>, places: &Places, users: &[u32]) -> Update {
    let set_up = view.sides.set_up;
    let at = set_up.first_sync;
    Update {
        kind: UpdateKind::Full,
        system: set_up.system,
        environment: 0,
        sequence: 1,
        sent_at: at,
        branches: places.of_rostering.clone(),
        service_users: users.iter().map(|&user| service_user(view, user)).collect(),
        visits: Vec::new(),
        visits_until: at,
    }
}

fn service_user(view: View<'_>, user: u32) -> ServiceUser {
    let row = view.sides.user(user);
    let settings = &view.sides.set_up.settings;
    let is_carried = |field: Field| {
        let is_managed = field != Field::NhsNumber || settings.managed_demographics.nhs_number;
        (field.is_sent() && is_managed) || field == Field::Service
    };
    let mut fields = Fields::with_capacity(16);
    for (field, text) in row.filled().filter(|(field, _)| is_carried(*field)) {
        let text = if field == Field::Branch { Text::from(view.branch(user)) } else { Text::from(text) };
        fields.set(field, text);
    }
    if has_ended_without_a_date(view, user) {
        fields.set(Field::EndDate, ended_by_then(view));
    }
    ServiceUser { external_id: ExternalId::new(view.identifier(user)), fields, requirements: Vec::new() }
}

/// Terminated in rostering, and the export does not say when.
fn has_ended_without_a_date(view: View<'_>, user: u32) -> bool {
    let row = view.sides.user(user);
    row.status().is_some_and(|status| status != Status::Active) && row.or_empty(Column::EndDate).is_empty()
}

/// A day that has come at the first sync. *Assumed*: who is terminated has an end date in rostering, in the past.
fn ended_by_then(view: View<'_>) -> Text {
    let today = date_in_london(view.sides.set_up.first_sync);
    Text::from(today.saturating_sub(1.day()).to_string())
}

fn read(
    view: View<'_>,
    places: &Places,
    users: &[u32],
    records: &[u32],
    receipt: Receipt,
) -> Vec<(u32, Decided)> {
    let planted = |id: RecordId| records.get(id.0 as usize - 1).copied();
    let unknown = unknown_fields(view.sides.acp);
    let decisions = users.iter().zip(receipt.decisions);
    let one = |(&user, decision): (&u32, acp::Decision)| {
        let mut decided = Decided::new(Kind::Created);
        match decision.outcome {
            acp::Outcome::Created { notes, .. } => take_notes(&mut decided, notes),
            acp::Outcome::Matched { record, changes, notes } => {
                decided.kind = planted(record).map_or(Kind::MatchedNew, Kind::Matched);
                for change in &changes {
                    decided.changes.add(change.field);
                }
                take_notes(&mut decided, notes);
            }
            acp::Outcome::Refused(refusal) => {
                if let Some(setting) = refusal.setting {
                    decided.settings.add(setting);
                }
                decided.kind = Kind::Refused(refused(view, places, user, records, refusal));
            }
            acp::Outcome::NotCreated => decided.kind = Kind::Ended,
            // There is one update, so nothing newer came before it.
            acp::Outcome::Older(record) => {
                decided.kind = planted(record).map_or(Kind::MatchedNew, Kind::Matched);
            }
        }
        decided.changes = decided.changes.without(unknown);
        decided.kept = decided.kept.without(unknown);
        if has_ended_without_a_date(view, user) {
            decided.changes.remove(Field::EndDate);
        }
        (user, decided)
    };
    decisions.map(one).collect()
}

/// Fields that ACP's export has no column for: whether they change cannot be told. Branch and service are placed all the
/// same.
pub(crate) fn unknown_fields(acp: &Export) -> FieldSet {
    let mut unknown = FieldSet::default();
    for field in Column::ALL.iter().filter(|column| !acp.has(**column)).filter_map(|column| column.field()) {
        if !matches!(field, Field::Branch | Field::Service) {
            unknown.add(field);
        }
    }
    unknown
}

fn take_notes(decided: &mut Decided, notes: impl IntoIterator<Item = Note>) {
    for note in notes {
        match note {
            Note::Held { because, .. } => {
                decided.held = Some(because);
                if because == Clause::Pub4 {
                    decided.settings.add(Setting::ServiceMove);
                }
            }
            Note::Kept { field, setting, .. } => {
                decided.kept.add(field);
                decided.settings.add(setting);
            }
            Note::Unfit { field, .. } => decided.unfit.add(field),
            Note::NotActive => decided.is_not_active = true,
            Note::EndDateDecided { .. } => decided.settings.add(Setting::EndDate),
            Note::CarePlans { .. } => {}
        }
    }
}

/// Which refusal it is. The engine's own sentence speaks of records by numbers that nobody knows here.
fn refused(view: View<'_>, places: &Places, user: u32, records: &[u32], refusal: acp::Refusal) -> Refused {
    let branch = view.branch(user);
    match refusal.clause {
        Clause::Sync3 => Refused::NoIdentifier,
        Clause::Pub3 if branch.trim().is_empty() => Refused::NoBranch,
        Clause::Pub3 if places.service_of(&branch).is_none() => Refused::UnknownBranch,
        Clause::Pub3 => Refused::UnknownService,
        Clause::Dup4 => Refused::Several(holders(view, user, records)),
        _ => Refused::Otherwise(refusal.why.into()),
    }
}

/// The records that hold the identifier of a service user.
fn holders(view: View<'_>, user: u32, records: &[u32]) -> Vec<u32> {
    let identifier = view.identifier(user);
    let is_same = |record: &u32| is_same_identifier(view, view.record_identifier(*record), &identifier);
    let mut holders: Vec<u32> = records.iter().copied().filter(is_same).collect();
    holders.sort_by_key(|&record| (view.sides.record(record).record_id(), record));
    holders
}

/// Whether the engine takes two identifiers for one.
pub(crate) fn is_same_identifier(view: View<'_>, one: &str, other: &str) -> bool {
    match view.sides.set_up.settings.identifier_matching {
        IdentifierMatching::Exact => one == other,
        IdentifierMatching::EndsTrimmed => trimmed(one) == trimmed(other),
    }
}

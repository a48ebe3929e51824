//! What crosses HTTP, and nothing else: every request and every answer of the published contract. **These are not the
//! domain's types**: each is turned into them and out of them here, so that the contract can stay as it is when the
//! domain moves. Names in snake_case, moments in ISO 8601 with an offset, lengths of time in ISO 8601, identifiers
//! always texts. An unknown field is refused.

mod act;
mod control;
mod fields;
mod received;
mod record;
mod rostering;
mod update;
mod word;

pub use act::{Account, Act, Action, Actor, CareNumber, Done, NewCare, Place, Refusal};
pub use control::{
    CallShown, Calls, Capability, Case, CaseKind, ClockMode, ClockShown, ConnectorSetUp, Deliveries,
    EnvironmentSetUp, Event, Events, Fault, FaultKind, FaultShown, Lacks, MoveClock, NewCase, SeatShown,
    Until, WorldSetUp, WorldShown,
};
pub use fields::Fields;
pub(crate) use fields::OfText;
pub use received::{
    Accepted, BranchOutcome, Change, Decision, HeldMove, Note, Outcome, Receipt, VisitOutcome,
};
pub use record::{
    Activity, By, CareItem, Entry, History, KeptContact, Newest, Record, RecordChanges, Records, RoleAccess,
    Slot, Stamp, VisitHeld,
};
pub use rostering::{
    BranchesShown, Command, Edited, EnvironmentShown, Happened, NewVisit, Order, Person, PersonPut,
    PlannedVisit, RosteringChanges, ServiceUsers, Suspension, Visits,
};
pub use update::{Planted, PlantedCare, Requirement, Service, ServiceUser, Settings, Update, Upsert, Visit};
pub(crate) use word::snake;
pub use word::{
    CareKind, Clause, FieldName, HistoryOf, Length, Origin, SettingName, Status, System, UpdateKind,
    VisitState, VisitStatus,
};

/// Each turned into the other side's type.
pub(crate) fn each<A, B: From<A>, C: FromIterator<B>>(all: impl IntoIterator<Item = A>) -> C {
    all.into_iter().map(B::from).collect()
}

/// Each as a text of the wire.
pub(crate) fn strings<'a, T: AsRef<str> + 'a>(all: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    all.into_iter().map(|it| it.as_ref().to_owned()).collect()
}

/// Each as a text of the domain.
pub(crate) fn texts(all: Vec<String>) -> Vec<feed::Text> {
    all.into_iter().map(feed::Text::from).collect()
}

pub(crate) fn text(it: Option<String>) -> Option<feed::Text> {
    it.map(feed::Text::from)
}

pub(crate) fn string(it: Option<&feed::Text>) -> Option<String> {
    it.map(feed::Text::to_string)
}

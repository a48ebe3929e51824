//! What ACP keeps about a service user. Ownership is a type: what an update may touch is [`Synced`], what it
//! may not is [`Local`]. Knows nothing of how either comes to change.

use crate::write::clause_of_first;
use feed::{Clause, ExternalId, Field, Fields, Text, Timestamp, Visit, VisitId};
use std::fmt;
use thin_vec::ThinVec;

/// ACP's own key for a record, from 1, in order of creation. Never used again after a deletion. A foreign
/// engine's keys are numbered in the order in which they were first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

impl RecordId {
    /// The ID `n` records later.
    pub(crate) fn plus(self, n: usize) -> RecordId {
        let n = u32::try_from(n).expect("four thousand million records do not fit in memory");
        RecordId(self.0 + n)
    }

    /// How many records after `first` it comes; none where it comes before.
    pub(crate) fn since(self, first: RecordId) -> Option<usize> {
        usize::try_from(self.0.checked_sub(first.0)?).ok()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}", self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Made by the integration.
    Integration,
    /// Made by hand in ACP.
    ByHand,
}

/// A record is archived after it was made inactive; archived means read-only to people. Article 11905026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Active,
    Inactive,
    Archived,
}

impl Status {
    pub const fn text(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Inactive => "inactive",
            Status::Archived => "archived",
        }
    }
}

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// The integration, with update number `sequence` of environment `environment`.
    Integration {
        environment: u8,
        sequence: u32,
    },
    TenantAdministrator,
    BranchAdministrator,
    CareStaff,
    Support,
    ImplementationTeam,
}

impl By {
    pub const fn is_integration(self) -> bool {
        matches!(self, By::Integration { .. })
    }
}

/// When a value was set, by whom, under which clause. Instants are kept to the millisecond.
///
/// There is one for every value of every record, so it is packed into 20 bytes: the instant stands in two
/// halves, which need no more alignment than the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    at_high: i32,
    at_low: u32,
    pub by: By,
    pub clause: Clause,
}

impl Stamp {
    pub fn new(at: Timestamp, by: By, clause: Clause) -> Stamp {
        let [h1, h2, h3, h4, l1, l2, l3, l4] = at.as_millisecond().to_be_bytes();
        let at_high = i32::from_be_bytes([h1, h2, h3, h4]);
        let at_low = u32::from_be_bytes([l1, l2, l3, l4]);
        Stamp { at_high, at_low, by, clause }
    }

    pub fn at(self) -> Timestamp {
        let at_ms = (i64::from(self.at_high) << 32) | i64::from(self.at_low);
        Timestamp::from_millisecond(at_ms).expect("made from a timestamp")
    }

    /// The same moment and hand, under another clause.
    pub(crate) const fn under(self, clause: Clause) -> Stamp {
        Stamp { clause, ..self }
    }
}

/// The value that a field has now. An empty value is one that was taken away: the stamp says by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'a> {
    pub field: Field,
    pub value: &'a Text,
    pub set: Stamp,
}

/// The fields of a record, in the order of [`Field::ALL`]: name, demographics, contact details, address,
/// branch and service. The only part of a record that an update can reach.
///
/// Most values stay as they were when the record was made, so their stamps are not kept one by one: `made` and
/// the field say them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Synced {
    pub(crate) values: Fields,
    made: Stamp,
    /// Of the fields that were set later, in their order.
    pub(crate) later: ThinVec<(Field, Stamp)>,
}

impl Synced {
    /// The values that a record is made with.
    pub(crate) fn new(made: Stamp, values: Fields) -> Synced {
        Synced { values, made, later: ThinVec::new() }
    }

    /// As a foreign engine shows them: each value with its own stamp. `made` is when the record was made.
    pub fn from_slots(made: Stamp, slots: impl IntoIterator<Item = (Field, Text, Stamp)>) -> Synced {
        let mut synced = Synced::new(made, Fields::new());
        for (field, value, set) in slots {
            synced.values.set(field, value);
            synced.later.retain(|(it, _)| *it != field);
            synced.later.push((field, set));
        }
        synced.later.sort_by_key(|(field, _)| *field);
        synced
    }

    pub fn slot(&self, field: Field) -> Option<Slot<'_>> {
        self.values.get(field).map(|value| Slot { field, value, set: self.set(field) })
    }

    /// The value, or "" where there is none.
    pub fn text(&self, field: Field) -> &str {
        self.values.text(field)
    }

    pub fn slots(&self) -> impl ExactSizeIterator<Item = Slot<'_>> {
        self.values.iter().map(|(field, value)| Slot { field, value, set: self.set(field) })
    }

    pub fn values(&self) -> &Fields {
        &self.values
    }

    fn set(&self, field: Field) -> Stamp {
        match self.later.binary_search_by_key(&field, |(it, _)| *it) {
            Ok(idx) => self.later[idx].1,
            Err(_) => self.made.under(clause_of_first(field, self.made.by)),
        }
    }

    /// Given and family name with one space between, or whichever there is.
    pub fn full_name(&self) -> String {
        self.values.full_name()
    }
}

/// What ACP keeps for itself: no update reaches it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Local {
    /// Groups and users that may see the record, in the order in which they were granted.
    pub role_access: ThinVec<(Text, Stamp)>,
    /// Care plans, forms, notes, documents and visit history, in the order in which they were added.
    pub care: ThinVec<CareItem>,
    /// ACP's own contact details that a merge brought and for which the field was taken.
    pub also: ThinVec<KeptContact>,
}

/// A contact detail kept beside the field that it could not stand in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeptContact {
    pub field: Field,
    pub value: Text,
    pub from: RecordId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CareKind {
    CarePlan,
    Form,
    Note,
    Document,
    /// A visit that was carried out.
    VisitHistory,
}

impl CareKind {
    pub const ALL: &'static [CareKind] =
        &[CareKind::CarePlan, CareKind::Form, CareKind::Note, CareKind::Document, CareKind::VisitHistory];

    /// The plural, as files and reports write it.
    pub const fn text(self) -> &'static str {
        match self {
            CareKind::CarePlan => "care plans",
            CareKind::Form => "forms",
            CareKind::Note => "notes",
            CareKind::Document => "documents",
            CareKind::VisitHistory => "visit history",
        }
    }
}

/// One thing of care that can be counted. `number` is unique in the tenant and stays with the item for ever,
/// wherever it is moved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CareItem {
    pub number: u32,
    pub kind: CareKind,
    pub title: Text,
    /// The ACP service that holds it. A move between services does not take it along by itself.
    pub service: Text,
    pub added: Stamp,
    /// Of a care plan only.
    pub activities: Vec<Activity>,
    /// The service requirement behind a care plan that the integration made (Care Rostering only).
    pub requirement: Option<Text>,
    /// When a care plan ended. Article 11065162. It is kept, with its activities.
    pub ended: Option<Stamp>,
}

impl CareItem {
    /// Whether it counts as care data in the sense of MOVE-1. A care plan that the integration made and in
    /// which nobody has put an activity does not. *Assumed.*
    pub fn is_care_data(&self) -> bool {
        !(self.kind == CareKind::CarePlan && self.added.by.is_integration() && self.activities.is_empty())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Activity {
    pub number: u32,
    pub title: Text,
    pub added: Stamp,
}

/// A visit as ACP shows it on a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitHeld {
    pub visit: Visit,
    pub state: VisitState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitState {
    Planned,
    /// Carried out. Kept, whatever rostering says later.
    Done,
}

/// A move that waits for Support. The record stays where it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeldMove {
    pub to_branch: Text,
    pub to_service: Text,
    pub since: Stamp,
}

/// Something whose earlier values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracked {
    Field(Field),
    ExternalId,
    Status,
    RoleAccess,
}

impl Tracked {
    pub const fn text(self) -> &'static str {
        match self {
            Tracked::Field(field) => field.text(),
            Tracked::ExternalId => "external id",
            Tracked::Status => "status",
            Tracked::RoleAccess => "role access",
        }
    }
}

/// A value that something had or has, and how it came to be. An empty value says that it was taken away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub what: Tracked,
    pub value: Text,
    pub set: Stamp,
}

/// What ACP keeps about one service user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub id: RecordId,
    pub origin: Origin,
    pub created: Stamp,
    pub external_id: Option<ExternalId>,
    pub external_id_set: Stamp,
    /// Identifiers of records that Support merged into this one: they lead here.
    pub aliases: ThinVec<ExternalId>,
    pub status: Status,
    pub status_set: Stamp,
    /// Where the record went when Support merged it. It matches nothing from then on.
    pub merged_into: Option<RecordId>,
    pub synced: Synced,
    pub local: Local,
    pub visits: ThinVec<VisitHeld>,
    pub held: Option<Box<HeldMove>>,
    /// The environment and number of the newest update that was applied: an older one of the same environment
    /// changes nothing.
    pub newest: Option<(u8, u32)>,
    /// Earlier values, oldest first. The present ones stand in `synced`, `external_id` and `status`. Role
    /// access stands here whole: each time it changed, the list as it was from then on.
    pub past: ThinVec<Entry>,
}

impl Record {
    /// An active record that nothing has happened to yet.
    pub(crate) fn new(
        id: RecordId,
        (origin, created): (Origin, Stamp),
        (external_id, external_id_set): (Option<ExternalId>, Stamp),
        values: Fields,
    ) -> Record {
        Record {
            id,
            origin,
            created,
            external_id,
            external_id_set,
            aliases: ThinVec::new(),
            status: Status::Active,
            status_set: created,
            merged_into: None,
            synced: Synced::new(created, values),
            local: Local::default(),
            visits: ThinVec::new(),
            held: None,
            newest: None,
            past: ThinVec::new(),
        }
    }

    pub fn branch(&self) -> &str {
        self.synced.text(Field::Branch)
    }

    pub fn service(&self) -> &str {
        self.synced.text(Field::Service)
    }

    /// Whether care has started and records exist (MOVE-1).
    pub fn has_care_data(&self) -> bool {
        self.local.care.iter().any(CareItem::is_care_data)
    }

    pub fn count(&self, kind: CareKind) -> usize {
        self.local.care.iter().filter(|item| item.kind == kind).count()
    }

    pub fn n_activities(&self) -> usize {
        self.local.care.iter().map(|item| item.activities.len()).sum()
    }

    pub fn visit(&self, id: &VisitId) -> Option<&VisitHeld> {
        self.visits.iter().find(|held| held.visit.id == *id)
    }

    /// Every value that it had, oldest first, the present one last. Role access is a list, its names with a
    /// comma between them.
    pub fn history(&self, what: Tracked) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.past.iter().filter(|entry| entry.what == what).cloned().collect();
        let present = match what {
            Tracked::Field(field) => self.synced.slot(field).map(|slot| (slot.value.clone(), slot.set)),
            Tracked::ExternalId => match &self.external_id {
                Some(id) => Some((id.as_str().into(), self.external_id_set)),
                None if entries.is_empty() => None,
                None => Some((Text::new(), self.external_id_set)),
            },
            Tracked::Status => Some((self.status.text().into(), self.status_set)),
            Tracked::RoleAccess => None,
        };
        entries.extend(present.map(|(value, set)| Entry { what, value, set }));
        entries
    }
}

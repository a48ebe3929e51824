//! From what the engine does with a service user, and who else they look like, to one outcome and why. The first that
//! applies, in the order of [`Outcome`]. What people decided stands before what was guessed.

use super::branches::Places;
use super::decisions::{Choice, Settled};
use super::engine::{Decided, Kind, Refused, is_same_identifier};
use super::inputs::View;
use super::listed;
use super::outcome::Outcome;
use super::row::{Alike, Hold, Row, Why};
use super::sets::FieldSet;
use crate::exports::{CareHistory, Column, Status};
use crate::lookalike::{Certainty, Joined, Links, Trust};
use feed::{Clause, Field};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// All that is known about everybody.
pub(crate) struct Known<'a> {
    pub(crate) view: View<'a>,
    pub(crate) places: &'a Places,
    pub(crate) links: &'a Links,
    /// Where the links of a service user begin, and those that share an identifier: one more than there are rows.
    pub(crate) links_at: &'a [u32],
    pub(crate) joined_at: &'a [u32],
    pub(crate) same_identifier: &'a FxHashMap<u32, u32>,
    pub(crate) listed_twice: &'a FxHashMap<u32, u32>,
    pub(crate) settled: &'a BTreeMap<u32, Settled>,
}

/// Where what is in the order of service users begins for each of them.
pub(crate) fn offsets(users: impl Iterator<Item = u32>, n_users: usize) -> Vec<u32> {
    let mut at = vec![0_u32; n_users + 1];
    for user in users {
        at[user as usize + 1] += 1;
    }
    for user in 0..n_users {
        at[user + 1] += at[user];
    }
    at
}

/// What there is of one service user.
fn of_user<'a, T>(all: &'a [T], at: &[u32], user: u32) -> &'a [T] {
    &all[at[user as usize] as usize..at[user as usize + 1] as usize]
}

pub(crate) fn classify(known: &Known<'_>, user: u32, decided: &Decided) -> Row {
    let settled = known.settled.get(&user);
    let record = match decided.kind {
        Kind::Matched(record) => Some(record),
        _ => None,
    };
    let joined = record.and_then(|record| known.joined(user, record));
    let alike = known.alike(user, record, settled);
    let (outcome, why) = known.outcome(user, decided, joined, alike, settled);
    Row {
        outcome,
        why,
        record,
        joined: joined.map(|it| it.pattern),
        alike,
        hold: known.hold(record, decided),
        changes: decided.changes,
        kept: decided.kept,
        unfit: decided.unfit,
        settings: decided.settings,
        settled: settled.map(|it| it.choice),
    }
}

impl Known<'_> {
    fn outcome(
        &self,
        user: u32,
        decided: &Decided,
        joined: Option<&Joined>,
        alike: Option<Alike>,
        settled: Option<&Settled>,
    ) -> (Outcome, Why) {
        let is_open = settled.is_none_or(|it| !it.choice.settles());
        let record = match &decided.kind {
            Kind::LeftOut => return (Outcome::NoChange, Why::LeftOut),
            Kind::Refused(refused) => return (Outcome::CannotBeSent, Why::Refused(refused.clone())),
            Kind::Matched(record) => Some(*record),
            Kind::Created | Kind::MatchedNew | Kind::Ended => None,
        };
        let partner = self.same_identifier.get(&user).copied();
        if is_open {
            if let Some(other) = partner.filter(|&other| !self.is_one_person(user, other)) {
                return (Outcome::MayOverwrite, Why::IdentifierOnTwo { other });
            }
            if joined.is_some_and(|it| it.reads_as_another_person() && !self.is_only_a_rival(it)) {
                return (Outcome::MayOverwrite, Why::IdentifierOnAnother);
            }
        }
        if decided.kind == Kind::Ended {
            return (Outcome::NoChange, Why::HasEnded);
        }
        let doubt = match settled.map(|it| it.choice) {
            None | Some(Choice::NotSure) => self.doubt(user, record, alike, partner),
            // That they are not one record's person says nothing about another record.
            Some(Choice::DifferentPeople) => self.looks_alike(record, alike),
            Some(Choice::SamePerson | Choice::LeaveOut) => None,
        };
        if let Some(doubt) = doubt {
            return doubt;
        }
        if is_open && record.is_some() && decided.is_not_active && !self.has_ended(user) {
            return (Outcome::NeedsDecision, Why::RecordNotActive);
        }
        if decided.held.is_some() || moves(decided.changes) {
            (Outcome::ChangesBranch, Why::Moves)
        } else if decided.kind == Kind::Created {
            (Outcome::Created, Why::Created)
        } else if decided.changes.is_empty() {
            (Outcome::NoChange, Why::NoChange)
        } else {
            (Outcome::Updated, Why::Updated)
        }
    }

    /// Whether somebody is, or may be, in ACP or in rostering twice.
    fn doubt(
        &self,
        user: u32,
        record: Option<u32>,
        alike: Option<Alike>,
        partner: Option<u32>,
    ) -> Option<(Outcome, Why)> {
        let twin = self.listed_twice.get(&user).copied().filter(|_| record.is_none());
        if let Some(other) = twin
            && alike.is_none_or(|it| self.leads_to(other, it.record))
        {
            return Some((Outcome::NeedsDecision, Why::ListedTwice { other }));
        }
        if let Some(doubt) = self.looks_alike(record, alike) {
            return Some(doubt);
        }
        let other = partner.filter(|&other| !self.says_the_same(user, other))?;
        Some((Outcome::NeedsDecision, Why::SameIdentifierTwice { other }))
    }

    /// Whether there is a record beside the one that the identifier leads to. One that is no longer in use is how Support
    /// leaves a duplicate.
    fn looks_alike(&self, record: Option<u32>, alike: Option<Alike>) -> Option<(Outcome, Why)> {
        let alike = alike.filter(|it| record.is_none() || self.is_in_use(it.record))?;
        Some(match (record, alike.certainty) {
            (None, Certainty::Likely) => (Outcome::LikelyDuplicate, Why::WillHaveTwoRecords),
            (None, Certainty::Doubtful) => (Outcome::NeedsDecision, Why::MayHaveARecord),
            (Some(_), Certainty::Likely) => (Outcome::LikelyDuplicate, Why::HasTwoRecords),
            (Some(_), Certainty::Doubtful) => (Outcome::NeedsDecision, Why::MayHaveTwoRecords),
        })
    }

    /// Whether the identifier of a service user is the one that a record holds.
    fn leads_to(&self, user: u32, record: u32) -> bool {
        let (held, sent) = (self.view.record_identifier(record), self.view.identifier(user));
        is_same_identifier(self.view, held, &sent)
    }

    /// Whether a record looks like somebody else's only because the same person stands in rostering twice.
    fn is_only_a_rival(&self, it: &Joined) -> bool {
        let row = |user: u32| self.view.sides.rostering.for_lookalikes(user as usize);
        let twin = self.same_identifier.get(&it.a).or_else(|| self.listed_twice.get(&it.a));
        let record = self.view.sides.acp.for_lookalikes(it.b as usize);
        twin.is_some_and(|&twin| self.is_one_person(it.a, twin)) && listed::is_one_person(&row(it.a), &record)
    }

    fn joined(&self, user: u32, record: u32) -> Option<&Joined> {
        of_user(&self.links.joined, self.joined_at, user).iter().find(|it| it.b == record)
    }

    /// The record beside the one that the identifier leads to that is, or may be, the same person.
    fn alike(&self, user: u32, record: Option<u32>, settled: Option<&Settled>) -> Option<Alike> {
        let links = of_user(&self.links.links, self.links_at, user);
        let link = links.iter().find(|link| Some(link.b) != record)?;
        let is_rejected = settled.is_some_and(|it| it.rejects(link.b));
        // The record that the identifier leads to is no rival: both may be the same person's.
        let is_likely =
            record.is_some() && link.is_strong() && !matches!(self.links.trust, Trust::Refused(_));
        let certainty = if is_likely { Certainty::Likely } else { link.certainty };
        let alike = Alike { record: link.b, weight: link.weight, pattern: link.pattern, certainty };
        (!is_rejected).then_some(alike)
    }

    /// Whether a move is held, or may be: nobody can tell where care history or services are not known.
    fn hold(&self, record: Option<u32>, decided: &Decided) -> Hold {
        let (Some(record), Some(because)) = (record, decided.held) else { return Hold::None };
        let row = self.view.sides.record(record);
        let is_certain = self.places.services_are_known
            && (because != Clause::Move1 || row.care_history() != CareHistory::Unknown);
        if is_certain { Hold::Held(because) } else { Hold::Possibly(because) }
    }

    fn is_in_use(&self, record: u32) -> bool {
        self.view.sides.record(record).status().is_none_or(|status| status == Status::Active)
    }

    fn has_ended(&self, user: u32) -> bool {
        let row = self.view.sides.user(user);
        let today = feed::date_in_london(self.view.sides.set_up.first_sync);
        row.status().is_some_and(|status| status != Status::Active)
            || row.date(Column::EndDate).is_some_and(|ends| ends <= today)
    }

    fn is_one_person(&self, user: u32, other: u32) -> bool {
        let row = |user: u32| self.view.sides.rostering.for_lookalikes(user as usize);
        self.says_the_same(user, other) || listed::is_one_person(&row(user), &row(other))
    }

    fn says_the_same(&self, user: u32, other: u32) -> bool {
        self.view.sides.user(user).filled().eq(self.view.sides.user(other).filled())
    }
}

/// Whether a record goes to another branch or service.
pub(crate) fn moves(changes: FieldSet) -> bool {
    changes.has(Field::Branch) || changes.has(Field::Service)
}

impl Refused {
    /// Whether somebody has to put it right in rostering, rather than in ACP.
    pub const fn is_for_rostering(&self) -> bool {
        !matches!(self, Refused::Several(_))
    }
}

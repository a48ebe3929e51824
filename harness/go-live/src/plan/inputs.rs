//! What a plan is made from: two exports, how the integration is set up, and what people have decided. Nothing is
//! copied and nothing is read; a cell is looked up where the reader put it.

use crate::exports::{Column, Export, ExportRow};
use feed::{Settings, System, Text, Timestamp};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How the integration is set up, beside the two files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetUp {
    pub settings: Settings,
    pub system: System,
    /// Put before identifiers and branch names of rostering. Article 14723235.
    pub prefix: String,
    pub first_sync: Timestamp,
    /// Branches that ACP has although no record of the export is in them, with their service if it is known.
    pub more_branches: Vec<(Text, Option<Text>)>,
}

/// Both sides as the first sync meets them.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    pub rostering: &'a Export,
    pub acp: &'a Export,
    pub set_up: &'a SetUp,
}

/// What is different from the files: decided by people, or tried out as a cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overlay {
    /// Identifiers as sent, by service user.
    pub(crate) identifiers: FxHashMap<u32, Text>,
    /// Branch names as sent, by what they are instead.
    pub(crate) branches: BTreeMap<Text, Text>,
    /// What ACP's records hold, by record; none takes the identifier away.
    pub(crate) record_identifiers: FxHashMap<u32, Option<Text>>,
    /// Service users who are not sent.
    pub(crate) left_out: FxHashSet<u32>,
}

/// Both sides with what is different.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) sides: Sides<'a>,
    pub(crate) overlay: &'a Overlay,
}

impl<'a> Sides<'a> {
    pub fn user(self, at: u32) -> ExportRow<'a> {
        self.rostering.row(at as usize)
    }

    pub fn record(self, at: u32) -> ExportRow<'a> {
        self.acp.row(at as usize)
    }

    /// The identifier of a service user as it is sent: with the prefix, if there is one.
    pub fn identifier(self, user: u32) -> Cow<'a, str> {
        let raw = self.user(user).external_id().unwrap_or("");
        let prefix = &self.set_up.prefix;
        // A prefix makes no identifier of nothing.
        if prefix.is_empty() || raw.trim().is_empty() { raw.into() } else { format!("{prefix}{raw}").into() }
    }

    /// A branch name of rostering as it is sent.
    pub fn branch(self, user: u32) -> Cow<'a, str> {
        let raw = self.user(user).or_empty(Column::Branch);
        let prefix = &self.set_up.prefix;
        if prefix.is_empty() || raw.is_empty() { raw.into() } else { format!("{prefix}{raw}").into() }
    }
}

impl<'a> View<'a> {
    pub(crate) fn identifier(self, user: u32) -> Cow<'a, str> {
        match self.overlay.identifiers.get(&user) {
            Some(text) => text.as_str().into(),
            None => self.sides.identifier(user),
        }
    }

    pub(crate) fn branch(self, user: u32) -> Cow<'a, str> {
        let sent = self.sides.branch(user);
        match self.overlay.branches.get(sent.as_ref()) {
            Some(instead) => instead.as_str().into(),
            None => sent,
        }
    }

    pub(crate) fn record_identifier(self, record: u32) -> &'a str {
        match self.overlay.record_identifiers.get(&record) {
            Some(instead) => instead.as_deref().unwrap_or(""),
            None => self.sides.record(record).external_id().unwrap_or(""),
        }
    }
}

//! What to put right first: causes, each with the service users whom it clears. Every number is proven by planning again
//! with the fix applied; a cause that cannot be applied says so. Whether two rows are one person is never decided here:
//! identifiers are put right only where names, dates of birth and the rest have said that it is one person.

use super::branches::{Near, Places};
use super::classify::{Known, classify};
use super::engine::{Refused, decide_subset};
use super::inputs::{Overlay, View};
use super::keys::{Keys, key};
use super::outcome::{Counts, Outcome};
use super::row::{Row, Why};
use crate::lookalike::{Certainty, Change, changes};
use feed::Text;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub kind: CauseKind,
    /// Whom it is about, in the order of the rostering export.
    pub users: Vec<u32>,
    /// How many of each outcome go over to one that does not stop the go-live.
    pub clears: Counts,
    /// How many go over to one that does: a fix that makes something worse says so.
    pub makes: Counts,
    /// Whether the plan was made again with the fix applied. Else nobody knows the right value, and nothing is counted.
    pub is_proven: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    /// Rostering's name is nearly one that ACP has.
    RenameBranch {
        from: Text,
        to: Text,
    },
    /// ACP has no such branch, nor one that is nearly called so.
    AddBranch {
        name: Text,
    },
    /// ACP lacks so many names that another column was probably taken for the branch.
    WrongColumn {
        n_names: usize,
    },
    /// Identifiers that nearly agree, all in the same way.
    Identifiers {
        changes: Vec<Change>,
        lacks: Lacks,
        prefix: Text,
        example: (Text, Text),
    },
    /// Service users without an identifier.
    NoIdentifier,
    NoBranch,
    NoService,
    /// Several records hold one identifier.
    SharedByRecords,
    /// Two people hold one identifier in rostering.
    SharedByUsers,
    Otherwise,
}

/// Which side's identifiers lack what the other's have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacks {
    Rostering,
    Acp,
    /// They differ, and none is the shorter one.
    Neither,
}

/// A fix, to be tried.
struct Fix {
    kind: CauseKind,
    users: Vec<u32>,
    overlay: Overlay,
    new_branch: Option<Text>,
}

/// Finds the causes and proves them. Those that clear most come first.
pub(crate) fn causes(known: &Known<'_>, rows: &[Row], users: &Keys, records: &Keys) -> Vec<Cause> {
    let ((by_branch, by_hand), of_identifiers) = rayon::join(
        || rayon::join(|| refused_by_branch(known, rows), || by_hand(rows)),
        || identifier_fixes(known, rows),
    );
    let wrong_column = (by_branch.len() > MOST_BRANCHES).then(|| wrong_column(&by_branch));
    let mut fixes = if wrong_column.is_none() { branch_fixes(known, by_branch) } else { Vec::new() };
    fixes.extend(of_identifiers);
    let mut causes: Vec<Cause> =
        fixes.into_par_iter().with_max_len(1).map(|fix| prove(known, rows, [users, records], fix)).collect();
    causes.extend(by_hand);
    causes.extend(wrong_column);
    causes
        .sort_by_cached_key(|it| (Reverse(it.clears.n_stopping()), Reverse(it.users.len()), it.kind.clone()));
    causes
}

/// Service users by the branch for which ACP refuses them.
fn refused_by_branch(known: &Known<'_>, rows: &[Row]) -> BTreeMap<Text, Vec<u32>> {
    let mut by_branch: BTreeMap<Text, Vec<u32>> = BTreeMap::new();
    for (user, row) in (0..).zip(rows) {
        if row.why == Why::Refused(Refused::UnknownBranch) {
            by_branch.entry(Text::from(known.view.branch(user))).or_default().push(user);
        }
    }
    by_branch
}

/// More names than this that ACP lacks are no branches. *Assumed*.
const MOST_BRANCHES: usize = 200;

fn wrong_column(by_branch: &BTreeMap<Text, Vec<u32>>) -> Cause {
    let mut users: Vec<u32> = by_branch.values().flatten().copied().collect();
    users.sort_unstable();
    unproven(CauseKind::WrongColumn { n_names: by_branch.len() }, users)
}

fn branch_fixes(known: &Known<'_>, by_branch: BTreeMap<Text, Vec<u32>>) -> Vec<Fix> {
    let near = |name: &Text| -> Option<&Near> {
        let at = known.places.branches.binary_search_by(|it| it.name.cmp(name)).ok()?;
        known.places.branches[at].near.as_ref()
    };
    let fix = |(name, users): (Text, Vec<u32>)| match near(&name) {
        Some(near) => Fix {
            kind: CauseKind::RenameBranch { from: name.clone(), to: near.name.clone() },
            users,
            overlay: Overlay {
                branches: BTreeMap::from([(name, near.name.clone())]),
                ..known.view.overlay.clone()
            },
            new_branch: None,
        },
        None => Fix {
            kind: CauseKind::AddBranch { name: name.clone() },
            users,
            overlay: known.view.overlay.clone(),
            new_branch: Some(name),
        },
    };
    by_branch.into_iter().map(fix).collect()
}

/// Service users who get a second record only because their identifier is written in another way, by that way.
fn identifier_fixes(known: &Known<'_>, rows: &[Row]) -> Vec<Fix> {
    type Way = (Vec<Change>, Lacks, Text);
    let way = |(user, row): (u32, &Row)| -> Option<(Way, (u32, u32))> {
        let alike = row.alike.filter(|it| it.certainty == Certainty::Likely)?;
        if row.outcome != Outcome::LikelyDuplicate || row.record.is_some() {
            return None;
        }
        let (sent, held) = (known.view.identifier(user), known.view.record_identifier(alike.record));
        if held.is_empty() {
            return None;
        }
        let changes = changes(&sent, held)?;
        let lacks = if changes.iter().any(|it| matches!(it, Change::Zeros | Change::Prefix)) {
            let (sent, held) = (sent.chars().count(), held.chars().count());
            if sent < held { Lacks::Rostering } else { Lacks::Acp }
        } else {
            Lacks::Neither
        };
        let longer = if lacks == Lacks::Rostering { held } else { sent.as_ref() };
        let prefix = if changes.contains(&Change::Prefix) { letters_in_front(longer) } else { "" };
        Some(((changes, lacks, Text::from(prefix)), (user, alike.record)))
    };
    let pairs: Vec<(Way, (u32, u32))> = (0_u32..u32::MAX).into_par_iter().zip(rows).filter_map(way).collect();
    let mut by_way: BTreeMap<Way, Vec<(u32, u32)>> = BTreeMap::new();
    for (way, pair) in pairs {
        by_way.entry(way).or_default().push(pair);
    }
    by_way.into_iter().map(|(way, pairs)| identifier_fix(known, way, &pairs)).collect()
}

fn identifier_fix(
    known: &Known<'_>,
    (changes, lacks, prefix): (Vec<Change>, Lacks, Text),
    pairs: &[(u32, u32)],
) -> Fix {
    let mut overlay = known.view.overlay.clone();
    for &(user, record) in pairs {
        overlay.record_identifiers.insert(record, Some(Text::from(known.view.identifier(user))));
    }
    let texts = |&(user, record): &(u32, u32)| {
        (Text::from(known.view.identifier(user)), Text::from(known.view.record_identifier(record)))
    };
    // The same one whatever the order of rows.
    let example = pairs.iter().map(texts).min().unwrap_or_default();
    Fix {
        kind: CauseKind::Identifiers { changes, lacks, prefix, example },
        users: pairs.iter().map(|(user, _)| *user).collect(),
        overlay,
        new_branch: None,
    }
}

fn letters_in_front(identifier: &str) -> &str {
    let digits = identifier.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    &identifier[..digits]
}

/// Plans again, with the fix applied, for everybody whom it could touch.
fn prove(known: &Known<'_>, rows: &[Row], [users, records]: [&Keys; 2], fix: Fix) -> Cause {
    let view = View { overlay: &fix.overlay, ..known.view };
    let with_branch: Places;
    let places = match &fix.new_branch {
        Some(branch) => {
            with_branch = known.places.with(branch);
            &with_branch
        }
        None => known.places,
    };
    let (touched, met) = touched(known, &fix, [users, records]);
    let fixed = Known { view, places, ..*known };
    let mut cause = Cause {
        kind: fix.kind,
        users: fix.users,
        clears: Counts::default(),
        makes: Counts::default(),
        is_proven: true,
    };
    for (user, decided) in decide_subset(view, places, &touched, &met) {
        let (before, after) = (rows[user as usize].outcome, classify(&fixed, user, &decided).outcome);
        match (before.stops_go_live(), after.stops_go_live()) {
            (true, false) => cause.clears.add(before, 1),
            (false, true) => cause.makes.add(after, 1),
            _ => {}
        }
    }
    cause
}

/// The service users whom a fix could touch, and the records that they could meet, before or after it.
fn touched(known: &Known<'_>, fix: &Fix, [users, records]: [&Keys; 2]) -> (Vec<u32>, Vec<u32>) {
    let before = &known.view.overlay.record_identifiers;
    let changed = fix.overlay.record_identifiers.iter().filter(|(it, to)| before.get(it) != Some(to));
    let mut met: Vec<u32> = changed.map(|(record, _)| *record).collect();
    let of_users = fix.users.par_iter().filter_map(|&user| key(&known.view.identifier(user)));
    let of_records = met.par_iter().filter_map(|&record| key(known.view.record_identifier(record)));
    let keys = each_once(of_users.chain(of_records).collect());
    let mut touched = fix.users.clone();
    touched.par_extend(keys.par_iter().flat_map_iter(|&key| users.rows_with(key)));
    met.par_extend(keys.par_iter().flat_map_iter(|&key| records.rows_with(key)));
    (each_once(touched), each_once(met))
}

/// In order.
fn each_once(mut rows: Vec<u32>) -> Vec<u32> {
    rows.par_sort_unstable();
    rows.dedup();
    rows
}

/// What only somebody who knows the right value can put right.
fn by_hand(rows: &[Row]) -> Vec<Cause> {
    let kind = |why: &Why| match why {
        Why::Refused(Refused::NoIdentifier) => Some(CauseKind::NoIdentifier),
        Why::Refused(Refused::NoBranch) => Some(CauseKind::NoBranch),
        Why::Refused(Refused::UnknownService) => Some(CauseKind::NoService),
        Why::Refused(Refused::Several(_)) => Some(CauseKind::SharedByRecords),
        Why::Refused(Refused::Otherwise(_)) => Some(CauseKind::Otherwise),
        Why::IdentifierOnTwo { .. } => Some(CauseKind::SharedByUsers),
        _ => None,
    };
    let mut by_kind: BTreeMap<CauseKind, Vec<u32>> = BTreeMap::new();
    for (user, row) in (0..).zip(rows) {
        if let Some(kind) = kind(&row.why) {
            by_kind.entry(kind).or_default().push(user);
        }
    }
    by_kind.into_iter().map(|(kind, users)| unproven(kind, users)).collect()
}

fn unproven(kind: CauseKind, users: Vec<u32>) -> Cause {
    Cause { kind, users, clears: Counts::default(), makes: Counts::default(), is_proven: false }
}

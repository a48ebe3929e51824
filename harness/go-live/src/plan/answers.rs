//! Decisions as they come back from people, and which of them can be used: what clashes, is stale, was altered, is not sure
//! or blank is named, and nothing of it is applied. Knows no workbook.

use super::check::shared;
use super::decisions::{Choice, Settled};
use super::inputs::Sides;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row as somebody filled it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `row 17`.
    pub place: String,
    /// Names the service user; none where it is no number any more.
    pub key: Option<u64>,
    /// What the service user and the record said when the question was asked.
    pub user_check: Option<u64>,
    pub record_check: Option<u64>,
    pub external_id: String,
    /// As typed.
    pub choice: String,
    /// ACP's ID of the record, as typed; empty where the one that was asked about is meant.
    pub record: String,
    /// The record that was asked about.
    pub asked_about: String,
    pub by: String,
    pub on: String,
    pub notes: String,
}

/// A decision that is in force, as a plan keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub external_id: String,
    /// As [`Choice::text`] has it.
    pub decision: String,
    /// ACP's ID of the record that it is about.
    pub record: String,
    pub by: String,
    pub on: String,
    pub notes: String,
    /// As 16 hexadecimal digits.
    pub key: String,
    pub check: String,
    pub record_check: String,
}

/// Something about one row that keeps it from being used, or has to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerProblem {
    pub place: String,
    pub external_id: String,
    pub kind: ProblemKind,
    /// Whole sentences.
    pub what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// Two decisions give one record to two service users.
    Clash,
    /// The row of either side says something else than when the question was asked.
    Changed,
    /// No service user or record of that name any more.
    Gone,
    /// A word that is no decision, a row whose hidden columns were altered, two answers to one question.
    Unreadable,
    NotSure,
    Blank,
}

impl ProblemKind {
    /// Fits after a number: `2 not sure`.
    pub const fn text(self) -> &'static str {
        match self {
            ProblemKind::Clash => "in a clash",
            ProblemKind::Changed => "changed",
            ProblemKind::Gone => "gone",
            ProblemKind::Unreadable => "not understood",
            ProblemKind::NotSure => "not sure",
            ProblemKind::Blank => "blank",
        }
    }
}

/// What can be used of the answers, and what cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    pub settled: BTreeMap<u32, Settled>,
    /// In the order of the answers.
    pub decisions: Vec<Decision>,
    pub problems: Vec<AnswerProblem>,
    pub n_read: usize,
    /// Every question that there was an answer to, blank ones too.
    pub asked: FxHashSet<u64>,
}

struct Index<'a> {
    sides: Sides<'a>,
    users: FxHashMap<u64, u32>,
    records: FxHashMap<&'a str, u32>,
}

/// Works out which service user and which record each answer is about.
pub fn resolve(sides: Sides<'_>, answers: &[Answer]) -> Resolved {
    let mut resolved = Resolved { n_read: answers.len(), ..Resolved::default() };
    if answers.is_empty() {
        return resolved;
    }
    let index = Index::of(sides);
    let mut places: FxHashMap<u32, &Answer> = FxHashMap::default();
    for answer in answers {
        resolved.asked.extend(answer.key);
        match index.understand(answer) {
            Ok((user, _)) if places.contains_key(&user) => {
                let what = format!(
                    "{} is about the same service user. Take one of them out.",
                    capital(&places[&user].place)
                );
                resolved.problems.push(problem(answer, ProblemKind::Unreadable, what));
            }
            Ok((user, settled)) => {
                places.insert(user, answer);
                resolved.settled.insert(user, settled);
                if settled.choice == Choice::NotSure {
                    let notes = if answer.notes.trim().is_empty() {
                        String::new()
                    } else {
                        format!(" Notes: {}", answer.notes.trim())
                    };
                    resolved.problems.push(problem(
                        answer,
                        ProblemKind::NotSure,
                        format!("Nobody was sure yet.{notes}"),
                    ));
                }
                resolved.decisions.push(index.decision(answer, user, settled));
            }
            Err((kind, what)) => resolved.problems.push(problem(answer, kind, what)),
        }
    }
    drop_clashes(&mut resolved, &index, &places);
    resolved.problems.sort_by_key(|it| it.kind);
    resolved
}

/// Takes both sides of every clash out: which of them is right is not for us to say.
fn drop_clashes(resolved: &mut Resolved, index: &Index<'_>, places: &FxHashMap<u32, &Answer>) {
    let mut by_record: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&user, settled) in &resolved.settled {
        if let (Choice::SamePerson, Some(record)) = (settled.choice, settled.record) {
            by_record.entry(record).or_default().push(user);
        }
    }
    for (record, users) in by_record.into_iter().filter(|(_, users)| users.len() > 1) {
        for &user in &users {
            let other =
                users.iter().find(|it| **it != user).map_or("another row", |it| places[it].place.as_str());
            let what = format!(
                "You chose record {}, which {other} also chose. Two service users cannot share one record. Change one.",
                index.record_id(record)
            );
            resolved.problems.push(problem(places[&user], ProblemKind::Clash, what));
            resolved.settled.remove(&user);
        }
        let keys: FxHashSet<String> = users.iter().filter_map(|user| places[user].key).map(hex).collect();
        resolved.decisions.retain(|it| !keys.contains(&it.key));
    }
}

impl<'a> Index<'a> {
    fn of(sides: Sides<'a>) -> Index<'a> {
        let n = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
        let shared = shared(sides);
        let users =
            (0..n(sides.rostering.n_rows())).map(|user| (sides.user_key(user, shared.contains(&user)), user));
        let mut records = FxHashMap::default();
        for record in 0..n(sides.acp.n_rows()) {
            if let Some(id) = sides.record(record).record_id() {
                records.entry(id.trim()).or_insert(record);
            }
        }
        Index { sides, users: users.collect(), records }
    }

    fn understand(&self, answer: &Answer) -> Result<(u32, Settled), (ProblemKind, String)> {
        let Some(key) = answer.key else {
            let what = "The hidden columns of this row were altered, so nobody can tell whom it is about. Decide it in a \
                        fresh workbook.";
            return Err((ProblemKind::Unreadable, what.to_owned()));
        };
        let Some(&user) = self.users.get(&key) else {
            let what =
                "The rostering export has no such service user any more. Nothing is decided about them.";
            return Err((ProblemKind::Gone, what.to_owned()));
        };
        if answer.choice.trim().is_empty() {
            return Err((ProblemKind::Blank, "No decision yet.".to_owned()));
        }
        let Some(choice) = Choice::from_text(&answer.choice) else {
            let words: Vec<String> = Choice::ALL.iter().map(|it| format!("\"{}\"", it.text())).collect();
            let what = format!("{:?} is no decision. There are {}.", answer.choice.trim(), words.join(", "));
            return Err((ProblemKind::Unreadable, what));
        };
        let record = self.record(answer)?;
        self.unchanged(answer, user)?;
        if choice == Choice::SamePerson && record.is_none() {
            let what = "Same person as which record? Fill in \"ACP record to use\".";
            return Err((ProblemKind::Unreadable, what.to_owned()));
        }
        Ok((user, Settled { choice, record }))
    }

    fn record(&self, answer: &Answer) -> Result<Option<u32>, (ProblemKind, String)> {
        let typed =
            if answer.record.trim().is_empty() { answer.asked_about.trim() } else { answer.record.trim() };
        if typed.is_empty() {
            return Ok(None);
        }
        match self.records.get(typed) {
            Some(&record) => Ok(Some(record)),
            None => Err((ProblemKind::Gone, format!("The ACP export has no record {typed:?}."))),
        }
    }

    /// Whether both rows still say what they said when the question was asked.
    fn unchanged(&self, answer: &Answer, user: u32) -> Result<(), (ProblemKind, String)> {
        let asked_about = self.records.get(answer.asked_about.trim());
        let user_changed = answer.user_check.is_some_and(|check| check != self.sides.user_check(user));
        let record_changed = match (asked_about, answer.record_check) {
            (Some(&record), Some(check)) => check != self.sides.record_check(record),
            _ => false,
        };
        let place = match (user_changed, record_changed) {
            (false, false) => return Ok(()),
            (true, false) => "in the rostering system",
            (false, true) => "in ACP",
            (true, true) => "in both systems",
        };
        Err((
            ProblemKind::Changed,
            format!("This row was changed {place} after the workbook was made. Look again."),
        ))
    }

    fn record_id(&self, record: u32) -> &'a str {
        self.sides.record(record).record_id().unwrap_or("")
    }

    fn decision(&self, answer: &Answer, user: u32, settled: Settled) -> Decision {
        let record = settled.record;
        Decision {
            external_id: self.sides.identifier(user).into_owned(),
            decision: settled.choice.text().to_owned(),
            record: record.map_or("", |record| self.record_id(record)).to_owned(),
            by: answer.by.trim().to_owned(),
            on: answer.on.trim().to_owned(),
            notes: answer.notes.trim().to_owned(),
            key: answer.key.map(hex).unwrap_or_default(),
            check: hex(self.sides.user_check(user)),
            record_check: record.map(|record| hex(self.sides.record_check(record))).unwrap_or_default(),
        }
    }
}

/// A decision of an earlier plan as an answer, to be looked at again.
impl From<&Decision> for Answer {
    fn from(decision: &Decision) -> Answer {
        let number = |text: &str| u64::from_str_radix(text, 16).ok();
        Answer {
            place: "an earlier decision".to_owned(),
            key: number(&decision.key),
            user_check: number(&decision.check),
            record_check: number(&decision.record_check),
            external_id: decision.external_id.clone(),
            choice: decision.decision.clone(),
            record: decision.record.clone(),
            asked_about: decision.record.clone(),
            by: decision.by.clone(),
            on: decision.on.clone(),
            notes: decision.notes.clone(),
        }
    }
}

fn problem(answer: &Answer, kind: ProblemKind, what: String) -> AnswerProblem {
    AnswerProblem { place: answer.place.clone(), external_id: answer.external_id.clone(), kind, what }
}

fn hex(check: u64) -> String {
    format!("{check:016x}")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

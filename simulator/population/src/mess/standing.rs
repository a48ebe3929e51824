//! What else the two systems say of somebody: branch, service, status, dates, care. Drawn from streams of its own, so that
//! it changes nothing of what look-alikes are measured on.

use super::{Exported, Flaw, Mess, N_BRANCHES, Place};
use crate::branches;
use crate::draw::{About, Draw};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// The other columns of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// As this system has it. With mess, rostering has other branches for a few people than ACP, and writes one branch in
    /// another way.
    pub branch: String,
    /// Of ACP: a branch belongs to one service.
    pub service: &'static str,
    pub status: &'static str,
    pub is_archived: bool,
    pub started: Date,
    pub ended: Option<Date>,
    /// Of ACP: the integration made the record, not a person.
    pub by_integration: bool,
    /// Of ACP: how many care plans, notes and visits there are.
    pub n_care: u32,
}

/// The day on which both exports were made. *Assumed*: a fixed one, so that a seed gives the same files in any year.
pub const EXPORTED_ON: Date = date(2026, 3, 2);

const SERVICES: &[&str] = &["Home care", "Home care", "Extra care", "Supported living"];

/// Of 1000 people, where there is mess: in another branch than ACP has.
const ELSEWHERE: u32 = 30;

/// Names the branches of one customer, and says what each row has beside demographics.
#[derive(Debug)]
pub struct Standings {
    mess: Mess,
    is_messy: bool,
    names: Vec<String>,
    /// Which branch rostering writes in another way.
    misspelt: usize,
}

impl Standings {
    pub fn new(mess: &Mess, is_messy: bool) -> Standings {
        let names: Vec<String> =
            branches(mess.people_seed, N_BRANCHES).iter().map(ToString::to_string).collect();
        let misspelt = Draw::new(mess.seed, About::Seed, 9).below(N_BRANCHES) as usize;
        Standings { mess: mess.clone(), is_messy, names, misspelt }
    }

    /// What rostering says of a row of its export.
    pub fn in_rostering(&self, row: &Exported) -> Standing {
        let mut draw = self.draw(row, 1);
        let mut standing = self.usual(row, &mut draw);
        if !self.is_messy {
            return standing;
        }
        let idx = self.idx(&row.branch);
        let moved = draw.below(1000) < ELSEWHERE;
        let idx = if moved { (idx + 7) % self.names.len() } else { idx };
        standing.branch.clone_from(&self.names[idx]);
        if idx == self.misspelt {
            standing.branch = in_another_way(&standing.branch);
        }
        match draw.below(100) {
            0..4 => {
                standing.status = "Terminated";
                standing.ended = Some(EXPORTED_ON.saturating_sub(i64::from(1 + draw.below(300)).days()));
            }
            4..6 => standing.status = "On hold",
            _ => {}
        }
        standing
    }

    /// What ACP says of a row of its export.
    pub fn in_acp(&self, row: &Exported) -> Standing {
        let is_second = row.flaws.has(Flaw::SecondRecord);
        let mut draw = self.draw(row, if is_second { 3 } else { 2 });
        let mut standing = self.usual(row, &mut draw);
        standing.by_integration = self.is_messy && !row.identifier.is_empty() && draw.percent(30);
        let has_care = draw.percent(if is_second { 10 } else { 60 });
        standing.n_care = if has_care { 1 + draw.below(400) } else { 0 };
        if !self.is_messy {
            return standing;
        }
        let is_acp_only = Place::of(&self.mess, row.person) == Place::Acp;
        let (inactive, archived) = if is_acp_only { (30, 60) } else { (3, 5) };
        match draw.below(100) {
            drawn if drawn < inactive => standing.status = "Inactive",
            drawn if drawn < archived => {
                standing.status = "Inactive";
                standing.is_archived = true;
            }
            _ => {}
        }
        standing
    }

    fn draw(&self, row: &Exported, stream: u64) -> Draw {
        let seed = self.mess.seed.wrapping_mul(5).wrapping_add(stream) ^ 0x7374_616e_6469_6e67;
        Draw::new(seed, About::Person, row.person)
    }

    fn usual(&self, row: &Exported, draw: &mut Draw) -> Standing {
        Standing {
            branch: row.branch.clone(),
            service: SERVICES[self.idx(&row.branch) % SERVICES.len()],
            status: "Active",
            is_archived: false,
            started: EXPORTED_ON.saturating_sub(i64::from(30 + draw.below(2000)).days()),
            ended: None,
            by_integration: false,
            n_care: 0,
        }
    }

    fn idx(&self, branch: &str) -> usize {
        self.names.iter().position(|name| name == branch).unwrap_or(0)
    }
}

/// As somebody else would write the name of a branch.
fn in_another_way(name: &str) -> String {
    let shorter =
        [(" North", " Nth"), (" South", " Sth"), (" Central", " Ctrl"), (" East", " E"), (" West", " W")];
    match shorter.iter().find(|(long, _)| name.ends_with(long)) {
        Some((long, short)) => name.replace(long, short),
        None => format!("{name} office"),
    }
}

//! One delivery from a rostering system to ACP, and the parts it is made of.

use crate::{Fields, Text, Unfit};
use jiff::Timestamp;
use std::fmt;

/// The rostering system's own key for a service user: the only thing that records are matched on. Kept
/// exactly as sent, spaces, zeros and case included. It may be blank; ACP refuses those.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(Text);

impl ExternalId {
    pub fn new(raw: impl Into<Text>) -> ExternalId {
        ExternalId(raw.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without white space and invisible characters (U+FEFF, U+200B to U+200D, U+2060) at both ends; used
    /// only for comparing, and only under `identifier_matching: ends_trimmed`.
    pub fn trimmed(&self) -> &str {
        self.0.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
        })
    }

    /// Nothing in it that a person could see.
    pub fn is_blank(&self) -> bool {
        let begins_plainly = self.0.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        !begins_plainly && self.trimmed().is_empty()
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The rostering system's own key for a visit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(Text);

impl VisitId {
    pub fn new(raw: impl Into<Text>) -> VisitId {
        VisitId(raw.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An NHS number: ten digits, the last of them a check digit by modulus 11 (NHS Data Dictionary). 0 to
/// 9,999,999,999, leading zeros kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// Reads ten digits, with spaces or hyphens between them if need be.
    pub fn read(raw: &str) -> Result<NhsNumber, Unfit> {
        let mut digits = [0; 10];
        let mut n_digits = 0;
        for c in raw.chars() {
            match c {
                ' ' | '-' => {}
                '0'..='9' => {
                    if n_digits < 10 {
                        digits[n_digits] = c as u8 - b'0';
                    }
                    n_digits += 1;
                }
                _ => {
                    return Err(Unfit {
                        what: "not an NHS number: it holds something other than digits".into(),
                        instead: "write ten digits, as 999 000 0018",
                    });
                }
            }
        }
        if n_digits != 10 {
            return Err(Unfit {
                what: format!("not an NHS number: it has {n_digits} digits, not 10"),
                instead: "write ten digits, as 999 000 0018",
            });
        }
        if NhsNumber::check_digit(&digits[..9]) != Some(digits[9]) {
            return Err(Unfit {
                what: "not an NHS number: its check digit is wrong".into(),
                instead: "compare it with the source: a digit is wrong or two are swapped",
            });
        }
        Ok(NhsNumber(digits))
    }

    /// The check digit of nine digits, or none where modulus 11 gives 10. Weights 10 to 2, 11 minus the
    /// remainder, 11 counts as 0 (NHS Data Dictionary).
    pub fn check_digit(nine: &[u8]) -> Option<u8> {
        let sum: u32 =
            nine.iter().zip((2..=10).rev()).map(|(&digit, weight)| u32::from(digit) * weight).sum();
        match 11 - sum % 11 {
            11 => Some(0),
            10 => None,
            digit => u8::try_from(digit).ok(),
        }
    }

    /// Ten digits, nothing between them.
    pub fn digits(self) -> Text {
        self.0.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// Whether it is in the range 999 000 0000 to 999 999 9999, which is kept for tests and never issued.
    pub fn is_synthetic(self) -> bool {
        self.0[..3] == [9, 9, 9]
    }
}

/// Which product a rostering system is. What differs between them is in `rostering`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    #[default]
    PeoplePlanner,
    CareRostering,
    Other,
}

impl System {
    pub const ALL: &'static [System] = &[System::PeoplePlanner, System::CareRostering, System::Other];

    /// As files write it.
    pub const fn text(self) -> &'static str {
        match self {
            System::PeoplePlanner => "people planner",
            System::CareRostering => "care rostering",
            System::Other => "other",
        }
    }

    /// As reports and support cases name it.
    pub const fn title(self) -> &'static str {
        match self {
            System::PeoplePlanner => "Access People Planner",
            System::CareRostering => "Access Care Rostering",
            System::Other => "another rostering system",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateKind {
    /// Every 15 minutes.
    Partial,
    /// Every 1440 minutes.
    Full,
}

/// A service user as one update describes them. `fields` holds what was sent and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceUser {
    pub external_id: ExternalId,
    pub fields: Fields,
    /// Visit patterns of a service order (Care Rostering only). Article 11065162.
    pub requirements: Vec<Requirement>,
}

/// A service requirement: ACP keeps a care plan for each. Article 11065162.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    pub id: Text,
    pub name: Text,
}

/// One planned occurrence, as an update describes it. `starts` and `ends` are instants, UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visit {
    pub id: VisitId,
    pub service_user: ExternalId,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// The employee, where one is allocated.
    pub employee: Option<Text>,
    /// The requirement that the visit belongs to (Care Rostering only).
    pub requirement: Option<Text>,
}

/// What one rostering environment delivers at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub kind: UpdateKind,
    pub system: System,
    /// Which environment sent it: its place in the scenario's list, from 0.
    pub environment: u8,
    /// Counts the updates of one environment, from 1, strictly upwards; never a clock.
    pub sequence: u32,
    pub sent_at: Timestamp,
    /// Branches that rostering has, by name, in order. ACP may create what it lacks (setting `new_branch`).
    pub branches: Vec<Text>,
    pub service_users: Vec<ServiceUser>,
    /// Every planned visit of this environment that starts from `sent_at` (included) to `visits_until`
    /// (included): what ACP holds in that span and does not find here is withdrawn.
    pub visits: Vec<Visit>,
    pub visits_until: Timestamp,
}

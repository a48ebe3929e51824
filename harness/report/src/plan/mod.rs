//! Tells a plan: the terminal's summary, the JSON document, the sentences that a workbook and a page use too. Works
//! nothing out that the plan does not hold; personal data goes through [`Shown`], which leaves out what it has to.

mod after;
mod json;
mod mapping;
mod morning;
mod row_text;
mod scenario;
mod shown;
mod since;
mod summary;
mod why;
mod workbook;

pub use after::{After, plan_after};
pub use json::{OnlyDocument, PlanDocument, RowDocument, plan_document, plan_number, read_plan};
pub use mapping::plan_mapping;
pub use morning::plan_morning;
pub use scenario::{plan_scenario, plan_scenario_of};
pub use shown::{Redact, Shown};
pub use since::{Since, plan_since};
pub use summary::{PlanShow, plan_plain, plan_summary, rows_text};
pub use why::{because, cause_does, cause_title, clears};
pub use workbook::{DECISIONS, asked_about, plan_workbook};

use feed::Timestamp;
use go_live::plan::{Plan, Sides};

/// A plan with what belongs to it.
#[derive(Clone, Copy)]
pub struct PlanTold<'a> {
    pub sides: Sides<'a>,
    pub plan: &'a Plan,
    /// As the user wrote it; may be empty.
    pub customer: &'a str,
    /// `7f3c-91ab`.
    pub number: &'a str,
    pub made_at: Timestamp,
    pub redact: Redact,
}

impl<'a> PlanTold<'a> {
    pub fn shown(&self) -> Shown<'a> {
        Shown { sides: self.sides, redact: self.redact }
    }
}

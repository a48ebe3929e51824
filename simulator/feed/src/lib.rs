//! Carries: what crosses the wire between a rostering system and ACP, and the words both share.
//!
//! **`feed` decides nothing.** It does not know what ACP does with an update, nor how a rostering system
//! came to send it. It has no clock, and it never changes a text on its way: an external identifier with
//! a space at its end is one of the faults that this project exists to show.

mod clause;
mod field;
mod settings;
mod time;
mod update;

pub use clause::Clause;
pub use ecow::EcoString as Text;
pub use field::{Field, Fields, Owner, Unfit};
pub use jiff::Timestamp;
pub use settings::{
    AbsentField, ContactDetails, Deletion, EndDate, IdentifierMatching, ManagedDemographics, NearTerm,
    NewBranch, PartialCarries, ServiceMove, Setting, Settings,
};
pub use time::{
    FAR_WINDOW, FULL_EVERY, FULL_HORIZON_DAYS, NEAR_TERM, NEAR_WINDOW, PARTIAL_EVERY, PARTIAL_HORIZON_DAYS,
    PARTIAL_TAKES_AT_MOST, becomes_near_term, date_in_london, is_near_term, london, month,
};
pub use update::{
    ExternalId, NhsNumber, Requirement, ServiceUser, System, Update, UpdateKind, Visit, VisitId,
};

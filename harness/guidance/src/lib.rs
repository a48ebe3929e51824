//! Advises: what is going on with a service user or record, which clause says so, what to do, what not to do, until
//! when to wait, and whether a support case is due.
//!
//! **Guidance never asks the engine.** It reads what anybody can see of both systems ([`Scene`]), so that it is the
//! same for somebody else's engine. It acts on nothing and repairs nothing.

mod advice;
mod before;
mod case;
mod due;
mod find;
mod index;
mod parts;
mod person;
mod say;
mod scene;
mod standing;
mod words;

pub use advice::{Advice, CaseDraft, CaseFact, Situation, Warning};
pub use person::fold;
pub use scene::{
    Confirmed, EnvironmentSeen, PersonSeen, RaisedCase, RecordSeen, Scene, Sight, Subject, VisitSeen,
};

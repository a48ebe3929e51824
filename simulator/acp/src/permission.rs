//! Who may do what in ACP, as one table. Knows the kind of an action, not what it does; whether the record,
//! the branch or a setting stands in the way is for whoever carries it out.

use crate::{Action, Actor, Refusal};
use feed::Clause;

/// Whether a kind of actor may do something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    Yes,
    /// Only with records of the actor's own branches.
    Own,
    No,
}

struct Permission {
    /// What it is, as a refusal says it.
    to: &'static str,
    /// In the order of [`WHO`].
    may: [May; 5],
    /// What a refusal points to.
    clause: Clause,
}

/// The columns of the table, as a refusal names them.
const WHO: [&str; 5] = [
    "a Tenant Administrator",
    "a Branch Administrator in their own branches",
    "care staff",
    "the implementation team",
    "Support",
];

/// The table. That Support moves, merges and sets data right, and what a Tenant Administrator changes:
/// article 14300960. Branches: 11930673. Inactive and archived: 11905026. The rest is *assumed*.
const fn permission<R>(action: &Action<R>) -> Permission {
    use Clause::{Dup4, Dup6, Dup7, Dup8, Move1, Own1, Own3, Own4, Pub4, Pub9, Pub10};
    use May::{No, Own, Yes};
    match action {
        // Tenant Branch Care Implem. Support
        Action::Create(_) => row("create a record by hand", [Yes, Own, No, Yes, Yes], Dup7),
        Action::Edit { .. } => row("edit a record", [Yes, Own, No, No, Yes], Own1),
        Action::SetExternalId { .. } => row("set an external identifier", [Yes, No, No, Yes, Yes], Dup8),
        Action::GrantRole { .. } => row("grant role access", [Yes, Own, No, No, Yes], Own3),
        Action::RevokeRole { .. } => row("revoke role access", [Yes, Own, No, No, Yes], Own3),
        Action::AddCare { .. } => row("add care data", [Yes, Own, Yes, No, Yes], Own4),
        Action::AddActivity { .. } => row("add an activity to a care plan", [Yes, Own, Yes, No, Yes], Own4),
        Action::CompleteVisit { .. } => row("carry out a visit", [Yes, Own, Yes, No, Yes], Own4),
        Action::AddBranch { .. } => row("add a branch", [Yes, No, No, Yes, Yes], Pub9),
        Action::RenameBranch { .. } => row("rename a branch", [Yes, No, No, No, Yes], Pub9),
        Action::Deactivate { .. } => row("make a record inactive", [Yes, Own, No, No, Yes], Pub10),
        Action::Reactivate { .. } => row("make a record active again", [Yes, Own, No, No, Yes], Pub10),
        Action::Archive { .. } => row("archive a record", [Yes, Own, No, No, Yes], Pub10),
        Action::Unarchive { .. } => row("take a record out of the archive", [Yes, Own, No, No, Yes], Pub10),
        Action::Delete { .. } => row("delete a record", [Yes, No, No, No, Yes], Dup4),
        Action::Move { .. } => row("move a record with its care data", [No, No, No, No, Yes], Move1),
        Action::Merge { .. } => row("merge two records", [No, No, No, No, Yes], Dup6),
        Action::Datafix { .. } => row("set a field by a datafix", [No, No, No, No, Yes], Pub4),
    }
}

const fn row(to: &'static str, may: [May; 5], clause: Clause) -> Permission {
    Permission { to, may, clause }
}

impl Permission {
    const fn of(&self, actor: &Actor) -> May {
        let [tenant_administrator, branch_administrator, care_staff, implementation_team, support] = self.may;
        match actor {
            Actor::TenantAdministrator => tenant_administrator,
            Actor::BranchAdministrator(_) => branch_administrator,
            Actor::CareStaff => care_staff,
            Actor::ImplementationTeam => implementation_team,
            Actor::Support => support,
        }
    }

    /// "Only Support can", "A Tenant Administrator or Support can".
    fn who(&self) -> String {
        let may = self.may.iter().zip(WHO).filter(|(may, _)| **may != May::No);
        let names: Vec<&str> = may.map(|(_, name)| name).collect();
        match names.split_last() {
            Some((last, [])) => format!("Only {last} can"),
            Some((last, first)) => format!("{} or {last} can", capital(&first.join(", "))),
            None => "Nobody can".to_owned(),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Refuses what this kind of actor may never do.
pub(crate) fn check(actor: &Actor, action: &Action) -> Result<(), Refusal> {
    let permission = permission(action);
    if permission.of(actor) != May::No {
        return Ok(());
    }
    let mut why =
        format!("{} may not {} in ACP. {}.", capital(&with_article(actor)), permission.to, permission.who());
    if matches!(action, Action::Move { .. } | Action::Merge { .. } | Action::Datafix { .. }) {
        why.push_str(
            " Raise a case through the Access Digital Assistant and change nothing until they answer.",
        );
    }
    Err(Refusal::new(permission.clause, why))
}

fn with_article(actor: &Actor) -> String {
    match actor {
        Actor::TenantAdministrator | Actor::BranchAdministrator(_) => format!("a {}", actor.title()),
        Actor::ImplementationTeam => format!("the {}", actor.title()),
        Actor::CareStaff | Actor::Support => actor.title().to_owned(),
    }
}

/// Refuses a Branch Administrator what is in somebody else's branch.
pub(crate) fn check_branch(actor: &Actor, branch: &str) -> Result<(), Refusal> {
    let Actor::BranchAdministrator(own) = actor else { return Ok(()) };
    if own.iter().any(|it| it == branch) {
        return Ok(());
    }
    let own: Vec<String> = own.iter().map(|it| format!("{it:?}")).collect();
    let why = format!(
        "The Branch Administrator of {} may not change anything in the branch {branch:?}. Ask its own Branch \
         Administrator or a Tenant Administrator.",
        if own.is_empty() { "no branch".to_owned() } else { own.join(", ") }
    );
    Err(Refusal::new(Clause::Own7, why))
}

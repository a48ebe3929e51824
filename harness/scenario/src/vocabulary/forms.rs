//! What goes with what: an action is about one thing, and each thing has its own verbs; each fault has its own keys.

/// An action, by the key that says what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub subject: &'static str,
    /// What can be done with it: one of these. None where the subject says it all.
    pub verbs: &'static [&'static str],
    /// Keys that may stand beside it.
    pub also: &'static [&'static str],
    /// Those of `also` that must.
    pub needs: &'static [&'static str],
}

const fn alone(subject: &'static str) -> Form {
    Form { subject, verbs: &[], also: &[], needs: &[] }
}

const fn with(subject: &'static str, needs: &'static [&'static str]) -> Form {
    Form { subject, verbs: &[], also: needs, needs }
}

const fn done(subject: &'static str, verbs: &'static [&'static str]) -> Form {
    Form { subject, verbs, also: &[], needs: &[] }
}

/// What can be done with a service user in rostering. `set` and `clear` go together.
pub(crate) const WITH_SERVICE_USER: &[&str] = &[
    "set",
    "clear",
    "stop sending",
    "save",
    "change id to",
    "terminate",
    "reinstate",
    "suspend",
    "end suspension",
    "delete",
];
pub(crate) const WITH_VISIT: &[&str] = &["move to", "cancel", "restore", "give to", "delete"];
pub(crate) const WITH_ORDER: &[&str] = &["set service", "delete"];
pub(crate) const WITH_REQUIREMENT: &[&str] = &["delete"];
/// What can be done with a record in ACP. `set` and `clear` go together.
pub(crate) const WITH_RECORD: &[&str] = &[
    "set",
    "clear",
    "set external id",
    "grant role",
    "revoke role",
    "add",
    "deactivate",
    "reactivate",
    "archive",
    "unarchive",
    "delete",
    "move to",
    "datafix",
];

/// `system` goes with each.
pub const IN_ROSTERING_FORMS: &[Form] = &[
    alone("add service user"),
    alone("add visit"),
    alone("add branch"),
    with("rename branch", &["to"]),
    alone("add service order"),
    alone("add requirement"),
    done("service user", WITH_SERVICE_USER),
    done("visit", WITH_VISIT),
    done("service order", WITH_ORDER),
    done("requirement", WITH_REQUIREMENT),
];

/// `system` and `as` go with each.
pub const IN_ACP_FORMS: &[Form] = &[
    Form { subject: "service user", verbs: WITH_RECORD, also: &["leaving"], needs: &[] },
    Form { subject: "record", verbs: WITH_RECORD, also: &["leaving"], needs: &[] },
    alone("create record"),
    alone("complete visit"),
    with("add branch", &["service"]),
    with("rename branch", &["to"]),
    with("merge", &["into"]),
];

/// Each fault with the keys of its own; [`FAULT_SHARED`] go with all.
pub const FAULT_FORMS: &[Form] = &[
    alone("lose"),
    with("delay", &["by"]),
    with("repeat", &["again after"]),
    alone("reorder"),
    with("cut", &["after"]),
    with("down", &["for"]),
    Form { subject: "refuse", verbs: &[], also: &["answer", "retry after"], needs: &["answer"] },
    Form { subject: "poison", verbs: &[], also: &["service user", "system"], needs: &["service user"] },
];
pub const FAULT_SHARED: &[&str] = &["update", "from", "carrying", "times"];

/// `set` and `clear` go together: one edit.
pub(crate) fn is_edit(verb: &str, other: &str) -> bool {
    matches!((verb, other), ("set", "clear") | ("clear", "set"))
}

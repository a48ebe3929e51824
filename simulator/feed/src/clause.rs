//! The clauses of the published guidance: the project's vocabulary for what is proven, broken and untouched.
//! Each is told in the project's own words, with the number of its article. Part A is article 14300960,
//! "Managing service user records created by integration"; part B (`PUB`) is other public help articles.

macro_rules! clauses {
    ($($name:ident = $code:literal, $article:literal, $says:literal;)+) => {
        /// One clause of the published guidance.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Clause { $($name),+ }
        impl Clause {
            pub const ALL: &'static [Clause] = &[$(Clause::$name),+];
            /// As files and reports write it, for instance `SYNC-1`.
            pub const fn code(self) -> &'static str { match self { $(Clause::$name => $code),+ } }
            /// The help articles that it comes from.
            pub const fn article(self) -> &'static str { match self { $(Clause::$name => $article),+ } }
            /// What it says, in our own words.
            pub const fn says(self) -> &'static str { match self { $(Clause::$name => $says),+ } }
        }
    };
}

clauses! {
    Sync1 = "SYNC-1", "14300960", "A service user created or updated in the rostering system reaches ACP with nobody acting in ACP.";
    Sync2 = "SYNC-2", "14300960", "The record lands with the name, branch and external identifier that the rostering system set, to the character.";
    Sync3 = "SYNC-3", "14300960", "Records are matched on the external identifier, and on nothing else.";
    Sync4 = "SYNC-4", "14300960", "Where ACP has a record with that identifier, the record is updated.";
    Sync5 = "SYNC-5", "14300960", "Where ACP has no record with that identifier, a new one is created, without care history.";
    Time1 = "TIME-1", "14300960", "A record linked to a visit that starts within the next 72 hours is in ACP within 20 minutes.";
    Time2 = "TIME-2", "14300960", "Every other record is in ACP within 24 hours.";
    Branch1 = "BRANCH-1", "14300960", "The rostering system sets the branch and ACP places the record by it: wrong there is wrong here.";
    Branch2 = "BRANCH-2", "14300960", "A branch changed by hand in ACP is overwritten at the next sync.";
    Branch3 = "BRANCH-3", "14300960", "Once the branch is corrected in the rostering system, the record moves by itself at the next sync.";
    Branch4 = "BRANCH-4", "14300960", "A record that has not moved after the sync window needs a support case with the name, the current service, the correct service and the rostering system.";
    Move1 = "MOVE-1", "14300960", "Once care has started and records exist, a move between services needs Support.";
    Move2 = "MOVE-2", "14300960", "Care data does not transfer between services by itself.";
    Move3 = "MOVE-3", "14300960", "Contact Support before changing anything about such a move, or data may be lost.";
    Dup1 = "DUP-1", "14300960", "An identifier that matches no record makes a second record, typically beside one that was made by hand under another identifier.";
    Dup2 = "DUP-2", "14300960", "A sign of a duplicate: one record with care history, and a new one without, for one person.";
    Dup3 = "DUP-3", "14300960", "A sign of a duplicate: visits appear on another record than the care plan.";
    Dup4 = "DUP-4", "14300960", "Delete neither record before Support has reviewed both: deleting the wrong one removes care history.";
    Dup5 = "DUP-5", "14300960", "The support case for a duplicate gives the names, record IDs and services of both records.";
    Dup6 = "DUP-6", "14300960", "Support can merge or deactivate the duplicate without losing data.";
    Dup7 = "DUP-7", "14300960", "New service users are created in the rostering system, not in ACP, so that no duplicate arises.";
    Dup8 = "DUP-8", "14300960", "Records that exist before go-live get the right external identifier first; then the first sync updates them.";
    Own1 = "OWN-1", "14300960", "Contact details added by hand in ACP survive.";
    Own2 = "OWN-2", "14300960", "Address fields added or supplemented in ACP survive.";
    Own3 = "OWN-3", "14300960", "Role access assignments survive.";
    Own4 = "OWN-4", "14300960", "Care plan content, forms and activities survive.";
    Own5 = "OWN-5", "14300960", "Notes and documents added in ACP survive.";
    Own6 = "OWN-6", "14300960", "The name belongs to the rostering system and is overwritten.";
    Own7 = "OWN-7", "14300960", "Branch and service belong to the rostering system and are overwritten.";
    Own8 = "OWN-8", "14300960", "Date of birth and NHS number belong to the rostering system where the integration manages them.";
    Own9 = "OWN-9", "14300960", "A wrong date of birth is corrected in the rostering system; ACP follows within the sync window.";
    Case1 = "CASE-1", "14300960", "A case is due when a record was not updated after the sync window although it was corrected in the rostering system.";
    Case2 = "CASE-2", "14300960", "A case is due when a record has to move between services after care and data exist.";
    Case3 = "CASE-3", "14300960", "A case is due when two records are confirmed to be one person.";
    Case4 = "CASE-4", "14300960", "A case is due for an unexpected record without an active service user in the rostering system.";
    Case5 = "CASE-5", "14300960", "Every case gives the name, the ACP service, the external identifier if known, and a description.";
    Pub1 = "PUB-1", "12679947", "Service user data is sent in a partial update every 15 minutes and a full update every 1440 minutes.";
    Pub2 = "PUB-2", "12679947, 15137258", "A partial update carries visits of the next 3 days, a full one of the next 7; a visit further out is not in ACP yet.";
    Pub3 = "PUB-3", "14498415, 14498412", "Branch names must match exactly; a branch that exists by name is not created again; unusual characters may stop it.";
    Pub4 = "PUB-4", "14498415", "A record in the wrong service does not correct itself and needs a datafix by Support.";
    Pub5 = "PUB-5", "12008687, 11904511", "Address and telephone are among the fields sent; edits made in ACP are not overwritten.";
    Pub6 = "PUB-6", "12008687", "NHS number, gender and e-mail are not in the list of fields sent.";
    Pub7 = "PUB-7", "11904511, 11864617, 11812700", "One way only: what is created or amended in ACP does not return to the rostering system.";
    Pub8 = "PUB-8", "14723235", "Several People Planner environments on one tenant have their identifiers, visit IDs and branch names prefixed.";
    Pub9 = "PUB-9", "11930673", "A Tenant Administrator may rename a branch in ACP.";
    Pub10 = "PUB-10", "11905026", "A service user cannot be deleted in ACP, only made inactive and archived.";
    Pub11 = "PUB-11", "11065162", "Care Rostering: a new service requirement ends the care plan in ACP and makes a new one without its activities.";
    Pub12 = "PUB-12", "12301002", "A terminated service user is edited by reinstating, editing and terminating again: a sync in between briefly brings them back.";
    Pub13 = "PUB-13", "12507633", "Suspending a service withdraws the visits and keeps the record; ending the suspension restores them.";
    Pub14 = "PUB-14", "14498412", "A failure may be silent: nothing arrives and nothing says so; only a deadline finds it.";
    Pub15 = "PUB-15", "developer portal", "Public API: a PUT updates or creates; paging is capped at 1000.";
}

impl Clause {
    pub fn from_code(code: &str) -> Option<Clause> {
        Clause::ALL.iter().copied().find(|clause| clause.code() == code)
    }

    /// Whether it is one of the 36 clauses of article 14300960, which the project's own scenarios must prove.
    pub fn is_part_a(self) -> bool {
        self <= Clause::Case5
    }
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

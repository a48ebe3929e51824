//! The readings in force where the published sources leave room. Each is named, has a default, and is shown
//! in every report that it influenced. This file only names them; who obeys a setting says so where it does.

use crate::Field;

/// One setting with a closed set of values: the enum, its texts in files, and its sources.
macro_rules! setting {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $value:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $value),+ }
        impl $name {
            /// Every value, the default first.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];
            /// As files and reports write it.
            pub const fn text(self) -> &'static str { match self { $(Self::$value => $text),+ } }
        }
        impl Default for $name { fn default() -> Self { Self::ALL[0] } }
    };
}

setting!(
    /// How external identifiers are compared. Article 14300960 says "match"; how exactly is our reading.
    IdentifierMatching {
        /// To the character, as sent.
        Exact = "exact",
        /// White space and invisible characters at both ends do not count. Case, zeros and punctuation do.
        EndsTrimmed = "ends_trimmed",
    }
);
setting!(
    /// What a partial update carries. Article 12679947 in outline, assumed in detail.
    PartialCarries {
        /// Every near-term service user, complete, changed or not.
        NearTermPeople = "near_term_people",
        /// Those, and every other service user with a change that has not been sent.
        EveryChange = "every_change",
    }
);
setting!(
    /// What happens to a branch that ACP does not have. Articles 14498415, 14498412.
    NewBranch {
        /// The service user is refused with the reason, and applied within a window of the fix.
        MustExist = "must_exist",
        /// A branch pushed from rostering is created once, by exact name, never with unusual characters and
        /// never as a side effect of a service user.
        CreatedByName = "created_by_name",
    }
);
setting!(
    /// Whether a branch change that implies another service is followed. With care data it is held under both.
    ServiceMove {
        /// Article 14300960: the record moves by itself at the next sync.
        FollowsRostering = "follows_rostering",
        /// Article 14498415: a wrong service does not correct itself.
        NeedsSupport = "needs_support",
    }
);
setting!(
    /// Who owns contact details and address. Articles 14300960, 12008687, 11904511.
    ContactDetails {
        /// By provenance: rostering updates its own value until somebody edits it in ACP.
        AcpKeepsItsOwn = "acp_keeps_its_own",
        /// Once the record exists, ACP's value stays whoever set it.
        AlwaysAcp = "always_acp",
        /// Rostering's value wins whenever it sends one.
        AlwaysRostering = "always_rostering",
    }
);
setting!(
    /// What "a visit within the next 72 hours" means. Articles 14300960, 12679947.
    NearTerm {
        /// Elapsed time, end included.
        Rolling72Hours = "rolling_72_hours",
        /// Today and the two days after it, in London. *Assumed.*
        ThreeCalendarDays = "three_calendar_days",
    }
);
setting!(
    /// Whether a Tenant Administrator can delete a record.
    Deletion {
        /// Article 14300960 warns of it, so it can be done.
        Possible = "possible",
        /// Article 11905026: only made inactive and archived.
        ArchiveOnly = "archive_only",
    }
);
setting!(
    /// What ACP does with a service user whose end date has come. Not published.
    EndDate {
        /// Nothing: the record stays active.
        KeepsRecordActive = "keeps_record_active",
        /// The record becomes inactive, and active again when rostering takes the end date back.
        Deactivates = "deactivates",
    }
);
setting!(
    /// What a field means that an update does not carry. Absent is not the same as cleared.
    AbsentField {
        /// The value in ACP stays.
        LeavesValue = "leaves_value",
        /// The value is taken away, as if rostering had sent it empty.
        ClearsValue = "clears_value",
    }
);

impl NewBranch {
    /// Whether the integration makes a branch of this name by itself. Article 14498412 says that unusual characters
    /// may stop it, not which; that letters and digits of any alphabet, space, hyphen, straight apostrophe, full stop
    /// and round brackets are the usual ones is *assumed*.
    pub fn makes(self, name: &str) -> bool {
        self == NewBranch::CreatedByName && !name.trim().is_empty() && NewBranch::unusual_in(name).is_none()
    }

    /// The first unusual character of a branch name.
    pub fn unusual_in(name: &str) -> Option<char> {
        name.chars().find(|&c| !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '.' | '(' | ')')))
    }
}

/// Which core demographics the integration manages. Article 14300960: "where managed by the integration".
/// By default the date of birth is (article 12008687 lists it) and the NHS number is not (it does not).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ManagedDemographics {
    pub date_of_birth: bool,
    pub nhs_number: bool,
}

impl Default for ManagedDemographics {
    fn default() -> Self {
        ManagedDemographics { date_of_birth: true, nhs_number: false }
    }
}

impl ManagedDemographics {
    pub const NONE: ManagedDemographics = ManagedDemographics { date_of_birth: false, nhs_number: false };

    /// True for every field that is not a managed or unmanaged demographic.
    pub fn manages(self, field: Field) -> bool {
        match field {
            Field::DateOfBirth => self.date_of_birth,
            Field::NhsNumber => self.nhs_number,
            _ => true,
        }
    }
}

/// All readings in force. The default is the project's default reading (`rules.md` part C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Settings {
    pub identifier_matching: IdentifierMatching,
    pub partial_carries: PartialCarries,
    pub new_branch: NewBranch,
    pub service_move: ServiceMove,
    pub contact_details: ContactDetails,
    pub managed_demographics: ManagedDemographics,
    pub near_term: NearTerm,
    pub deletion: Deletion,
    pub end_date: EndDate,
    pub absent_field: AbsentField,
}

/// The name of a setting, for reports that say which reading decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    IdentifierMatching,
    PartialCarries,
    NewBranch,
    ServiceMove,
    ContactDetails,
    ManagedDemographics,
    NearTerm,
    Deletion,
    EndDate,
    AbsentField,
}

impl Setting {
    pub const ALL: &'static [Setting] = &[
        Setting::IdentifierMatching,
        Setting::PartialCarries,
        Setting::NewBranch,
        Setting::ServiceMove,
        Setting::ContactDetails,
        Setting::ManagedDemographics,
        Setting::NearTerm,
        Setting::Deletion,
        Setting::EndDate,
        Setting::AbsentField,
    ];

    /// As files write it.
    pub const fn text(self) -> &'static str {
        match self {
            Setting::IdentifierMatching => "identifier_matching",
            Setting::PartialCarries => "partial_carries",
            Setting::NewBranch => "new_branch",
            Setting::ServiceMove => "service_move",
            Setting::ContactDetails => "contact_details",
            Setting::ManagedDemographics => "managed_demographics",
            Setting::NearTerm => "near_term",
            Setting::Deletion => "deletion",
            Setting::EndDate => "end_date",
            Setting::AbsentField => "absent_field",
        }
    }

    /// What it chooses between, and which articles leave the room.
    pub const fn says(self) -> &'static str {
        match self {
            Setting::IdentifierMatching => {
                "How external identifiers are compared: to the character as sent, or without white space and invisible \
                 characters at both ends. Never without case, zeros or punctuation. Article 14300960 says that they match, \
                 not how."
            }
            Setting::PartialCarries => {
                "What the update of every 15 minutes carries: every near-term service user, changed or not, or beside them \
                 every other change too. Article 12679947 gives the outline, the rest is assumed."
            }
            Setting::NewBranch => {
                "What happens to a branch that ACP does not have: its service users are refused with the reason, or the \
                 branch is made once, by its exact name. Articles 14498415, 14498412."
            }
            Setting::ServiceMove => {
                "Whether a record follows rostering to another service: by itself (article 14300960), or only through \
                 Support (article 14498415). With care data it is held under both."
            }
            Setting::ContactDetails => {
                "Who owns telephone and address: ACP keeps what somebody edited there, or ACP's value always stays, or \
                 rostering's always wins. Articles 14300960, 12008687, 11904511."
            }
            Setting::ManagedDemographics => {
                "Which of date of birth and NHS number the integration manages. Article 14300960 leaves it to the \
                 integration; article 12008687 lists the date of birth among the fields sent, and not the NHS number."
            }
            Setting::NearTerm => {
                "What a visit within the next 72 hours is: elapsed hours, end included, or today and the two days after \
                 it. Articles 14300960, 12679947."
            }
            Setting::Deletion => {
                "Whether a Tenant Administrator can delete a record. Article 14300960 warns of it; by article 11905026 a \
                 record can only be made inactive and archived."
            }
            Setting::EndDate => {
                "What ACP does once a service user's end date has come: nothing, or the record becomes inactive. Not \
                 published."
            }
            Setting::AbsentField => {
                "What a field means that an update does not carry: the value stays, or it is taken away. Not published; \
                 absent is not the same as cleared."
            }
        }
    }

    /// The values that a file may give. `managed_demographics` takes a list of these.
    pub fn values(self) -> Vec<&'static str> {
        fn texts<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|&value| text(value)).collect()
        }
        match self {
            Setting::IdentifierMatching => texts(IdentifierMatching::ALL, IdentifierMatching::text),
            Setting::PartialCarries => texts(PartialCarries::ALL, PartialCarries::text),
            Setting::NewBranch => texts(NewBranch::ALL, NewBranch::text),
            Setting::ServiceMove => texts(ServiceMove::ALL, ServiceMove::text),
            Setting::ContactDetails => texts(ContactDetails::ALL, ContactDetails::text),
            Setting::ManagedDemographics => vec!["date_of_birth", "nhs_number"],
            Setting::NearTerm => texts(NearTerm::ALL, NearTerm::text),
            Setting::Deletion => texts(Deletion::ALL, Deletion::text),
            Setting::EndDate => texts(EndDate::ALL, EndDate::text),
            Setting::AbsentField => texts(AbsentField::ALL, AbsentField::text),
        }
    }
}

impl Settings {
    /// The value in force of one setting, as a file would write it.
    pub fn text(&self, setting: Setting) -> String {
        match setting {
            Setting::IdentifierMatching => self.identifier_matching.text().to_owned(),
            Setting::PartialCarries => self.partial_carries.text().to_owned(),
            Setting::NewBranch => self.new_branch.text().to_owned(),
            Setting::ServiceMove => self.service_move.text().to_owned(),
            Setting::ContactDetails => self.contact_details.text().to_owned(),
            Setting::ManagedDemographics => {
                let managed = self.managed_demographics;
                let mut names = Vec::new();
                if managed.date_of_birth {
                    names.push("date_of_birth");
                }
                if managed.nhs_number {
                    names.push("nhs_number");
                }
                format!("[{}]", names.join(", "))
            }
            Setting::NearTerm => self.near_term.text().to_owned(),
            Setting::Deletion => self.deletion.text().to_owned(),
            Setting::EndDate => self.end_date.text().to_owned(),
            Setting::AbsentField => self.absent_field.text().to_owned(),
        }
    }

    /// Sets one setting from the text of one of its [`Setting::values`]; for `managed_demographics`, which takes several,
    /// each is added. False, and nothing set, where it is none of them.
    pub fn set(&mut self, setting: Setting, value: &str) -> bool {
        fn choose<T: Copy>(to: &mut T, all: &[T], is_it: impl Fn(T) -> bool) -> bool {
            let found = all.iter().copied().find(|it| is_it(*it));
            found.map(|it| *to = it).is_some()
        }
        macro_rules! choose {
            ($field:ident, $type:ident) => {
                choose(&mut self.$field, $type::ALL, |it| it.text() == value)
            };
        }
        match setting {
            Setting::IdentifierMatching => choose!(identifier_matching, IdentifierMatching),
            Setting::PartialCarries => choose!(partial_carries, PartialCarries),
            Setting::NewBranch => choose!(new_branch, NewBranch),
            Setting::ServiceMove => choose!(service_move, ServiceMove),
            Setting::ContactDetails => choose!(contact_details, ContactDetails),
            Setting::NearTerm => choose!(near_term, NearTerm),
            Setting::Deletion => choose!(deletion, Deletion),
            Setting::EndDate => choose!(end_date, EndDate),
            Setting::AbsentField => choose!(absent_field, AbsentField),
            Setting::ManagedDemographics => {
                let managed = &mut self.managed_demographics;
                match value {
                    "date_of_birth" => managed.date_of_birth = true,
                    "nhs_number" => managed.nhs_number = true,
                    _ => return false,
                }
                true
            }
        }
    }

    /// The settings that differ from the default, in the order of [`Setting::ALL`].
    pub fn changed(&self) -> impl Iterator<Item = Setting> + '_ {
        let default = Settings::default();
        Setting::ALL.iter().copied().filter(move |&setting| self.text(setting) != default.text(setting))
    }
}

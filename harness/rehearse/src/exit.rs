//! How `rehearse` ends: every exit code, with a sentence for each. Knows no command.

use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    AsExpected,
    NotMet,
    NotUnderstood,
    NothingToDo,
    Unreachable,
    Environment,
    Store,
    OurFault,
    Stopped,
}

impl Exit {
    pub(crate) const ALL: &'static [Exit] = &[
        Exit::AsExpected,
        Exit::NotMet,
        Exit::NotUnderstood,
        Exit::NothingToDo,
        Exit::Unreachable,
        Exit::Environment,
        Exit::Store,
        Exit::OurFault,
        Exit::Stopped,
    ];

    pub(crate) const fn code(self) -> u8 {
        match self {
            Exit::AsExpected => 0,
            Exit::NotMet => 1,
            Exit::NotUnderstood => 2,
            Exit::NothingToDo => 3,
            Exit::Unreachable => 4,
            Exit::Environment => 5,
            Exit::Store => 6,
            // EX_SOFTWARE of sysexits.h.
            Exit::OurFault => 70,
            // 128 and the number of SIGINT, as shells have it.
            Exit::Stopped => 130,
        }
    }

    pub(crate) const fn says(self) -> &'static str {
        match self {
            Exit::AsExpected => "Done, and everything expected was true.",
            Exit::NotMet => "Done, and an expectation was not met.",
            Exit::NotUnderstood => {
                "What was given could not be understood: a flag, a path or a scenario file."
            }
            Exit::NothingToDo => "Nothing to do: no scenario was selected, or all were skipped.",
            Exit::Unreachable => {
                "The system under test could not be reached, or nothing certain can be said."
            }
            Exit::Environment => "This computer did not allow it: a port, the disk or a permission.",
            Exit::Store => "The store is damaged, or was written by a newer version.",
            Exit::OurFault => "A fault in rehearse itself.",
            Exit::Stopped => "Stopped with Ctrl+C.",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_stands_for_one_thing() {
        let mut codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        codes.dedup();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 70, 130]);
    }
}

//! Where words go: results to standard output, notices to standard error, both obeying the flags. A pipe that somebody
//! closed is no error.

use crate::{
    args::{Look, Redact, When},
    exit::Exit,
    load::Home,
};
use anstream::{AutoStream, ColorChoice};
use std::{
    io::{self, IsTerminal as _, Write},
    sync::Arc,
};

/// How output is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    color: ColorChoice,
    pub(crate) ascii: bool,
    pub(crate) plain: bool,
    pub(crate) json: bool,
    pub(crate) quiet: u8,
    pub(crate) verbose: u8,
    /// Whoever makes text of a scenario takes this out before it goes anywhere.
    pub(crate) redaction: report::Redaction,
    redaction_by: By,
}

/// Who said what is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Then it is not for a suite to say.
    Flag,
    Default,
}

impl Output {
    pub(crate) fn new(look: &Look) -> Output {
        let color = match look.color {
            _ if look.plain || look.json => ColorChoice::Never,
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        Output {
            color,
            ascii: look.ascii || look.plain,
            plain: look.plain,
            json: look.json,
            quiet: look.quiet,
            verbose: look.verbose,
            redaction: match look.redact {
                Some(Redact::None) => report::Redaction::None,
                Some(Redact::Names) => report::Redaction::Names,
                Some(Redact::All) => report::Redaction::All,
                None if crate::ci::is_set() => report::Redaction::Names,
                None => report::Redaction::None,
            },
            redaction_by: if look.redact.is_some() { By::Flag } else { By::Default },
        }
    }

    /// The same, as a `suite.yaml` asks for it with `redact` and no flag says otherwise. Of several suites the one that asks
    /// for most decides; none that says nothing lifts what goes for a pipeline.
    pub(crate) fn as_asked_by(self, suites: &[Arc<Home>]) -> Output {
        if self.redaction_by == By::Flag {
            return self;
        }
        let asked = suites.iter().map(|home| match home.file.redact {
            None => self.redaction,
            Some(scenario::Redact::None) => report::Redaction::None,
            Some(scenario::Redact::Names) => report::Redaction::Names,
            Some(scenario::Redact::All) => report::Redaction::All,
        });
        Output { redaction: asked.max().unwrap_or(self.redaction), ..self }
    }

    /// Whether anything is taken out of what is shown.
    pub(crate) fn hides(self) -> bool {
        self.redaction != report::Redaction::None
    }

    /// The same, with this taken out: for what is compared and not shown.
    pub(crate) fn leaving_out(self, redaction: report::Redaction) -> Output {
        Output { redaction, ..self }
    }

    /// How stories are told.
    pub(crate) const fn telling(self) -> report::Telling {
        report::Telling { every_message: self.verbose > 1, plain: self.plain }
    }

    /// Results. With `-qq` there are none.
    pub(crate) fn print(self, text: &str) -> Result<(), Exit> {
        if self.quiet > 1 || text.is_empty() {
            return Ok(());
        }
        let written = self.write(io::stdout().lock(), text);
        written.or_else(|error| if is_closed(&error) { Ok(()) } else { Err(self.cannot_write(&error)) })
    }

    /// Notices and mistakes. They are lost where nobody can hear them.
    pub(crate) fn note(self, text: &str) {
        if self.quiet < 2 {
            let _ = self.write(io::stderr().lock(), text);
        }
    }

    fn write(
        self,
        to: impl anstream::stream::RawStream + anstream::stream::AsLockedWrite,
        text: &str,
    ) -> io::Result<()> {
        let mut to = AutoStream::new(to, self.color);
        if self.ascii {
            to.write_all(report::ascii(text).as_bytes())?;
        } else {
            to.write_all(text.as_bytes())?;
        }
        to.flush()
    }

    fn cannot_write(self, error: &io::Error) -> Exit {
        self.note(&format!("The results could not be written: {}.\n", crate::suite::reason(error)));
        Exit::Environment
    }
}

/// Whether standard error is a terminal on which a line may be written over.
pub(crate) fn can_redraw() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

//! The command line as typed, and how output is to look, worked out from it. Opens nothing.

use crate::{exit::Exit, nearest::nearest, serve::Serve, snapshots};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, civil::Date};
use std::{fmt::Write as _, ops::Range, path::PathBuf, time::Duration};

/// Rehearse the integration between a rostering system and Access Care Planning (ACP) before it touches real care
/// records.
#[derive(Debug, Parser)]
#[command(name = "rehearse", version, after_help = exit_codes(), max_term_width = 110)]
pub(crate) struct Typed {
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A two-minute tour with made-up data
    Try,
    /// Run scenarios
    Run(Run),
    /// Check scenario files without running them
    Check(Paths),
    /// List scenarios, or what the guidance says and which scenarios prove it
    List(List),
    /// Look for what nobody thought of: random histories with faults, checked against the rules that always hold
    Explore(Explore),
    /// Put the results of several searches together
    Report(Merge),
    /// Would the suite notice? Play it against engines that are each wrong in one way
    Selftest(Selftest),
    /// Open a sandbox: both systems over HTTP on this computer, with a clock that you move
    Serve(Serve),
    /// Say why something happened: a scenario, an external identifier in it, a clause, a code, a word
    Explain(Explain),
    /// Print the JSON Schema of scenario files, for editors
    Schema,
    /// Accept or refuse stories that are not as their snapshots, one at a time
    Review(Review),
}

/// How output looks. Works before and after the command.
#[derive(Debug, Args)]
#[command(next_display_order = 100)]
pub(crate) struct Look {
    /// Only problems and the last line; -qq: nothing, the exit code alone
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) quiet: u8,
    /// The story of each case; -vv: every message sent and received
    #[arg(short, long, action = clap::ArgAction::Count, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// One JSON document on standard output and nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// One fact a line, no colour, no columns, ASCII only: for screen readers, grep and support cases
    #[arg(long, global = true, conflicts_with = "json")]
    pub(crate) plain: bool,
    /// No characters outside ASCII
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, global = true)]
    pub(crate) color: When,
    /// What is shown while it runs: auto is a line on a terminal, and only after half a second
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Progress::Auto, global = true)]
    pub(crate) progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    Auto,
    Bar,
    Lines,
    None,
}

#[derive(Debug, Args)]
pub(crate) struct Paths {
    /// Scenario files, or folders of them
    #[arg(value_name = "PATHS", default_value = "scenarios")]
    pub(crate) paths: Vec<PathBuf>,
}

/// Which scenarios.
#[derive(Debug, Args)]
pub(crate) struct Which {
    #[command(flatten)]
    pub(crate) paths: Paths,
    /// Only scenarios or cases with this text in their name or title
    #[arg(short = 'k', value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Only scenarios with this tag; several: with any of them
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// Whether it is fine that nothing matches
    #[arg(long, value_enum, value_name = "WORD", default_value_t = NoMatch::Fails)]
    pub(crate) no_match: NoMatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoMatch {
    /// Exit code 3
    Fails,
    /// Exit code 0
    Ok,
}

/// What decides the bytes of a run, beside the files and the version.
#[derive(Debug, Args)]
pub(crate) struct Playing {
    /// How many cases run at once [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Decides every random choice
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    pub(crate) seed: u64,
    /// The day on which `skip: { until }` is looked at [default: today in the United Kingdom]
    #[arg(long, value_name = "DATE")]
    pub(crate) now: Option<Date>,
}

pub(crate) const DEFAULT_SEED: u64 = 1;

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) playing: Playing,
    /// Which scenarios get a line
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Show::All)]
    pub(crate) show: Show,
    /// Reports to write, each with a path if you like: junit, tap, json, ndjson, github, gitlab, azure, markdown
    /// [default: what suits the pipeline that this runs in, else none]
    #[arg(long = "report", value_name = "NAME[=PATH],...", value_delimiter = ',', value_parser = report)]
    pub(crate) reports: Vec<Report>,
    /// The folder of reports without a path
    #[arg(long, short = 'o', value_name = "DIR", default_value = "rehearse-out")]
    pub(crate) out: PathBuf,
    /// What is done where the suite has a folder of snapshots
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = snapshots::Mode::Compare)]
    pub(crate) snapshots: snapshots::Mode,
}

/// A report, and where it goes if not to its usual place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) kind: ReportKind,
    pub(crate) path: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportKind {
    Junit,
    Tap,
    Json,
    Ndjson,
    /// Workflow commands, and the step summary.
    Github,
    /// Code quality.
    Gitlab,
    /// Logging commands.
    Azure,
    Markdown,
}

impl ReportKind {
    const ALL: &'static [ReportKind] = &[
        ReportKind::Junit,
        ReportKind::Tap,
        ReportKind::Json,
        ReportKind::Ndjson,
        ReportKind::Github,
        ReportKind::Gitlab,
        ReportKind::Azure,
        ReportKind::Markdown,
    ];

    pub(crate) const fn text(self) -> &'static str {
        match self {
            ReportKind::Junit => "junit",
            ReportKind::Tap => "tap",
            ReportKind::Json => "json",
            ReportKind::Ndjson => "ndjson",
            ReportKind::Github => "github",
            ReportKind::Gitlab => "gitlab",
            ReportKind::Azure => "azure",
            ReportKind::Markdown => "markdown",
        }
    }

    /// Its usual file in the folder of reports; none for what a pipeline reads from the log.
    pub(crate) const fn file_name(self) -> Option<&'static str> {
        match self {
            ReportKind::Junit => Some("junit.xml"),
            ReportKind::Tap => Some("run.tap"),
            ReportKind::Json => Some("run.json"),
            ReportKind::Ndjson => Some("run.ndjson"),
            ReportKind::Gitlab => Some("gl-code-quality-report.json"),
            ReportKind::Markdown => Some("summary.md"),
            ReportKind::Github | ReportKind::Azure => None,
        }
    }
}

fn report(text: &str) -> Result<Report, String> {
    let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(path)));
    let names = || ReportKind::ALL.iter().map(|kind| kind.text());
    let Some(kind) = ReportKind::ALL.iter().copied().find(|kind| kind.text() == name) else {
        let near = nearest(name, names(), 1);
        let near = near.first().map_or_else(String::new, |near| format!("did you mean {near}? "));
        let names: Vec<&str> = names().collect();
        return Err(format!("{near}There are {}, each alone or as NAME=PATH", report::listed(&names)));
    };
    match path {
        Some("") => Err(format!("after {name}= comes a path")),
        Some("-") => {
            Err("a report goes to a file; for one JSON document on standard output use --json".to_owned())
        }
        path => Ok(Report { kind, path: path.map(PathBuf::from) }),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    Failed,
    All,
    /// The last line alone
    None,
}

#[derive(Debug, Args)]
pub(crate) struct Explore {
    /// How long to look, in real time: 30s, 10m, 8h [default: 30s, unless --steps or --seeds says how much]
    #[arg(long = "for", value_name = "LENGTH", value_parser = real_time)]
    pub(crate) lasts: Option<Duration>,
    /// How much to look at: so many actions and deliveries, and the history with the last of them to its end
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) steps: Option<u64>,
    /// The first history; each has the next number
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    pub(crate) seed: u64,
    /// These histories, B left out: so a search is split over many machines
    #[arg(long, value_name = "A..B", conflicts_with = "seed", value_parser = seeds)]
    pub(crate) seeds: Option<Range<u64>>,
    /// How many histories are played at once [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Where the scenario of each finding goes
    #[arg(long, short = 'o', value_name = "DIR", default_value = "rehearse-out/found")]
    pub(crate) out: PathBuf,
}

/// At most ten years: what is longer is a slip of the keyboard.
const LONGEST_SEARCH: Duration = Duration::from_secs(3653 * 86_400);

fn real_time(raw: &str) -> Result<Duration, String> {
    let length: SignedDuration = raw.parse().map_err(|_| format!("{raw:?} is not a length of time: write 30s, 10m or 8h"))?;
    let length = Duration::try_from(length).map_err(|_| format!("{raw:?} is less than nothing"))?;
    if length.is_zero() || length > LONGEST_SEARCH {
        return Err(format!("{raw:?} is no time to look for: write 30s, 10m or 8h"));
    }
    Ok(length)
}

fn seeds(raw: &str) -> Result<Range<u64>, String> {
    let both = raw.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match both {
        Some((from, to)) if from < to => Ok(from..to),
        Some(_) => Err(format!("{raw:?} holds no seed: the second number is left out, so it has to be larger")),
        None => Err(format!("{raw:?} is not a range of seeds: write for instance 1..1000")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// What `rehearse explore --json` wrote
    #[arg(long = "merge", value_name = "FILES", num_args = 1.., required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Selftest {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) playing: Playing,
    /// Only this planted fault; several: only these [default: all]
    #[arg(long = "fault", value_name = "NAME")]
    pub(crate) faults: Vec<String>,
    /// Say what the planted faults are, and play nothing
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) playing: Playing,
    /// Each clause of the guidance, and the scenarios that prove it (which are run for that)
    #[arg(long)]
    pub(crate) rules: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A scenario (name or path), and then an external identifier or record of it, and then a field; or a clause, a
    /// code or a word of a report
    #[arg(value_name = "WHAT", required = true, num_args = 1..=3)]
    pub(crate) what: Vec<String>,
    /// Where scenarios are looked for
    #[arg(long = "in", value_name = "PATH", default_value = "scenarios")]
    pub(crate) paths: Vec<PathBuf>,
    /// Only cases with this text in their name
    #[arg(short = 'k', value_name = "TEXT")]
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) playing: Playing,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    #[command(flatten)]
    pub(crate) paths: Paths,
    /// Accept every story that waits
    #[arg(long)]
    pub(crate) accept_all: bool,
    /// Refuse every story that waits
    #[arg(long, conflicts_with = "accept_all")]
    pub(crate) reject_all: bool,
    /// Ask nothing: list what waits
    #[arg(long, conflicts_with_all = ["accept_all", "reject_all"])]
    pub(crate) no_input: bool,
}

fn exit_codes() -> String {
    let mut text = String::from("Exit codes:\n");
    for exit in Exit::ALL {
        let _ = writeln!(text, "  {:>3}  {}", exit.code(), exit.says());
    }
    text
}

/// The look that these flags make.
#[cfg(test)]
pub(crate) fn look(flags: &str) -> Look {
    Typed::try_parse_from(["rehearse", flags]).expect("flags of a test are right").look
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Typed::command().debug_assert();
    }
}

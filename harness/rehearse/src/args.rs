//! The command line as typed, and how output is to look, worked out from it. Opens nothing.

use crate::{
    clock::Clock, coverage, exit::Exit, nearest::nearest, seats::SeatArgs, serve::Serve, shard::Shard, shell,
    snapshots,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, civil::Date};
use scenario::Required;
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
    Run(Box<Run>),
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
    /// Check or copy the file in which `serve --store` keeps sandboxes
    Store(crate::store::Store),
    /// Move the clock of a sandbox, and see what happens on the way
    Clock(Clock),
    /// Write two exports of people who do not exist, and a file that says who is who
    Population(Population),
    /// Rehearse a go-live from two exports: what the first sync will do to every service user
    Plan(Box<crate::plan::args::Plan>),
    /// Sign off a plan, or look whether a sign-off still holds
    #[command(name = "signoff")]
    SignOff(Box<crate::plan::args::SignOff>),
    /// Say why something happened: a scenario, an external identifier in it, a clause, a code, a word
    Explain(Explain),
    /// Lay scenario files out: indentation, spaces and blank lines; comments, quotes and columns stay
    Fmt(Fmt),
    /// Write a new scenario to start from, which passes
    New(New),
    /// A language server on standard input and output, for editors
    Lsp,
    /// Print the JSON Schema of scenario files, for editors
    Schema(crate::schema::Schema),
    /// Play a bundle again, and say whether the same comes of it
    Replay(Replay),
    /// Accept or refuse stories that are not as their snapshots, one at a time
    Review(Review),
    /// Print what a shell needs to complete commands and flags
    Completions(shell::Completions),
    /// Print a manual page, or write all of them
    Man(shell::Man),
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
    /// What is taken out of everything that is shown or written: names are also dates of birth, NHS numbers, telephones
    /// and addresses; all are external identifiers too [default: names where CI is set, else none]
    #[arg(long, value_enum, value_name = "WHAT", global = true)]
    pub(crate) redact: Option<Redact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redact {
    None,
    Names,
    All,
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

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    #[command(flatten)]
    pub(crate) paths: Paths,
    /// Write nothing: show what would change, and end with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// What it shows
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(crate::new::names()))]
    pub(crate) template: Option<String>,
    /// Instead of a template: what was done in a sandbox, of this store, which may be in use, or that runs at this address (its
    /// key is REHEARSE_KEY)
    #[arg(long, value_name = "STORE|URL", conflicts_with = "template")]
    pub(crate) from_sandbox: Option<PathBuf>,
    /// Which world of the sandbox
    #[arg(long, value_name = "WORLD", requires = "from_sandbox", default_value = "sandbox")]
    pub(crate) world: String,
    /// Instead of a template: a service user of the go-live plan in this folder, or of this plan.json; say whom with --row
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["template", "from_sandbox"], requires = "row")]
    pub(crate) from_plan: Option<PathBuf>,
    /// The service user, by external identifier
    #[arg(long, value_name = "EXTERNAL-ID", requires = "from_plan", allow_hyphen_values = true)]
    pub(crate) row: Option<String>,
    /// What the file is called, with / between folders and without .yaml
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What is promised, in one sentence [default: the template's]
    #[arg(long, value_name = "SENTENCE", allow_hyphen_values = true)]
    pub(crate) title: Option<String>,
    /// The folder of the suite
    #[arg(long = "in", value_name = "FOLDER", default_value = "scenarios")]
    pub(crate) folder: PathBuf,
    /// Ask nothing: fail with the flag that would answer
    #[arg(long)]
    pub(crate) no_input: bool,
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
    /// Only cases that fit an expression, as "tag(late-sync) and not proves(MOVE-1)"; several: that fit any of them
    ///
    /// Conditions are tag(...), name(...), case(...), path(...), proves(...), all() and none(), joined with and, or, not
    /// and brackets. name, case and path look for a part of the text, tag and proves for the whole word, in which * and ?
    /// stand for anything. A mark before the text says how to compare: = to the letter, ~ a part of it, # a pattern.
    #[arg(short = 'E', long = "filter", value_name = "EXPRESSION")]
    pub(crate) filters: Vec<String>,
    /// Only cases that failed when they were last run
    #[arg(long)]
    pub(crate) failed: bool,
    /// Only one part of what is selected, as hash:2/5; a case is always in the same part, whatever else there is
    #[arg(long, value_name = "hash:M/N")]
    pub(crate) shard: Option<Shard>,
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
    /// Decides every random choice [default: the suite's, or 1]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
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
    #[command(flatten)]
    pub(crate) seats: SeatArgs,
    /// Run again what a change of a file touches, until Ctrl+C
    #[arg(long, conflicts_with = "json")]
    pub(crate) watch: bool,
    /// Stop after so many failures, and say what was not run [default: run everything]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_fail: Option<u32>,
    /// Play in another order, which shows that no case needs another; with a seed: in the order of that seed
    #[arg(long, value_name = "SEED", value_parser = seed_of_order)]
    #[expect(clippy::option_option, reason = "not there, there alone, there with a seed")]
    pub(crate) shuffle: Option<Option<u64>>,
    /// Fail unless cases that pass prove these clauses, as MOVE-1,MOVE-2; or all-article: all of article 14300960
    #[arg(long, value_name = "LIST", value_parser = coverage::required)]
    pub(crate) require_clauses: Option<Required>,
    /// Which scenarios get a line
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Show::All)]
    pub(crate) show: Show,
    /// Reports to write, each with a path if you like: junit, tap, json, ndjson, github, gitlab, azure, markdown, none
    /// [default: what suits the pipeline that this runs in, else none]
    #[arg(long = "report", value_name = "NAME[=PATH],...", value_delimiter = ',', value_parser = report)]
    pub(crate) reports: Vec<Report>,
    /// The folder of reports without a path
    #[arg(long, short = 'o', value_name = "DIR", default_value = "rehearse-out")]
    pub(crate) out: PathBuf,
    /// An earlier run to compare with: what `run --json` wrote, a bundle, or the name of a bundle in rehearse-out
    #[arg(long, value_name = "FILE-OR-RUN")]
    pub(crate) against: Option<PathBuf>,
    /// Write everything that is needed to play this run again into one file, named after the run if no file is given;
    /// where names are left out, with invented people in their places
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap tells a flag without its value so")]
    pub(crate) bundle: Option<Option<PathBuf>>,
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
    /// None, in a pipeline too.
    None,
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
        ReportKind::None,
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
            ReportKind::None => "none",
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
            ReportKind::Github | ReportKind::Azure | ReportKind::None => None,
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
const LONGEST_SEARCH: Duration = Duration::from_hours(3653 * 24);

fn real_time(raw: &str) -> Result<Duration, String> {
    let length: SignedDuration =
        raw.parse().map_err(|_| format!("{raw:?} is not a length of time: write 30s, 10m or 8h"))?;
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
        Some(_) => {
            Err(format!("{raw:?} holds no seed: the second number is left out, so it has to be larger"))
        }
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
    /// Play no scenario: look for each fault with random histories alone, for so long in real time
    #[arg(long, value_name = "LENGTH", value_parser = real_time, conflicts_with = "list")]
    pub(crate) explore: Option<Duration>,
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
pub(crate) struct Replay {
    /// What `run --bundle` wrote
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How many cases run at once [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
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

fn seed_of_order(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a seed is a whole number; paths go before --shuffle".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Population {
    /// Decides who the people are and what was done to them on the way into each export
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    pub(crate) seed: u64,
    /// How many service users the rostering system has
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) service_users: u32,
    /// Mistypings, lost zeros, two records of one person, moves, and whatever else real exports have
    #[arg(long)]
    pub(crate) mess: bool,
    /// Which kinds of files
    #[arg(long, value_enum, value_name = "KIND", default_value_t = crate::population::Files::Both)]
    pub(crate) files: crate::population::Files,
    /// The folder for them
    #[arg(short, long, value_name = "DIR", default_value = "rehearse-out/population")]
    pub(crate) out: PathBuf,
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

//! `rehearse review`: the stories that wait beside their snapshots, one at a time: accept, refuse, or decide later.
//! What is accepted is what was shown, whatever happens to the file meanwhile.
//!
//! Plays nothing, unless names are to be left out: then a story is told as far as its scenario, played now, says which
//! words are names.

use crate::{
    args::Review,
    ci,
    exit::Exit,
    load::{self, Troubles},
    output::Output,
    snapshot::Snapshot,
    snapshots::{self, ACCEPTED, WAITING, nearer, within},
    suite::{self, shown},
    tellable::Tellable,
};
use report::{Looking, Reviewed};
use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, IsTerminal as _},
    path::{Path, PathBuf},
};

/// A story that waits.
struct Waiting {
    accepted: PathBuf,
    pending: PathBuf,
    /// What waits, or why it cannot be read.
    now: Result<Snapshot, String>,
    /// Both stories, as they may be told.
    told: Reviewed,
}

impl Waiting {
    /// The accepted story and the one that waits.
    fn stories(&self) -> (&str, &str) {
        (self.told.old.as_deref().unwrap_or(""), self.told.new.as_deref().unwrap_or(""))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Refuse,
    Skip,
    Stop,
}

pub(crate) fn review(args: &Review, output: Output) -> Result<Exit, Exit> {
    let finds = suite::find(&args.paths.paths);
    if let Some(problem) = finds.problems.first() {
        output.note(&format!("{}: {}\n", report::prose(&problem.path), report::prose(&problem.what)));
        return Err(Exit::NotUnderstood);
    }
    let suites = load::homes(&finds.found, &mut Troubles::default());
    let output = output.as_asked_by(&suites.into_values().collect::<Vec<_>>());
    let waiting = find(&args.paths.paths, output);
    if waiting.is_empty() {
        let paths: Vec<String> = args.paths.paths.iter().map(|path| shown(path)).collect();
        output.note(&format!("No story of {} waits to be looked at.\n", report::listed(&paths)));
        return Ok(Exit::AsExpected);
    }
    let all = match (args.accept_all, args.reject_all) {
        (true, _) => Some(Answer::Accept),
        (_, true) => Some(Answer::Refuse),
        _ => None,
    };
    if all.is_some() && ci::is_set() {
        output.note(
            "CI is set, where nothing is written. Nothing was changed. If this is no CI, set CI=false.\n",
        );
        return Err(Exit::NotUnderstood);
    }
    let left = if let Some(answer) = all {
        all_at_once(&waiting, answer, output)?
    } else if args.no_input || output.json || ci::is_set() || !io::stdin().is_terminal() {
        list(&waiting, output)?;
        waiting.len()
    } else {
        one_at_a_time(&waiting, &mut io::stdin().lock(), output)?
    };
    Ok(if left == 0 { Exit::AsExpected } else { Exit::NotMet })
}

/// Everything that waits in the suites of these paths, below them.
fn find(paths: &[PathBuf], output: Output) -> Vec<Waiting> {
    let mut seen = BTreeSet::new();
    let mut waiting = Vec::new();
    for path in paths {
        let root = suite::root_of_path(path).path;
        let Some(folder) = snapshots::folder(&root) else { continue };
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        for name in snapshots::below(&folder, WAITING) {
            let scenario = within(&root, &name, "");
            let is_asked_for = scenario.starts_with(&path) || scenario == path.with_extension("");
            if is_asked_for && seen.insert((folder.clone(), name.clone())) {
                waiting.push(read(&root, &folder, &name, output));
            }
        }
    }
    waiting
}

fn read(root: &Path, folder: &Path, name: &str, output: Output) -> Waiting {
    let accepted = within(folder, name, ACCEPTED);
    let pending = within(folder, name, WAITING);
    let now = snapshots::read(&pending);
    let told = Reviewed {
        name: name.to_owned(),
        snapshot: shown(&nearer(&accepted)),
        old: snapshots::read(&accepted).ok().map(|before| before.story),
        new: now.as_ref().map(|now| now.story.clone()).map_err(Clone::clone),
    };
    let told = if output.hides() { without_names(told, root, output) } else { told };
    Waiting { accepted, pending, now, told }
}

/// With only those words in its stories of which the scenario, as it is now, says that they are no names.
fn without_names(told: Reviewed, root: &Path, output: Output) -> Reviewed {
    let file = |ending| Some(within(root, &told.name, ending)).filter(|path| path.is_file());
    let suite = file(".yaml").or_else(|| file(".yml")).map(|path| load::load(&[path])).unwrap_or_default();
    let tellable = Tellable::of(suite.files.first(), output.redaction);
    let beside = |text: String| tellable.beside(&text);
    Reviewed { old: told.old.map(beside), new: told.new.map(beside), ..told }
}

fn list(waiting: &[Waiting], output: Output) -> Result<(), Exit> {
    let told: Vec<&Reviewed> = waiting.iter().map(|one| &one.told).collect();
    output.print(&if output.json {
        report::review_json(&told)
    } else {
        report::review_list(&told, output.plain)
    })?;
    if !output.json {
        output.note(
            "Nothing was changed. Decide one at a time on a terminal: rehearse review\nOr all at once: rehearse review \
             --accept-all, or rehearse review --reject-all\n",
        );
    }
    Ok(())
}

/// Gives how many are left.
fn all_at_once(waiting: &[Waiting], answer: Answer, output: Output) -> Result<usize, Exit> {
    let mut decided = Decided::default();
    for (idx, one) in waiting.iter().enumerate() {
        if answer == Answer::Accept
            && let Err(why) = &one.now
        {
            output.note(&format!(
                "{}: not accepted. {}\n",
                report::prose(&one.told.name),
                report::prose(why)
            ));
            continue;
        }
        decided.add(one, answer, waiting.len() - idx, output)?;
    }
    decided.tell(waiting.len(), output)
}

fn one_at_a_time(waiting: &[Waiting], answers: &mut dyn BufRead, output: Output) -> Result<usize, Exit> {
    let mut decided = Decided::default();
    let mut for_all = None;
    for (idx, one) in waiting.iter().enumerate() {
        let answer = if let Some(answer) = for_all {
            answer
        } else {
            output.print(&report::review_heading(&one.told, idx + 1, waiting.len()))?;
            let (answer, is_for_all) = ask(one, answers, output)?;
            for_all = is_for_all.then_some(answer);
            answer
        };
        if answer == Answer::Stop {
            break;
        }
        let answer = if one.now.is_err() && answer == Answer::Accept { Answer::Skip } else { answer };
        decided.add(one, answer, waiting.len() - idx, output)?;
    }
    decided.tell(waiting.len(), output)
}

/// Until there is a decision; and whether it is for all that are left. Nothing more to read is a stop.
fn ask(one: &Waiting, answers: &mut dyn BufRead, output: Output) -> Result<(Answer, bool), Exit> {
    let mut looking = Looking::Difference;
    loop {
        output.print(&report::review_look(one.stories(), looking))?;
        output.print(report::REVIEW_CHOICES)?;
        let mut line = String::new();
        if answers.read_line(&mut line).unwrap_or(0) == 0 {
            output.print("\n")?;
            return Ok((Answer::Stop, false));
        }
        match line.trim() {
            "a" | "1" => match &one.now {
                Ok(_) => return Ok((Answer::Accept, false)),
                Err(why) => output.note(&format!("It cannot be accepted. {}\n", report::prose(why))),
            },
            "r" | "2" => return Ok((Answer::Refuse, false)),
            "s" | "3" => return Ok((Answer::Skip, false)),
            "A" => return Ok((Answer::Accept, true)),
            "R" => return Ok((Answer::Refuse, true)),
            "S" => return Ok((Answer::Skip, true)),
            "o" | "4" => looking = Looking::Old,
            "n" | "5" => looking = Looking::New,
            "d" | "6" => looking = Looking::Difference,
            "q" | "7" => return Ok((Answer::Stop, false)),
            other => output.note(&format!("{other:?} is none of the choices.\n")),
        }
    }
}

#[derive(Default)]
struct Decided {
    n_accepted: usize,
    n_refused: usize,
}

impl Decided {
    /// Does it. Where it cannot be done, what is left stays as it is and the exit says why.
    fn add(&mut self, one: &Waiting, answer: Answer, n_left: usize, output: Output) -> Result<(), Exit> {
        let done = match (answer, &one.now) {
            (Answer::Accept, Ok(now)) => snapshots::accept(&one.accepted, now).map(|()| self.n_accepted += 1),
            (Answer::Refuse, _) => snapshots::refuse(&one.pending).map(|()| self.n_refused += 1),
            _ => return Ok(()),
        };
        done.map_err(|error| {
            output.note(&format!(
                "{} could not be written: {}. {} accepted and {} refused before; {} left as {} before.\n",
                shown(&nearer(&one.accepted)),
                suite::reason(&error),
                self.n_accepted,
                self.n_refused,
                report::counted(n_left, "story is", "stories are"),
                if n_left == 1 { "it was" } else { "they were" },
            ));
            Exit::Environment
        })
    }

    /// Gives how many are left.
    fn tell(&self, n_waiting: usize, output: Output) -> Result<usize, Exit> {
        let n_left = n_waiting - self.n_accepted - self.n_refused;
        output.print(&report::review_total(self.n_accepted, self.n_refused, n_left))?;
        Ok(n_left)
    }
}

//! Plays what was selected and says what happens as one stream of events. Whoever wants to show, write, compare or
//! count anything of a run reads that stream; nothing else leaves the threads that play.

use crate::{
    args::{Progress as How, Run},
    exit::Exit,
    output::Output,
    play::{self, Played, Told},
    progress::Progress,
    seats::Seats,
    select::Selected,
    snapshots::{Comparing, Snapshots},
    stop,
};
use report::{CaseDone, Counts, Event, Outcome, RunStarted, ScenarioStarted, StoryCounts, StoryFinding};
use std::ops::ControlFlow;

/// What readers want to be told beside the facts, so that nothing is worked out in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) stories: Stories,
    pub(crate) failures: bool,
    pub(crate) failures_plain: bool,
}

/// Of which cases the story is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stories {
    #[default]
    None,
    OfFailures,
    All,
}

/// Plays everything and gives each event but the last to `read`: what the run ends with may hang on more than its
/// cases, so [`Event::RunEnded`] is the caller's. A reader that cannot go on ends the run with its exit code.
pub(crate) fn stream(
    selected: &[Selected<'_>],
    args: &Run,
    seats: &Seats,
    wanted: Wanted,
    snapshots: &Snapshots,
    (how, output): (How, Output),
    read: &mut dyn FnMut(Event<'_>) -> Result<(), Exit>,
) -> Result<(Counts, StoryCounts), Exit> {
    let n_cases = selected.iter().map(|selected| selected.cases.len()).sum();
    if n_cases > 1 {
        stop::listen();
    }
    let width = selected.iter().map(|selected| selected.file.name.chars().count()).max().unwrap_or(0);
    let run = RunStarted { n_scenarios: selected.len(), n_cases, seed: args.playing.seed, width };
    read(Event::RunStarted(&run))?;
    let progress = Progress::start(n_cases, how, output);
    let mut telling = Telling {
        selected,
        progress: &progress,
        wanted,
        counts: Counts::default(),
        comparing: snapshots.comparing(output),
        open: None,
    };
    let mut ended = Ok(());
    let tell = |played: Played<'_>| (tell(&played, args, wanted, output), snapshots.story(&played));
    play::in_order(selected, &args.playing, seats, tell, |told| {
        ended = telling.case(told, read);
        if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let end = telling.end(read, run);
    progress.finish();
    ended?;
    end
}

/// Where the stream is.
struct Telling<'a> {
    selected: &'a [Selected<'a>],
    progress: &'a Progress,
    wanted: Wanted,
    counts: Counts,
    comparing: Comparing<'a>,
    /// The scenario whose cases come now: its place among the selected.
    open: Option<usize>,
}

type Read<'r> = &'r mut dyn FnMut(Event<'_>) -> Result<(), Exit>;

impl Telling<'_> {
    fn case(&mut self, told: Told<(CaseDone, Option<String>)>, read: Read<'_>) -> Result<(), Exit> {
        // It was not run; the end counts it.
        let Some((case, story)) = told.result else { return Ok(()) };
        self.counts.add(case.outcome, case.simulated);
        self.progress.done(&case.label, case.outcome.is_failure());
        self.progress.aside(|| {
            if self.open != Some(told.file) {
                self.close(read)?;
                self.open = Some(told.file);
                read(Event::ScenarioStarted(&self.scenario(told.file)))?;
            }
            self.comparing.add(case.outcome, story);
            read(Event::CaseDone(&case))
        })
    }

    fn scenario(&self, file: usize) -> ScenarioStarted {
        let Selected { file, cases } = &self.selected[file];
        ScenarioStarted {
            name: file.name.clone(),
            n_cases: cases.len(),
            header: (self.wanted.stories == Stories::All).then(|| report::header(&file.name, &file.scenario)),
        }
    }

    fn close(&mut self, read: Read<'_>) -> Result<(), Exit> {
        let Some(file) = self.open.take() else { return Ok(()) };
        read(Event::ScenarioEnded)?;
        let unlike = self.comparing.close(file, &self.selected[file])?;
        unlike.map_or(Ok(()), |unlike| self.unlike(&unlike, read))
    }

    fn unlike(&mut self, unlike: &StoryFinding, read: Read<'_>) -> Result<(), Exit> {
        self.counts.n_stories += usize::from(unlike.fails);
        read(Event::StoryUnlike(unlike))
    }

    fn end(mut self, read: Read<'_>, run: RunStarted) -> Result<(Counts, StoryCounts), Exit> {
        self.progress.aside(|| {
            self.close(read)?;
            let without = self.comparing.unreferenced();
            without.iter().try_for_each(|unlike| self.unlike(unlike, read))
        })?;
        let n_not_run = run.n_cases - self.counts.n_cases();
        let counts = Counts { n_scenarios: run.n_scenarios, n_not_run, ..self.counts };
        Ok((counts, self.comparing.stories))
    }
}

/// What is kept of a case; its trace goes.
fn tell(played: &Played<'_>, args: &Run, wanted: Wanted, output: Output) -> CaseDone {
    let (file, trace, outcome) = (played.file, played.trace.as_ref(), Outcome::of(&played.verdict));
    let told = trace.map(|trace| played.told(trace, args.playing.seed));
    let failed = told.as_ref().filter(|_| outcome.is_failure());
    let with_story = match wanted.stories {
        Stories::None => None,
        Stories::OfFailures => failed,
        Stories::All => told.as_ref(),
    };
    CaseDone {
        label: report::case_label(&file.name, played.case),
        outcome,
        simulated: report::simulated(trace),
        real: played.real,
        facts: report::case_document(&file.name, &file.scenario, played.case, trace, &played.verdict),
        story: with_story.map(|told| report::story(told, output.telling())),
        failure: failed.filter(|_| wanted.failures).map(report::failure),
        failure_plain: failed.filter(|_| wanted.failures_plain).map(report::failure_plain),
    }
}

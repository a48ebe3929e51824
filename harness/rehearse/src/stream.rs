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
use feed::Clause;
use report::{
    CaseDone, Counts, Event, Hidden, Outcome, RunStarted, ScenarioStarted, Stopped, StoryCounts, StoryFinding,
};
use std::{collections::BTreeSet, ops::ControlFlow};

/// What readers want to be told beside the facts, so that nothing is worked out in vain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) stories: Stories,
    pub(crate) failures: bool,
    pub(crate) failures_plain: bool,
    /// Every story as bundles keep it; where stories are compared they are told without that.
    pub(crate) kept: bool,
}

/// Of which cases the story is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stories {
    #[default]
    None,
    OfFailures,
    All,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) counts: Counts,
    pub(crate) stories: StoryCounts,
    pub(crate) stopped: Option<Stopped>,
    /// Labels.
    pub(crate) not_run: Vec<String>,
    /// By a case that passed.
    pub(crate) proven: BTreeSet<Clause>,
}

/// Plays everything and gives each event but the last to `read`: what the run ends with may hang on more than its
/// cases, so [`Event::RunEnded`] is the caller's. A reader that cannot go on ends the run with its exit code.
pub(crate) fn stream(
    selected: &[Selected<'_>],
    args: &Run,
    (seats, wanted): (&Seats, Wanted),
    snapshots: &Snapshots,
    (how, output): (How, Output),
    read: &mut dyn FnMut(Event<'_>) -> Result<(), Exit>,
) -> Result<Ending, Exit> {
    let n_cases = selected.iter().map(|selected| selected.cases.len()).sum();
    if n_cases > 1 {
        stop::listen();
    }
    let width = selected.iter().map(|selected| selected.file.name.chars().count()).max().unwrap_or(0);
    let seed = play::seed_of_all(selected, &args.playing);
    let run = RunStarted {
        n_scenarios: selected.len(),
        n_cases,
        seed,
        width,
        redaction: output.redaction,
        seats: seats.told(),
    };
    read(Event::RunStarted(&run))?;
    let progress = Progress::start(n_cases, how, output);
    let mut telling = Telling {
        selected,
        progress: &progress,
        wanted,
        output,
        counts: Counts::default(),
        comparing: snapshots.comparing(output),
        hidden: Vec::new(),
        open: None,
        places: selected.iter().flat_map(|it| it.cases.iter().map(move |&case| (it, case))).collect(),
        n_taken: 0,
        not_run: Vec::new(),
        proven: BTreeSet::new(),
    };
    let mut ended = Ok(());
    let tell = |played: Played<'_>| {
        let scene = played.trace.as_ref().map(|trace| &trace.scene);
        let hidden = Hidden::of_case(output.redaction, &played.file.scenario, scene);
        let is_compared = snapshots.compare(played.place.0);
        // What is compared with a snapshot is whole; a bundle holds what may be told.
        let kept = match (is_compared, wanted.kept) {
            (true, _) => kept(&played),
            (false, true) => kept(&played).map(|story| hidden.hide(&story).into_owned()),
            (false, false) => None,
        };
        let case = CaseDone { kept, ..tell(&played, &hidden, wanted, output) };
        Done { case, hidden: is_compared.then_some(hidden) }
    };
    let has_enough = |counts: &Counts| args.max_fail.is_some_and(|most| counts.n_bad() >= most as usize);
    play::in_order(selected, &args.playing, seats, tell, |told| {
        ended = telling.case(told, read);
        let goes_on = ended.is_ok() && !has_enough(&telling.counts);
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let end = telling.end(read, &run, &has_enough);
    progress.finish();
    ended.and(end)
}

/// What leaves the thread that played a case.
struct Done {
    case: CaseDone,
    /// Where its story is compared: what of it is not to be told.
    hidden: Option<Hidden>,
}

/// Where the stream is.
struct Telling<'a> {
    selected: &'a [Selected<'a>],
    progress: &'a Progress,
    wanted: Wanted,
    output: Output,
    counts: Counts,
    comparing: Comparing<'a>,
    /// What is not to be told of the stories that are compared next.
    hidden: Vec<Hidden>,
    /// The scenario whose cases come now: its place among the selected.
    open: Option<usize>,
    /// Every case, in the order in which they are told; so many of them were.
    places: Vec<(&'a Selected<'a>, usize)>,
    n_taken: usize,
    /// Labels of cases that were passed over.
    not_run: Vec<String>,
    /// By a case that passed.
    proven: BTreeSet<Clause>,
}

type Read<'r> = &'r mut dyn FnMut(Event<'_>) -> Result<(), Exit>;

impl Telling<'_> {
    fn case(&mut self, told: Told<Done>, read: Read<'_>) -> Result<(), Exit> {
        let (selected, place) = self.places[self.n_taken];
        self.n_taken += 1;
        let Some(Done { case, hidden }) = told.result else {
            self.not_run.push(self.label(selected, place));
            return Ok(());
        };
        self.counts.add(case.outcome, case.simulated);
        if case.outcome == Outcome::Passed {
            self.proven.extend(&selected.file.scenario.proves);
        }
        self.progress.done(&case.label, case.outcome.is_failure());
        self.progress.aside(|| {
            if self.open != Some(told.file) {
                self.close(read)?;
                self.open = Some(told.file);
                read(Event::ScenarioStarted(&self.scenario(told.file)))?;
            }
            self.comparing.add(place, &case);
            self.hidden.extend(hidden);
            read(Event::CaseDone(&case))
        })
    }

    /// Of a case that was not played.
    fn label(&self, selected: &Selected<'_>, case: usize) -> String {
        let scenario = &selected.file.scenario;
        let label = report::case_label(&selected.file.name, &scenario.cases[case]);
        Hidden::of_scenarios(self.output.redaction, std::iter::once(scenario)).hide(&label).into_owned()
    }

    fn scenario(&self, file: usize) -> ScenarioStarted {
        let Selected { file, cases } = &self.selected[file];
        let header = (self.wanted.stories == Stories::All).then(|| {
            let hidden = Hidden::of_scenarios(self.output.redaction, std::iter::once(&file.scenario));
            hidden.hide(&report::header(&file.name, &file.scenario)).into_owned()
        });
        ScenarioStarted { name: file.name.clone(), n_cases: cases.len(), header }
    }

    fn close(&mut self, read: Read<'_>) -> Result<(), Exit> {
        let Some(file) = self.open.take() else { return Ok(()) };
        read(Event::ScenarioEnded)?;
        let unlike = self.comparing.close(file, &self.selected[file])?;
        let hidden = std::mem::take(&mut self.hidden);
        let Some(unlike) = unlike else { return Ok(()) };
        self.unlike(&Hidden::story(&hidden, unlike), read)
    }

    fn unlike(&mut self, unlike: &StoryFinding, read: Read<'_>) -> Result<(), Exit> {
        self.counts.n_stories += usize::from(unlike.fails);
        read(Event::StoryUnlike(unlike))
    }

    fn end(
        mut self,
        read: Read<'_>,
        run: &RunStarted,
        has_enough: &impl Fn(&Counts) -> bool,
    ) -> Result<Ending, Exit> {
        self.progress.aside(|| {
            self.close(read)?;
            let without = self.comparing.unreferenced();
            without.iter().try_for_each(|unlike| self.unlike(unlike, read))
        })?;
        let rest: Vec<String> =
            self.places[self.n_taken..].iter().map(|&(selected, case)| self.label(selected, case)).collect();
        let not_run: Vec<String> = self.not_run.into_iter().chain(rest).collect();
        let counts = Counts { n_scenarios: run.n_scenarios, n_not_run: not_run.len(), ..self.counts };
        let why = if has_enough(&counts) { Stopped::AtFailure(counts.n_bad()) } else { Stopped::ByHand };
        let stopped = (!not_run.is_empty()).then_some(why);
        Ok(Ending { counts, stories: self.comparing.stories, stopped, not_run, proven: self.proven })
    }
}

/// The story as snapshots and bundles hold it, whatever the flags are.
pub(crate) fn kept(played: &Played<'_>) -> Option<String> {
    let mut told = played.told(played.trace.as_ref()?);
    told.name = &played.file.in_suite;
    Some(report::unstyled(&report::story(&told, report::Telling::default())))
}

/// What is kept of a case; its trace goes, and personal data too where it is not to be told.
fn tell(played: &Played<'_>, hidden: &Hidden, wanted: Wanted, output: Output) -> CaseDone {
    let (file, trace, outcome) = (played.file, played.trace.as_ref(), Outcome::of(&played.verdict));
    // Carets fit the text that they stand under only if both are hidden together.
    let source = hidden.source(&file.source);
    let verdict = hidden.verdict(&played.verdict, &source);
    let told =
        trace.map(|trace| report::Told { source: &source.text, verdict: &verdict, ..played.told(trace) });
    let failed = told.as_ref().filter(|_| outcome.is_failure());
    let with_story = match wanted.stories {
        Stories::None => None,
        Stories::OfFailures => failed,
        Stories::All => told.as_ref(),
    };
    hidden.case(CaseDone {
        place: played.place,
        kept: None,
        label: report::case_label(&file.name, played.case),
        outcome,
        simulated: report::simulated(trace),
        real: played.real,
        facts: report::case_document(&file.name, &file.scenario, played.case, trace, &verdict),
        story: with_story.map(|told| report::story(told, output.telling())),
        failure: failed.filter(|_| wanted.failures).map(report::failure),
        failure_plain: failed.filter(|_| wanted.failures_plain).map(report::failure_plain),
    })
}

//! The binary: arguments in, exit code out. What scenarios mean, how they are played and how that is told is the
//! other crates' business; here is only which of them is asked, and where the answer goes.

mod against;
mod args;
mod atomic;
mod bundle;
mod check;
mod ci;
mod clock;
mod coverage;
mod documents;
mod exit;
mod explain;
mod explore;
mod failed;
mod fault;
mod filter;
mod fmt;
mod from_sandbox;
mod hunt;
mod list;
mod load;
mod lsp;
mod merge;
mod nearest;
mod new;
mod output;
mod places;
mod plan;
mod play;
mod population;
mod progress;
mod replay;
mod reports;
mod review;
mod run;
mod schema;
mod seats;
mod select;
mod selftest;
mod serve;
mod shard;
mod shell;
mod snapshot;
mod snapshots;
mod stop;
mod store;
mod stream;
mod suite;
mod system;
mod tellable;
mod threads;
mod told;
mod tour;
mod watch;

use args::{Command, Typed};
use clap::Parser as _;
use exit::Exit;
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    let typed = Typed::parse();
    let output = Output::new(&typed.look);
    fault::caught(output, || command(&typed, output)).into()
}

fn command(typed: &Typed, output: Output) -> Exit {
    let done = match &typed.command {
        None => output.print(HELLO).map(|()| Exit::AsExpected),
        Some(Command::Check(paths)) => check::check(paths, output),
        Some(Command::List(list)) => list::list(list, output),
        Some(Command::Run(run)) => run::run(run, typed.look.progress, output),
        Some(Command::Explore(args)) => explore::explore(args, typed.look.progress, output),
        Some(Command::Report(args)) => merge::merge(args, output),
        Some(Command::Selftest(args)) => selftest::selftest(args, typed.look.progress, output),
        Some(Command::Population(what)) => population::population(what, output),
        Some(Command::Explain(what)) => explain::explain(what, output),
        Some(Command::Clock(args)) => clock::clock(args, output),
        Some(Command::Serve(serve)) => serve::serve(serve, output),
        Some(Command::Store(store)) => store::store(store, output),
        Some(Command::Replay(replay)) => replay::replay(replay, typed.look.progress, output),
        Some(Command::Review(review)) => review::review(review, output),
        Some(Command::Completions(what)) => shell::completions(what, output),
        Some(Command::Man(what)) => shell::man(what, output),
        Some(Command::New(new)) => new::new(new, output),
        Some(Command::Lsp) => lsp::serve(output),
        Some(Command::Fmt(fmt)) => fmt::fmt(fmt, output),
        Some(Command::Plan(typed)) => plan::plan(typed, output),
        Some(Command::SignOff(typed)) => plan::sign_off(typed, output),
        Some(Command::Try) => tour::tour(output),
        Some(Command::Schema(args)) => schema::schema(args, output),
    };
    done.unwrap_or_else(|exit| exit)
}

const HELLO: &str = "\
rehearse: rehearse the integration between a rostering system and ACP before it touches real care records.

  rehearse try      a two-minute tour with made-up data: start here
  rehearse run      run the scenarios in the folder scenarios
  rehearse list     list them; with --rules: what the guidance says and what proves it
  rehearse new      write a scenario to start from, which passes
  rehearse plan     rehearse a go-live from two exports; then rehearse signoff
  rehearse check    check scenario files without running them
  rehearse fmt      lay scenario files out
  rehearse explain  say why something happened
  rehearse explore  look for what nobody thought of
  rehearse selftest would the suite notice if the engine were wrong?
  rehearse serve    open a sandbox: both systems over HTTP, with a clock that you move
  rehearse review   accept or refuse stories that changed
  rehearse --help   everything else

Try first:  rehearse try
Then:       rehearse run scenarios
";

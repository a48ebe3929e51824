//! The binary: arguments in, exit code out. What scenarios mean, how they are played and how that is told is the
//! other crates' business; here is only which of them is asked, and where the answer goes.

mod args;
mod atomic;
mod check;
mod ci;
mod exit;
mod explain;
mod explore;
mod fault;
mod list;
mod load;
mod merge;
mod nearest;
mod output;
mod play;
mod progress;
mod reports;
mod review;
mod run;
mod select;
mod selftest;
mod serve;
mod snapshot;
mod snapshots;
mod stop;
mod stream;
mod suite;
mod threads;
mod tour;

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
        Some(Command::Explain(what)) => explain::explain(what, output),
        Some(Command::Serve(serve)) => serve::serve(serve, output),
        Some(Command::Review(review)) => review::review(review, output),
        Some(Command::Try) => tour::tour(output),
        Some(Command::Schema) => output.print(&scenario::schema()).map(|()| Exit::AsExpected),
    };
    done.unwrap_or_else(|exit| exit)
}

const HELLO: &str = "\
rehearse: rehearse the integration between a rostering system and ACP before it touches real care records.

  rehearse try      a two-minute tour with made-up data: start here
  rehearse run      run the scenarios in the folder scenarios
  rehearse list     list them; with --rules: what the guidance says and what proves it
  rehearse check    check scenario files without running them
  rehearse explain  say why something happened
  rehearse explore  look for what nobody thought of
  rehearse selftest would the suite notice if the engine were wrong?
  rehearse serve    open a sandbox: both systems over HTTP, with a clock that you move
  rehearse review   accept or refuse stories that changed
  rehearse --help   everything else

Try first:  rehearse try
Then:       rehearse run scenarios
";

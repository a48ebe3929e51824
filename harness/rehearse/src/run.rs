//! `rehearse run`: plays the selected scenarios, tells what came of each in the order of the files, and ends with the
//! total and the exit code that agrees with it. What happens comes as one stream (`stream.rs`); who reads it is decided
//! here.

use crate::{
    args::{Progress, Run, Show},
    check::without_mistakes,
    exit::Exit,
    load,
    output::Output,
    select, stream,
    stream::Wanted,
};
use report::{Json, Reader, Text};

pub(crate) fn run(args: &Run, how: Progress, output: Output) -> Result<Exit, Exit> {
    let suite = without_mistakes(load::load(&args.which.paths.paths), "rehearse.run/1", output)?;
    let selected = select::select(&suite, &args.which, output)?;
    let mut reader = on_standard_output(args.show, output);
    stream::stream(&selected, args, wanted(args, output), (how, output), &mut |event| {
        output.print(&reader.read(event))
    })
}

fn wanted(args: &Run, output: Output) -> Wanted {
    let shows = !output.json && args.show != Show::None;
    Wanted {
        stories: output.verbose > 0,
        failures: shows && !output.plain,
        failures_plain: shows && output.plain,
    }
}

fn on_standard_output(show: Show, output: Output) -> Reader {
    if output.json {
        return Reader::Json(Json::default());
    }
    let show = match show {
        Show::All if output.quiet > 0 => report::Show::Failed,
        Show::All => report::Show::All,
        Show::Failed => report::Show::Failed,
        Show::None => report::Show::None,
    };
    Reader::Text(Text::new(show, output.plain, output.verbose > 0))
}

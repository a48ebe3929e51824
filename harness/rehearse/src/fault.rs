//! A panic is our fault: it is caught here and told without anything that could be personal data.

use crate::{exit::Exit, output::Output};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError},
};

/// Where the last panic was, as `file:line`.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Does the work; a panic in it becomes [`Exit::OurFault`].
pub(crate) fn caught(output: Output, work: impl FnOnce() -> Exit) -> Exit {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        let mut last = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        // The first one says most: others may only follow from it.
        if last.is_none() {
            *last = place;
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take();
        output.note(&report(place.as_deref().unwrap_or("an unknown place")));
        Exit::OurFault
    })
}

fn report(place: &str) -> String {
    format!(
        "\
A fault in rehearse, not in your files. No result of this run can be relied on.
  Version  {}
  Place    {place}
Report these two lines, the seed (it is 1 unless you gave another) and the command. Do not send scenario files that
hold personal data; if a smaller file with made-up people shows the same, send that.
",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_our_fault_and_nothing_of_its_message_is_told() {
        let output = Output::new(&crate::args::look("-qq"));
        let exit = caught(output, || panic!("Ada Okafor"));
        assert_eq!(exit, Exit::OurFault);
        assert!(!report("here").contains("Ada"));
    }
}

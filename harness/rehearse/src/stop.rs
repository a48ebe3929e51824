//! Signals. Ctrl+C: the first one is asked about between cases, so that what was done is still told; the second ends at once.

use crate::exit::Exit;
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Whether somebody pressed Ctrl+C since [`listen`].
pub(crate) fn asked() -> bool {
    ASKED.get().is_some_and(|asked| asked.load(Ordering::Relaxed))
}

/// As [`listen`], for a command that has to be told to end: the flag that Ctrl+C, or a polite request of the system to
/// end, puts up.
pub(crate) fn flag() -> Arc<AtomicBool> {
    listen();
    let asked = Arc::clone(ASKED.get_or_init(Arc::default));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::clone(&asked));
    asked
}

/// From now on Ctrl+C is heard. Where that cannot be set up it ends the process, as it always did.
pub(crate) fn listen() {
    // Heard twice, the first Ctrl+C would find the flag up already.
    if ASKED.get().is_some() {
        return;
    }
    let asked = Arc::clone(ASKED.get_or_init(Arc::default));
    let sigint = signal_hook::consts::SIGINT;
    let code = i32::from(Exit::Stopped.code());
    // In this order: the first Ctrl+C finds the flag down, and puts it up after.
    let _ = signal_hook::flag::register_conditional_shutdown(sigint, code, Arc::clone(&asked))
        .and_then(|_| signal_hook::flag::register(sigint, asked));
}

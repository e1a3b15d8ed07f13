//! Long work shows itself, and can be stopped: a bar with rate and time left on a terminal, and Ctrl-C.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::audit::Watch;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(700);

/// Whether Ctrl-C was pressed.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Shows how far an audit is, and stops it after Ctrl-C.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Whether there is somebody to show it to.
    is_seen: bool,
    is_drawn: AtomicBool,
}

impl Progress {
    /// Begins, with so many bytes to read. It is silent unless the standard error is a terminal, and `shows` it.
    pub(super) fn new(bytes: u64, shows: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let is_seen = shows && !dumb && io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {binary_bytes_per_sec}  {eta} left");
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        // Where no handler can be set, Ctrl-C ends the program as it always did.
        let _ = ctrlc::set_handler(stop);
        Self { bar, is_seen, is_drawn: AtomicBool::new(false) }
    }

    /// Wipes the bar away: what follows is the report.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[expect(clippy::exit, reason = "a second Ctrl-C is for when the first takes too long")]
fn stop() {
    const INTERRUPTED: i32 = 130;
    if STOPPED.swap(true, Ordering::Relaxed) {
        std::process::exit(INTERRUPTED);
    }
}

impl Watch for Progress {
    fn advanced(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.is_seen && self.bar.elapsed() > PATIENCE && !self.is_drawn.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn is_over(&self) -> bool {
        STOPPED.load(Ordering::Relaxed)
    }
}

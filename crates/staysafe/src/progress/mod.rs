//! How far a long calculation is, and whether to go on with it.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a calculation is. A unit is one indicator in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Units that are done.
    pub done: u64,
    /// Units in all; 0 while records are still being made ready.
    pub of: u64,
}

/// What is told how far a calculation is, and says whether to go on.
///
/// It is asked often, from whichever thread works, and must answer at once.
pub type Listener<'l> = &'l (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// Somebody who watches a calculation and may stop it.
///
/// A calculation asks [`goes_on`](Self::goes_on) between units of work and inside long ones. Whoever is told *no* gives up what it
/// was doing and returns anything: what a stopped calculation found is thrown away as a whole.
///
/// # Example
/// ```
/// use std::ops::ControlFlow;
/// use staysafe::progress::{Progress, Watch};
///
/// let enough = |progress: Progress| if progress.done < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
/// let watch = Watch::new(&enough);
/// watch.of(3);
/// assert!(watch.done(1));
/// assert!(!watch.done(1));
/// assert!(watch.is_stopped());
/// assert!(Watch::nobody().goes_on());
/// ```
#[derive(Default)]
pub struct Watch<'l> {
    listener: Option<Listener<'l>>,
    done: AtomicU64,
    of: AtomicU64,
    stopped: AtomicBool,
}

impl<'l> Watch<'l> {
    /// Nobody watches: a calculation runs to its end.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// Somebody is told, and may stop it.
    pub fn new(listener: Listener<'l>) -> Self {
        Self { listener: Some(listener), ..Self::default() }
    }

    /// Says how many units there will be.
    pub fn of(&self, units: u64) {
        self.of.store(units, Ordering::Relaxed);
    }

    /// Says that so many more units are done, and asks whether to go on.
    pub fn done(&self, units: u64) -> bool {
        self.done.fetch_add(units, Ordering::Relaxed);
        self.goes_on()
    }

    /// Whether to go on. Once it is *no*, it stays so.
    pub fn goes_on(&self) -> bool {
        let Some(listener) = self.listener else { return true };
        if self.is_stopped() {
            return false;
        }
        let progress =
            Progress { done: self.done.load(Ordering::Relaxed), of: self.of.load(Ordering::Relaxed) };
        let goes_on = listener(progress).is_continue();
        if !goes_on {
            self.stopped.store(true, Ordering::Relaxed);
        }
        goes_on
    }

    /// Whether somebody stopped it.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let watched = self.listener.is_some();
        f.debug_struct("Watch").field("watched", &watched).field("stopped", &self.is_stopped()).finish()
    }
}

//! Ctrl-C and progress while the library calculates.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use staysafe::progress::{Progress, Watch};

use crate::error::refused;

/// How often the interpreter looks up: often enough for whoever presses Ctrl-C, too seldom to be felt.
const BETWEEN: Duration = Duration::from_millis(25);

/// How far the work is, and whether anybody still wants it.
#[derive(Default)]
struct Told {
    done: AtomicU64,
    of: AtomicU64,
    unwanted: AtomicBool,
}

/// Does work on a thread of its own, while the one that called looks now and then whether somebody pressed Ctrl-C, and
/// says how far the work is.
///
/// What is raised meanwhile (`KeyboardInterrupt`, or whatever `progress` raises) is raised at once. The work is told, and ends
/// when it next asks; what it holds it owns, so nobody waits for it.
pub(crate) fn watched<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&Watch<'_>) -> PyResult<T> + Send + 'static,
) -> PyResult<T> {
    let told = Arc::new(Told::default());
    let (give, take) = sync_channel(1);
    let own = Arc::clone(&told);
    let worker = thread::Builder::new().name("staysafe".to_owned()).spawn(move || {
        let listener = |at: Progress| {
            own.of.store(at.of, Ordering::Relaxed);
            own.done.store(at.done, Ordering::Relaxed);
            if own.unwanted.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        // Nobody may be there any more to take it.
        let _ = give.send(work(&Watch::new(&listener)));
    });
    let worker = worker.map_err(refused)?;
    let mut said = None;
    let mut say = |py: Python<'_>| {
        let now = (told.done.load(Ordering::Relaxed), told.of.load(Ordering::Relaxed));
        if let Some(progress) = progress.filter(|_| now.1 > 0 && said != Some(now)) {
            said = Some(now);
            progress.call1(py, now)?;
        }
        Ok(())
    };
    // The receiver is moved in and out, because it is of one thread only.
    let mut take = take;
    loop {
        let (back, heard) = py.detach(move || {
            let heard = take.recv_timeout(BETWEEN);
            (take, heard)
        });
        take = back;
        match heard {
            Ok(done) => {
                say(py)?;
                return done;
            }
            Err(RecvTimeoutError::Timeout) => {
                let wanted = py.check_signals().and_then(|()| say(py));
                if let Err(raised) = wanted {
                    told.unwanted.store(true, Ordering::Relaxed);
                    return Err(raised);
                }
            }
            // It ended without an answer: it panicked, and so does whoever waited for it.
            Err(RecvTimeoutError::Disconnected) => {
                return match worker.join() {
                    Err(panicked) => std::panic::resume_unwind(panicked),
                    Ok(()) => Err(refused("the calculation ended without an answer")),
                };
            }
        }
    }
}

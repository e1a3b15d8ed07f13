//! One pass over the blocks of a log: several workers take blocks, and what they make of them is put in the order of the log.
//!
//! So what comes out never depends on how many workers there are, or on which of them is faster.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::blocks::Block;

/// How many blocks may be done before one that is not.
const AHEAD: usize = 32;

/// Lets workers take the blocks, and gives what each makes of them to `merge`, in order. `merge` says whether to go on. One
/// worker is `own`; where several are of use, `make` makes each where it works.
pub(super) fn in_order<W, P: Send>(
    threads: usize,
    own: &mut W,
    make: impl Fn() -> W + Sync,
    blocks: &[Block],
    work: impl Fn(&mut W, &Block, usize) -> P + Sync,
    mut merge: impl FnMut(P, &Block) -> bool,
) {
    let threads = threads.min(blocks.len());
    if threads < 2 {
        return alone(own, blocks, &work, &mut merge);
    }
    let (next, over, window) = (AtomicUsize::new(0), AtomicBool::new(false), Window::default());
    let (send, receive) = sync_channel(threads * 2);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (send, make, work, next, over, window) = (send.clone(), &make, &work, &next, &over, &window);
            scope.spawn(move || {
                let mut worker = make();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(block) = blocks.get(at) else { return };
                    window.wait_for(at);
                    if over.load(Ordering::Relaxed) || send.send((at, work(&mut worker, block, at))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut done = BTreeMap::new();
        let mut merged = 0;
        for (at, portion) in receive {
            done.insert(at, portion);
            while let Some((portion, block)) = done.remove(&merged).zip(blocks.get(merged)) {
                merged += 1;
                if !over.load(Ordering::Relaxed) && !merge(portion, block) {
                    over.store(true, Ordering::Relaxed);
                }
                window.move_to(merged);
            }
        }
    });
}

fn alone<W, P>(
    worker: &mut W,
    blocks: &[Block],
    work: &impl Fn(&mut W, &Block, usize) -> P,
    merge: &mut impl FnMut(P, &Block) -> bool,
) {
    for (at, block) in blocks.iter().enumerate() {
        if !merge(work(worker, block, at), block) {
            return;
        }
    }
}

/// Keeps workers from running too far ahead of the one that is slowest.
#[derive(Default)]
struct Window {
    merged: Mutex<usize>,
    moved: Condvar,
}

impl Window {
    fn wait_for(&self, at: usize) {
        let merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.moved.wait_while(merged, |merged| at >= *merged + AHEAD);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn move_to(&self, merged: usize) {
        *self.merged.lock().unwrap_or_else(PoisonError::into_inner) = merged;
        self.moved.notify_all();
    }
}

//! The way of orders to the writer. Waking a thread costs as much as a small commit, so an order that nobody waits for
//! wakes the writer only when it is idle; while a transaction is open it lies until the writer looks again.

use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::time::{Duration, Instant};

use super::error::{Result, StoreError};
use super::writer::Order;

/// While a transaction is open and nobody waits, the writer looks for more so often.
const LOOK: Duration = Duration::from_millis(20);

/// Where orders are given.
#[derive(Clone)]
pub(super) struct Desk {
    orders: Sender<Order>,
    bell: SyncSender<()>,
}

/// Where they are taken.
pub(super) struct Orders {
    orders: Receiver<Order>,
    bell: Receiver<()>,
}

/// A queue, empty.
pub(super) fn queue() -> (Desk, Orders) {
    let (give, take) = channel();
    let (ring, hear) = sync_channel(1);
    (Desk { orders: give, bell: ring }, Orders { orders: take, bell: hear })
}

impl Desk {
    /// Gives an order.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if the writer is gone.
    pub(super) fn give(&self, order: Order) -> Result<()> {
        let may_lie = matches!(order, Order::Write(_, false));
        self.orders.send(order).map_err(|_| StoreError::Closed)?;
        if !may_lie {
            // A bell that rings already rings for this as well.
            self.bell.try_send(()).ok();
        }
        Ok(())
    }
}

impl Orders {
    /// The next order, however long it takes; `None` if nobody is left to give one.
    pub(super) fn wait(&self) -> Option<Order> {
        self.orders.recv().ok()
    }

    /// The next order if it comes in time, at once if the bell rings for it.
    pub(super) fn wait_until(&self, until: Instant) -> Option<Order> {
        loop {
            match self.orders.try_recv() {
                Ok(order) => return Some(order),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            // Whether it rang or not, the queue is looked at.
            self.bell.recv_timeout(left.min(LOOK)).ok();
        }
    }

    /// The next order if it is there.
    pub(super) fn look(&self) -> Option<Order> {
        self.orders.try_recv().ok()
    }
}

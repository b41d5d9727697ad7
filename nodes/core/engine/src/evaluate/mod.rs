//! Evaluation: pull, by frame, by content.

mod account;
mod evaluator;
mod flight;
mod job;
mod produce;
mod rehome;
mod scheduler;

pub use account::{Account, Booked, NodeAccount};
pub use evaluator::{Evaluator, Frame, Wish};
pub use job::JobOrder;
pub use produce::{Produced, Shelf};
pub use scheduler::{Scheduler, Ticket};

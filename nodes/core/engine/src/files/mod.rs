//! Files: written whole or not at all, known by their content, and named within what a person allowed.

mod atomic;

pub use atomic::{Temporary, io_error, write_atomic};

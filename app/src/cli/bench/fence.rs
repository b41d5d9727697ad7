//! Waiting until an executor has made what it was asked for.

use rushes_engine::{Cancel, Result};
use rushes_gpu::{Executor, Pixels, Precision};

/// Waits for all that was asked so far. A device does its work in the order in which it was handed over, so a picture
/// of one pixel that is read back says that what came before is done.
pub(super) fn finish(executor: &dyn Executor, cancel: &Cancel) -> Result<()> {
    let one = Pixels { width: 1, height: 1, rgba: vec![[0.0; 4]] };
    let image = executor.image(&one, Precision::Half)?;
    executor.read(&image, cancel).map(drop)
}

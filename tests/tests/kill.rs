//! What was done stays done when the program is killed; `make soak` kills it a hundred times.
#![cfg(unix)]

use anyhow::Result;
use rushes_tests::survive_kills;

#[test]
fn ten_kills_lose_nothing_that_was_done() -> Result<()> {
    survive_kills(10, 1)
}

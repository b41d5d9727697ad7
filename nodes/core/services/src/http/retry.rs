//! When to ask again, and how long to wait before.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::Limits;

/// The longest that a server is obeyed when it says to wait.
const LONGEST_OBEYED: Duration = Duration::from_secs(60);

/// Whether the same question may be answered better later.
pub(super) fn may_pass(status: StatusCode, headers: &HeaderMap) -> bool {
    let says =
        |name: &str, word: &str| headers.get(name).is_some_and(|value| value.as_bytes() == word.as_bytes());
    let own_timeout = says("x-fal-request-timeout-type", "user");
    let passing = matches!(status.as_u16(), 408 | 429 | 500..=599);
    passing && !own_timeout && !says("x-fal-retryable", "false")
}

/// How long to wait before attempt number `attempt`, the first repetition being 1: what the server says, or doubled each
/// time with full jitter, so that many programs do not come back together.
pub(crate) fn wait(limits: &Limits, attempt: u32, headers: Option<&HeaderMap>) -> Duration {
    if let Some(told) = headers.and_then(told) {
        return told.min(LONGEST_OBEYED);
    }
    let doubled = limits.retry.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    doubled.min(limits.longest_retry).mul_f64(chance())
}

/// How long to wait until the next question whether it is made, `waited` after the first.
pub(crate) fn poll(limits: &Limits, waited: Duration) -> Duration {
    let stretch = ((waited.as_secs_f64() - 120.0) / 120.0).clamp(0.0, 1.0);
    limits.poll.mul_f64((1.0 + 2.0 * stretch) * (0.8 + 0.4 * chance()))
}

/// `Retry-After` in seconds. A date there is not read: a clock may be wrong, and doubling does as well.
fn told(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let milliseconds = number("retry-after-ms").map(|ms| ms / 1000.0);
    let seconds = milliseconds.or_else(|| number(RETRY_AFTER.as_str()))?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// A number from 0 to 1.
fn chance() -> f64 {
    RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_asked_again_and_nothing_else() {
        let mut headers = HeaderMap::new();
        let passing = |headers: &HeaderMap| -> Vec<u16> {
            let all = [200, 302, 400, 401, 402, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504];
            all.into_iter().filter(|s| may_pass(StatusCode::from_u16(*s).unwrap(), headers)).collect()
        };
        assert_eq!(passing(&headers), [408, 429, 500, 502, 503, 504]);
        headers.insert("x-fal-request-timeout-type", "user".parse().unwrap());
        assert_eq!(passing(&headers), [0u16; 0]);
    }

    #[test]
    fn waits_grow_to_a_bound_and_obey_the_server_to_a_bound() {
        let limits = Limits::default();
        for attempt in 1..40 {
            let most = Duration::from_secs(1 << (attempt - 1).min(5)).min(limits.longest_retry);
            assert!(wait(&limits, attempt, None) <= most);
        }
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().unwrap());
        assert_eq!(wait(&limits, 1, Some(&headers)), Duration::from_secs(7));
        headers.insert("retry-after", "9999".parse().unwrap());
        assert_eq!(wait(&limits, 1, Some(&headers)), LONGEST_OBEYED);
        headers.insert("retry-after", "-1".parse().unwrap());
        assert!(wait(&limits, 1, Some(&headers)) <= limits.retry);
    }

    #[test]
    fn questions_become_rarer_after_two_minutes() {
        let limits = Limits::default();
        let within = |waited, low: f64, high: f64| {
            let next = poll(&limits, Duration::from_secs(waited)).as_secs_f64();
            (low..=high).contains(&next)
        };
        assert!(within(0, 0.8, 1.2) && within(119, 0.8, 1.2) && within(600, 2.4, 3.6));
    }
}

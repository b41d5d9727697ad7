//! What work with an encoder costs beside the encoder alone and the work without it.

use super::job::Job;
use super::turns::Done;
use crate::cli::bench::child::Cost;
use crate::cli::bench::median;
use crate::cli::bench::table::figure;

/// A line for each job that is written, of what Rushes and the encoder alone, the first two sides, took.
///
/// A ratio is that of one turn, in which the three ran one after the other: a machine that others share is faster at one
/// time than at another, by more than what is to be seen.
pub(super) fn words(done: &[Done]) -> Vec<String> {
    let line = |written: &Done| {
        let plain = done.iter().find(|plain| plain.job == Job { encoded: None, ..written.job })?;
        let ratios = ratios(written.costs(0)?, written.costs(1)?, plain.costs(0)?);
        let [least, most] = [ratios.first()?, ratios.last()?].map(|ratio| figure(*ratio));
        Some(format!(
            "{}: {} times the processors of the encoder alone and of Rushes without it ({least} to {most} in single turns)",
            written.job.name(),
            figure(median(&ratios))
        ))
    };
    done.iter().filter(|done| done.job.encoded.is_some()).filter_map(line).collect()
}

/// Of every turn, the lowest first.
fn ratios(all: &[Cost], alone: &[Cost], plain: &[Cost]) -> Vec<f64> {
    let turns = all.iter().zip(alone).zip(plain);
    let ratio = |((all, alone), plain): ((&Cost, &Cost), &Cost)| {
        Some(all.processor? / (alone.processor? + plain.processor?))
    };
    let mut ratios: Vec<f64> = turns.filter_map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::X264;
    use rushes_engine::Error;

    fn done(encoded: Option<X264>, sides: [Option<&[f64]>; 2]) -> Done {
        let cost = |&processor: &f64| Cost { processor: Some(processor), ..Cost::default() };
        let costs = |side: Option<&[f64]>| side.map(|s| s.iter().map(cost).collect());
        let sides = sides.map(|side| costs(side).ok_or_else(|| Error::system("failed")));
        Done { job: Job { to: None, encoded }, sides: sides.into() }
    }

    #[test]
    fn turns_stand_beside_themselves() {
        let written = done(Some(X264::Veryfast), [Some(&[6.6, 14.0, 7.2]), Some(&[4.0, 8.0, 4.0])]);
        let plain = done(None, [Some(&[2.0, 2.0, 2.0]), Some(&[])]);
        let lines = words(&[written, plain]);
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].contains("veryfast: 1.20 times") && lines[0].contains("(1.10 to 1.40 "),
            "{lines:?}"
        );
    }

    #[test]
    fn nothing_is_said_of_what_was_not_measured() {
        let written = || done(Some(X264::Veryfast), [Some(&[6.6]), Some(&[4.0])]);
        let failed = done(Some(X264::Veryfast), [Some(&[6.6]), None]);
        let plain = || done(None, [Some(&[2.0]), Some(&[])]);
        assert!(words(&[written()]).is_empty() && words(&[plain()]).is_empty());
        assert!(words(&[failed, plain()]).is_empty());
        let elsewhere = Done { job: Job { to: Some((64, 36)), encoded: None }, ..plain() };
        assert!(words(&[written(), elsewhere]).is_empty());
    }
}

//! Every side in turn, again and again.

use super::Side;
use super::clips::Clips;
use super::job::Job;
use crate::cli::bench::child::Cost;
use crate::cli::bench::touch;
use rushes_engine::{Cancel, Progress, Result};

/// What a job took each time on every side; a peer that failed says why.
pub(super) struct Done {
    pub(super) job: Job,
    pub(super) sides: Vec<Result<Vec<Cost>>>,
}

impl Done {
    /// What a side took, where it did not fail.
    pub(super) fn costs(&self, side: usize) -> Option<&[Cost]> {
        Some(self.sides.get(side)?.as_ref().ok()?)
    }
}

/// Measures `jobs`, each `runs` times; a side does all of one size before it is the next one's turn, so that what stands
/// beside each other ran after each other.
///
/// One run before these is not counted: it fills caches, makes indexes, and shows how much memory must be ready for those
/// that are.
///
/// A peer that fails is told and asked no more; without Rushes there is nothing to tell.
pub(super) fn measured(
    sides: &[Side<'_>],
    jobs: &[Job],
    clips: &Clips,
    runs: u32,
    (progress, stop): (&Progress, &Cancel),
) -> Result<Vec<Done>> {
    let begun = |&job: &Job| Done { job, sides: sides.iter().map(|_| Ok(Vec::new())).collect() };
    let mut all: Vec<Done> = jobs.iter().map(begun).collect();
    let does = |job: &Job| sides.iter().filter(|side| side.does(job)).count();
    let steps = (runs as usize + 1) * jobs.iter().map(does).sum::<usize>();
    let mut step = 0;
    for of_a_size in all.chunk_by_mut(|a, b| a.job.to == b.job.to) {
        let mut peak = 0.0_f64;
        for turn in 0..=runs {
            for (number, who) in sides.iter().enumerate() {
                for Done { job, sides } in of_a_size.iter_mut().filter(|done| who.does(&done.job)) {
                    progress.report(step as f32 / steps as f32, &format!("{}: {}", job.name(), who.name()));
                    step += 1;
                    let Some(costs) = sides.get_mut(number).filter(|costs| costs.is_ok()) else { continue };
                    if turn > 0 {
                        touch::in_child(peak);
                    }
                    match stop.check().and_then(|()| who.run(job, clips, stop)) {
                        Ok(cost) if turn == 0 => peak = peak.max(cost.peak.unwrap_or_default()),
                        Ok(cost) => costs.iter_mut().for_each(|costs| costs.push(cost)),
                        Err(error) if error.is_cancelled() || matches!(who, Side::Rushes(_)) => {
                            return Err(error);
                        }
                        Err(error) => *costs = Err(error),
                    }
                }
            }
        }
    }
    Ok(all)
}

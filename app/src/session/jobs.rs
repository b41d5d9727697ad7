//! What runs would cost, what they may cost, and what has been run.

use super::{Rendered, Session};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::plan::Priced;
use rushes_engine::{Error, Result};
use rushes_services::PROVIDERS;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// What paid steps may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// The most that a run may cost, in US dollars; nothing where `None`.
    pub max_usd: Option<f64>,
    /// Runs whatever it costs.
    pub yes: bool,
}

impl Budget {
    /// Refuses a run that costs more, naming each paid step and its price.
    ///
    /// # Errors
    /// A consent error.
    pub fn allow(&self, steps: &[Priced]) -> Result<()> {
        let sum: f64 = steps.iter().map(|step| step.usd).sum();
        if self.yes || sum <= 0.0 || sum <= self.max_usd.unwrap_or(0.0) {
            return Ok(());
        }
        let paid = steps.iter().filter(|step| step.usd > 0.0);
        let each: Vec<String> = paid.map(in_words).collect();
        Err(Error::consent(format!("it would cost ${sum:.2}: {}", each.join(", ")))
            .help(format!("allow it with --yes, or with --max-cost {sum:.2}")))
    }
}

/// A paid step in words: what it costs, who does it and what they are sent.
fn in_words(step: &Priced) -> String {
    let price = format!("{} ${:.2}", step.node, step.usd);
    match &step.errand {
        Some(errand) => format!("{price} at {} for {}", errand.to, errand.sends.join(" and ")),
        None => price,
    }
}

/// A job that has ended in this session.
#[derive(Clone, Debug, Serialize)]
pub struct JobNote {
    /// The node; none for every deliver node.
    pub node: Option<NodeId>,
    /// `done`, `failed` or `cancelled`.
    pub state: &'static str,
    /// What went wrong.
    pub error: String,
    /// The files.
    pub files: Vec<PathBuf>,
    /// Frames written.
    pub frames: u64,
    /// How long it took.
    pub seconds: f64,
}

impl Session {
    /// The jobs that running a node, or everything, would run, with their prices.
    pub fn quote(&mut self, node: Option<&NodeId>) -> Result<Vec<Priced>> {
        let described = self.described();
        if let Some(node) = node {
            described.slot(node)?;
        }
        self.unpaid(&described, node.map(std::slice::from_ref), None)
    }

    /// Refuses paid steps whose provider's key is not there, before any work is done for them.
    pub fn check_keys(&self, steps: &[Priced]) -> Result<()> {
        let asked = steps.iter().filter(|step| step.usd > 0.0).filter_map(|step| step.errand.as_ref());
        for provider in PROVIDERS {
            if asked.clone().any(|errand| errand.to == provider.label) {
                self.services.remote()?.keys().require(provider)?;
            }
        }
        Ok(())
    }

    /// What paid steps may cost from now on.
    pub fn set_budget(&mut self, budget: Budget) {
        self.budget = budget;
    }

    /// What paid steps may cost.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// The jobs that have ended, oldest first.
    pub fn jobs(&self) -> &[JobNote] {
        &self.jobs
    }

    pub(super) fn note_job(&mut self, node: Option<&NodeId>, took: Duration, result: &Result<Rendered>) {
        let (state, error) = match result {
            Ok(_) => ("done", String::new()),
            Err(e) if e.is_cancelled() => ("cancelled", String::new()),
            Err(e) => ("failed", e.to_string()),
        };
        let (files, frames) = result.as_ref().map(|r| (r.files.clone(), r.frames)).unwrap_or_default();
        let seconds = took.as_secs_f64();
        self.jobs.push(JobNote { node: node.cloned(), state, error, files, frames, seconds });
    }

    /// Sets what is to change after a run, such as a seed that counts up, as one step of undo. A value that was edited
    /// meanwhile stays.
    pub fn after_run(&mut self, edits: &[Edit]) -> Result<()> {
        if edits.is_empty() {
            return Ok(());
        }
        let due = self.described().after_run(None);
        let edits: Vec<Edit> = edits.iter().filter(|edit| due.contains(edit)).cloned().collect();
        if edits.is_empty() {
            return Ok(());
        }
        self.apply(edits, Some("New seed"), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::tool::Errand;

    #[test]
    fn a_budget_lets_through_what_it_covers() {
        let step = |node: &str, usd| {
            let errand = (node == "shot").then(|| Errand {
                to: "fal.ai".into(),
                engine: "Seedance".into(),
                sends: vec!["the picture".into(), "the words “rain”".into()],
            });
            Priced { node: node.parse().unwrap(), kind: String::new(), usd, errand }
        };
        let steps = [step("free", 0.0), step("shot", 0.62), step("voice", 0.1)];
        assert_eq!(Budget::default().allow(&steps[..1]), Ok(()), "what is done here is free");
        let refused = Budget::default().allow(&steps).unwrap_err();
        assert_eq!(refused.kind().exit_code(), 4);
        assert_eq!(
            refused.to_string(),
            "it would cost $0.72: shot $0.62 at fal.ai for the picture and the words “rain”, voice $0.10"
        );
        let none = Budget { max_usd: Some(f64::NAN), yes: false };
        assert!(none.allow(&steps[..1]).is_ok() && none.allow(&steps).is_err(), "no number covers nothing");
        let upto = |max_usd| Budget { max_usd: Some(max_usd), yes: false };
        assert!(upto(0.71).allow(&steps).is_err() && upto(0.73).allow(&steps).is_ok());
        assert_eq!(Budget { yes: true, ..Budget::default() }.allow(&steps), Ok(()));
    }
}

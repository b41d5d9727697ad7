//! Making takes: what was made once is found again, by its recipe before the job is run and by what it would send
//! before it is paid for.

use super::evaluator::Evaluator;
use super::job::JobOrder;
use crate::describe::DescribedGraph;
use crate::library::{Facts, Intake, Library, Links, Take};
use crate::plan::Planner;
use crate::{Error, Key, Result};

/// Where takes go.
pub struct Shelf<'a> {
    /// The library.
    pub library: &'a Library,
    /// What it becomes a take of, in the words of the caller.
    pub series: Option<&'a str>,
    /// Runs whatever is known: a person asked for another one.
    pub again: bool,
}

/// A take, made or found.
#[derive(Clone, Debug, PartialEq)]
pub struct Produced {
    /// The take.
    pub take: Take,
    /// The job ran for it; otherwise it was known and nothing was spent.
    pub ran: bool,
    /// What a person should know.
    pub words: Vec<String>,
    /// The line of the ledger that waits to hear that the take is in the library.
    pub row: Option<String>,
}

impl Evaluator {
    /// The take that a job makes in the folder `order.out`, on this thread. In the library before this returns.
    pub fn produce(
        &self,
        graph: &DescribedGraph,
        order: &JobOrder<'_>,
        shelf: &Shelf<'_>,
    ) -> Result<Produced> {
        let recipe = Planner::new(graph, 1).recipe(order.node)?;
        let links = |content: Option<Key>| Links {
            recipe: Some(recipe.key),
            content,
            series: shelf.series.map(str::to_owned),
            made: Some(recipe.made.clone()),
        };
        let found = |take: Take, content| {
            let take = shelf.library.link(&take.id, &links(content))?;
            Ok(Produced { take, ran: false, words: Vec::new(), row: None })
        };
        if let Some(take) = shelf.library.by_recipe(recipe.key).pop().filter(|_| !shelf.again) {
            return found(take, None);
        }
        let known = |content| !shelf.again && !shelf.library.by_content(content).is_empty();
        let result = self.run_job(graph, order, &links(None), &known)?;
        if let (Some(content), true) = (result.content, result.files.is_empty()) {
            let take = shelf.library.by_content(content).pop();
            let gone = || Error::missing("the take that was found is gone from the library").at(order.node);
            return found(take.ok_or_else(gone)?, Some(content));
        }
        let files: Vec<_> = result.files.iter().map(std::path::PathBuf::as_path).collect();
        let kind = graph.slot(order.node)?.state.node.kind.to_string();
        let facts = Facts { kind, brought: false, ..result.facts };
        let take = shelf.library.add(&files, Intake::Move, facts, &links(result.content), order.cancel)?;
        Ok(Produced { take, ran: true, words: result.words, row: result.row })
    }
}

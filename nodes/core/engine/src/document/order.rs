//! Which node comes before which. No recursion: a chain may be as long as a file allows.

use super::{Graph, NodeId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The nodes of a graph in the order of the flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Every node once, each after the nodes it takes from; within a cycle in no particular order.
    pub nodes: Vec<NodeId>,
    /// One cycle for each knot of nodes that feed each other, in the direction of the flow.
    pub cycles: Vec<Vec<NodeId>>,
}

impl Graph {
    /// The order of the flow, by Tarjan's strongly connected components (1972) over the wires against the flow.
    pub fn order(&self) -> Order {
        let ids: Vec<&NodeId> = self.nodes.keys().collect();
        let sources = self.sources(&ids);
        let mut order = Order::default();
        for knot in components(&sources) {
            let cyclic = match knot.as_slice() {
                [one] => sources.get(*one).is_some_and(|s| s.contains(one)),
                _ => true,
            };
            if cyclic {
                let cycle = cycle_in(&sources, &knot);
                order.cycles.push(cycle.iter().filter_map(|i| ids.get(*i)).map(|id| (*id).clone()).collect());
            }
            order.nodes.extend(knot.iter().filter_map(|i| ids.get(*i)).map(|id| (*id).clone()));
        }
        order
    }

    /// The cycles of [`Graph::order`]; none in a graph that can be evaluated.
    pub fn cycles(&self) -> Vec<Vec<NodeId>> {
        self.order().cycles
    }

    /// `roots` and every node that they take from, near or far.
    pub fn upstream<'a>(&self, roots: impl IntoIterator<Item = &'a NodeId>) -> BTreeSet<NodeId> {
        let mut seen: BTreeSet<NodeId> = roots.into_iter().cloned().collect();
        let mut open: Vec<NodeId> = seen.iter().cloned().collect();
        while let Some(id) = open.pop() {
            for (_, link) in self.links_into(&id) {
                if seen.insert(link.from.node.clone()) {
                    open.push(link.from.node.clone());
                }
            }
        }
        seen
    }

    /// `roots` and every node that takes from them, near or far.
    pub fn downstream<'a>(&self, roots: impl IntoIterator<Item = &'a NodeId>) -> BTreeSet<NodeId> {
        let mut readers: BTreeMap<&NodeId, Vec<&NodeId>> = BTreeMap::new();
        for (to, link) in self.links.iter() {
            readers.entry(&link.from.node).or_default().push(&to.node);
        }
        let mut seen: BTreeSet<NodeId> = roots.into_iter().cloned().collect();
        let mut open: Vec<NodeId> = seen.iter().cloned().collect();
        while let Some(id) = open.pop() {
            for next in readers.get(&id).into_iter().flatten() {
                if seen.insert((*next).clone()) {
                    open.push((*next).clone());
                }
            }
        }
        seen
    }

    /// A shortest way along the wires from `from` to `to`, both included.
    pub fn path(&self, from: &NodeId, to: &NodeId) -> Option<Vec<NodeId>> {
        let mut next: BTreeMap<NodeId, Option<NodeId>> = BTreeMap::from([(to.clone(), None)]);
        let mut open = VecDeque::from([to.clone()]);
        while let Some(id) = open.pop_front() {
            if id == *from {
                let mut path = vec![id];
                while let Some(Some(after)) = path.last().and_then(|id| next.get(id)) {
                    path.push(after.clone());
                }
                return Some(path);
            }
            for (_, link) in self.links_into(&id) {
                if !next.contains_key(&link.from.node) {
                    next.insert(link.from.node.clone(), Some(id.clone()));
                    open.push_back(link.from.node.clone());
                }
            }
        }
        None
    }

    /// For each node of `ids`, which are sorted, the places of the nodes it takes from.
    fn sources(&self, ids: &[&NodeId]) -> Vec<Vec<usize>> {
        let mut sources = vec![Vec::new(); ids.len()];
        let place = |id: &NodeId| ids.binary_search(&id).ok();
        for (to, link) in self.links.iter() {
            if let (Some(to), Some(from)) = (place(&to.node), place(&link.from.node))
                && let Some(list) = sources.get_mut(to)
                && list.last() != Some(&from)
            {
                list.push(from);
            }
        }
        sources
    }
}

/// The strongly connected components of a graph given by its successors, each after all it leads to.
fn components(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; next.len()];
    let mut low = vec![NEW; next.len()];
    let mut on_stack = vec![false; next.len()];
    let (mut stack, mut found, mut count) = (Vec::new(), Vec::new(), 0);
    for root in 0..next.len() {
        let mut calls = vec![(root, 0)];
        while let Some((v, edge)) = calls.pop() {
            if edge == 0 {
                if number[v] != NEW {
                    continue;
                }
                number[v] = count;
                low[v] = count;
                count += 1;
                stack.push(v);
                on_stack[v] = true;
            }
            if let Some(&w) = next[v].get(edge) {
                calls.push((v, edge + 1));
                if number[w] == NEW {
                    calls.push((w, 0));
                } else if on_stack[w] {
                    low[v] = low[v].min(number[w]);
                }
                continue;
            }
            if low[v] == number[v] {
                let from = stack.iter().rposition(|w| *w == v).unwrap_or(0);
                let knot = stack.split_off(from);
                for w in &knot {
                    on_stack[*w] = false;
                }
                found.push(knot);
            }
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[v]);
            }
        }
    }
    found
}

/// One cycle within a component, in the direction of the flow.
fn cycle_in(sources: &[Vec<usize>], knot: &[usize]) -> Vec<usize> {
    let inside: BTreeSet<usize> = knot.iter().copied().collect();
    let mut walk: Vec<usize> = knot.iter().take(1).copied().collect();
    let mut place = BTreeMap::new();
    while let Some(&last) = walk.last() {
        place.insert(last, walk.len() - 1);
        let Some(back) = sources.get(last).and_then(|s| s.iter().find(|s| inside.contains(s))) else { break };
        if let Some(start) = place.get(back) {
            let mut cycle = walk.split_off(*start);
            cycle.reverse();
            return cycle;
        }
        walk.push(*back);
    }
    walk
}

#[cfg(test)]
#[allow(clippy::needless_range_loop, reason = "matrices read best by their indices")]
mod tests {
    use super::*;
    use crate::document::{Link, Node, PortRef};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn id(i: usize) -> NodeId {
        format!("n{i:05}").parse().unwrap()
    }

    fn wired(count: usize, wires: impl IntoIterator<Item = (usize, usize)>) -> Graph {
        let mut graph = Graph::default();
        for i in 0..count {
            graph.nodes.insert_mut(id(i), Arc::new(Node::default()));
        }
        for (k, (a, b)) in wires.into_iter().enumerate() {
            let link = Link { from: PortRef::new(id(a), "o"), unknown: serde_json::Map::new() };
            graph.links.insert_mut(PortRef::new(id(b), format!("i{k}")), Arc::new(link));
        }
        graph
    }

    /// Floyd and Warshall's closure: what leads to what, the slow and sure way.
    fn reach(count: usize, wires: &[(usize, usize)]) -> Vec<Vec<bool>> {
        let mut r = vec![vec![false; count]; count];
        wires.iter().for_each(|(a, b)| r[*a][*b] = true);
        for k in 0..count {
            for i in 0..count {
                for j in 0..count {
                    r[i][j] |= r[i][k] && r[k][j];
                }
            }
        }
        r
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_nodes_does_not_overflow_the_stack() {
        let n = 100_000;
        let graph = wired(n, (1..n).map(|i| (n - i, n - i - 1)));
        let order = graph.order();
        assert!(order.nodes.iter().eq((0..n).rev().map(id).collect::<Vec<_>>().iter()));
        assert_eq!(order.cycles.len(), 0);
        assert_eq!(graph.upstream([&id(0)]).len(), n);
        assert_eq!(graph.downstream([&id(0)]).len(), 1);
        assert_eq!(graph.path(&id(n - 1), &id(0)).map(|p| p.len()), Some(n));
        assert_eq!(graph.path(&id(0), &id(1)), None);
    }

    proptest! {
        #[test]
        fn order_and_reach_are_those_of_the_closure(
            wires in prop::collection::vec((0..9_usize, 0..9_usize), 0..16)
        ) {
            let graph = wired(9, wires.iter().copied());
            let reach = reach(9, &wires);
            let order = graph.order();
            prop_assert_eq!(order.nodes.iter().collect::<BTreeSet<_>>().len(), 9);
            prop_assert_eq!(order.nodes.len(), 9);
            let at = |i: usize| order.nodes.iter().position(|n| *n == id(i)).unwrap();
            for (a, b) in &wires {
                prop_assert!(at(*a) < at(*b) || reach[*b][*a], "{a} -> {b}");
            }
            // Each knot has one cycle, and each cycle is one.
            let mut knots: Vec<Vec<usize>> = Vec::new();
            for i in (0..9).filter(|i| reach[*i][*i]) {
                match knots.iter_mut().find(|k| reach[k[0]][i] && reach[i][k[0]]) {
                    Some(knot) => knot.push(i),
                    None => knots.push(vec![i]),
                }
            }
            prop_assert_eq!(order.cycles.len(), knots.len());
            for cycle in &order.cycles {
                let cycle: Vec<usize> = cycle.iter().map(|n| (0..9).find(|i| id(*i) == *n).unwrap()).collect();
                for (k, a) in cycle.iter().enumerate() {
                    let wire = (*a, cycle[(k + 1) % cycle.len()]);
                    prop_assert!(wires.contains(&wire), "{cycle:?}");
                }
            }
            for i in 0..9 {
                let set = |f: &dyn Fn(usize) -> bool| (0..9).filter(|j| *j == i || f(*j)).map(id).collect::<BTreeSet<_>>();
                prop_assert_eq!(graph.upstream([&id(i)]), set(&|j| reach[j][i]));
                prop_assert_eq!(graph.downstream([&id(i)]), set(&|j| reach[i][j]));
                for j in 0..9 {
                    prop_assert_eq!(graph.path(&id(i), &id(j)).is_some(), i == j || reach[i][j]);
                }
            }
        }
    }
}

//! Frames that were made, kept in one byte budget over device and main memory.
//!
//! What is dropped first is what is cheapest to make again for the bytes it holds, aged by use (GreedyDual-Size-
//! Frequency, Cherkasova 1998): priority = age at last use + uses × milliseconds to make / bytes.

use crate::{Key, PayloadRef, Tier};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// A frame cache with a budget in bytes.
pub struct MemoryCache {
    budget: u64,
    used: u64,
    age: f64,
    entries: HashMap<Key, Entry>,
    order: BTreeSet<Rank>,
}

struct Entry {
    payload: PayloadRef,
    bytes: u64,
    cost_ms: f64,
    uses: f64,
    rank: Rank,
}

#[derive(Clone, Copy, PartialEq)]
struct Rank {
    priority: f64,
    key: Key,
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.priority.total_cmp(&other.priority).then(self.key.cmp(&other.key))
    }
}

impl MemoryCache {
    /// An empty cache of `budget` bytes.
    pub fn new(budget: u64) -> Self {
        Self { budget, used: 0, age: 0.0, entries: HashMap::new(), order: BTreeSet::new() }
    }

    /// The payload of a key, which counts as a use.
    pub fn get(&mut self, key: Key) -> Option<PayloadRef> {
        let entry = self.entries.get_mut(&key)?;
        self.order.remove(&entry.rank);
        entry.uses += 1.0;
        entry.rank = Rank { priority: priority(self.age, entry), key };
        self.order.insert(entry.rank);
        Some(entry.payload.clone())
    }

    /// Whether a key is here, without counting as a use.
    pub fn contains(&self, key: Key) -> bool {
        self.entries.contains_key(&key)
    }

    /// Keeps a payload that took `cost_ms` to make. One that is larger than the whole budget is not kept.
    pub fn insert(&mut self, key: Key, payload: PayloadRef, cost_ms: f64) {
        self.remove(key);
        let bytes = payload.bytes().max(1);
        if bytes > self.budget {
            return;
        }
        let rank = Rank { priority: 0.0, key };
        let mut entry = Entry { payload, bytes, cost_ms: cost_ms.max(0.001), uses: 1.0, rank };
        entry.rank.priority = priority(self.age, &entry);
        self.used += bytes;
        self.order.insert(entry.rank);
        self.entries.insert(key, entry);
        self.shrink(self.budget);
    }

    /// Makes `new` find what `old` finds: the same frame under its final key.
    pub fn rehome(&mut self, old: Key, new: Key) {
        if self.contains(new) {
            return;
        }
        if let Some(entry) = self.entries.get(&old) {
            let (payload, cost) = (entry.payload.clone(), entry.cost_ms);
            self.remove(old);
            self.insert(new, payload, cost);
        }
    }

    /// Drops everything on the device, as when it was lost.
    pub fn drop_tier(&mut self, tier: Tier) {
        let keys: Vec<_> =
            self.entries.iter().filter(|(_, e)| e.payload.tier() == tier).map(|(k, _)| *k).collect();
        for key in keys {
            self.remove(key);
        }
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
        self.used = 0;
    }

    /// Sets another budget.
    pub fn set_budget(&mut self, budget: u64) {
        self.budget = budget;
        self.shrink(budget);
    }

    /// Bytes in use and the budget.
    pub fn usage(&self) -> (u64, u64) {
        (self.used, self.budget)
    }

    fn shrink(&mut self, to: u64) {
        while self.used > to {
            let Some(first) = self.order.first().copied() else { return };
            self.age = first.priority;
            self.remove(first.key);
        }
    }

    fn remove(&mut self, key: Key) {
        if let Some(entry) = self.entries.remove(&key) {
            self.order.remove(&entry.rank);
            self.used -= entry.bytes;
        }
    }
}

fn priority(age: f64, entry: &Entry) -> f64 {
    // Bytes in mebibytes, so that the sum with the age stays in a comfortable range of doubles.
    age + entry.uses * entry.cost_ms / (entry.bytes as f64 / 1_048_576.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;
    use std::any::Any;
    use std::sync::Arc;

    struct Blob(u64, Tier);

    impl Payload for Blob {
        fn bytes(&self) -> u64 {
            self.0
        }
        fn tier(&self) -> Tier {
            self.1
        }
        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    fn blob(bytes: u64) -> PayloadRef {
        Arc::new(Blob(bytes, Tier::Memory))
    }

    fn key(n: u8) -> Key {
        Key::of(&[n])
    }

    #[test]
    fn the_cheapest_per_byte_goes_first_and_the_budget_holds() {
        let mut cache = MemoryCache::new(100);
        cache.insert(key(1), blob(40), 1000.0);
        cache.insert(key(2), blob(40), 1.0);
        cache.insert(key(3), blob(40), 10.0);
        assert!(cache.contains(key(1)) && !cache.contains(key(2)) && cache.contains(key(3)));
        assert_eq!(cache.usage(), (80, 100));
        cache.insert(key(4), blob(101), 1e9);
        assert!(!cache.contains(key(4)), "what is larger than everything is not kept");
        assert_eq!(cache.usage().0, 80);
    }

    #[test]
    fn what_was_dear_once_grows_old() {
        let mut cache = MemoryCache::new(100);
        cache.insert(key(0), blob(50), 500.0);
        for round in 0..2000u32 {
            let fresh = Key::of(&round.to_le_bytes());
            cache.insert(fresh, blob(50), 10.0);
            cache.get(fresh);
        }
        assert!(!cache.contains(key(0)), "nobody has asked for it since");
    }

    #[test]
    fn a_lost_device_is_a_tier_that_vanished() {
        let mut cache = MemoryCache::new(100);
        cache.insert(key(1), Arc::new(Blob(10, Tier::Device)), 1.0);
        cache.insert(key(2), blob(10), 1.0);
        cache.drop_tier(Tier::Device);
        assert!(!cache.contains(key(1)) && cache.contains(key(2)));
        cache.rehome(key(2), key(3));
        assert!(cache.get(key(3)).is_some() && cache.get(key(2)).is_none());
        assert_eq!(cache.usage().0, 10);
    }
}

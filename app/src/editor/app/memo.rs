//! What is worth keeping from one frame of the window to the next.

use std::cell::RefCell;
use std::sync::Arc;

/// Something that is shared, known by its place: two are the same where they are one.
pub(super) struct Same<T>(pub(super) Arc<T>);

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What was made from something; made anew only when that is another.
pub(super) struct Memo<K, V>(RefCell<Option<(K, V)>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<K: PartialEq, V: Clone> Memo<K, V> {
    /// What is made from `of`.
    pub(super) fn get(&self, of: K, make: impl FnOnce(&K) -> V) -> V {
        if let Some((_, made)) = self.0.borrow().as_ref().filter(|(known, _)| *known == of) {
            return made.clone();
        }
        let made = make(&of);
        *self.0.borrow_mut() = Some((of, made.clone()));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_for_what_it_is_made_from() {
        let (memo, made) = (Memo::default(), std::cell::Cell::new(0));
        let of = |n: &Arc<u32>| {
            memo.get(Same(Arc::clone(n)), |n| {
                made.set(made.get() + 1);
                *n.0 * 2
            })
        };
        let (two, other) = (Arc::new(2), Arc::new(2));
        assert_eq!([of(&two), of(&two), of(&other), of(&two)], [4; 4]);
        assert_eq!(made.get(), 3);
    }
}

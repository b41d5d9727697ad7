//! Writing past the caches: a picture that is larger than they are would push out what is read beside it, and memory that
//! is about to be written over would be read first.

/// Bytes of a picture from which on little of it is still in a cache when it is read.
pub(crate) const LARGE: usize = 16 << 20;

/// Has all that this thread wrote past the caches arrive.
pub(crate) fn settle() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this architecture has SSE.
    #[allow(unused_unsafe, reason = "newer compilers know")]
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

//! Asking for memory before it is read: a tile's rows lie far from each other, and no processor guesses where the next one
//! begins.

/// Bytes of a line of most caches.
pub(crate) const LINE: usize = 64;

/// Has bytes brought near while other work is done.
#[inline]
pub(crate) fn ask(bytes: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    for line in bytes.chunks(LINE) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every processor of this architecture has SSE, and what is asked for is there.
        #[allow(unused_unsafe, reason = "newer compilers know")]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
        }
    }
    // Elsewhere compilers have no word for it.
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (bytes, LINE);
}

//! Writing past the caches: a picture that is larger than they are would push out what is read beside it, and memory that
//! is about to be written over would be read first.

use bytemuck::Pod;

/// Bytes of a picture from which on little of it is still in a cache when it is read.
pub(crate) const LARGE: usize = 16 << 20;

/// Copies as many values as there are. [`settle`] comes before anybody reads them.
#[cfg(target_arch = "x86_64")]
pub(crate) fn copy<T: Pod>(to: &mut [T], from: &[T]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
    let (to, from): (&mut [u8], &[u8]) = (bytemuck::cast_slice_mut(to), bytemuck::cast_slice(from));
    if !to.as_ptr().cast::<__m128i>().is_aligned() {
        to.copy_from_slice(from);
        return;
    }
    let ((to, to_rest), (from, from_rest)) = (to.as_chunks_mut::<16>(), from.as_chunks::<16>());
    for (to, from) in to.iter_mut().zip(from) {
        // SAFETY: every processor of this architecture has SSE2; 16 bytes are read, and written where there is aligned
        // room for them.
        unsafe { _mm_stream_si128(to.as_mut_ptr().cast(), _mm_loadu_si128(from.as_ptr().cast())) }
    }
    to_rest.copy_from_slice(from_rest);
}

/// Has all that this thread copied arrive.
#[cfg(target_arch = "x86_64")]
pub(crate) fn settle() {
    // SAFETY: every processor of this architecture has SSE.
    #[allow(unused_unsafe, reason = "newer compilers know")]
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

/// Copies as many values as there are: there are no such writes here.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn copy<T: Pod>(to: &mut [T], from: &[T]) {
    to.copy_from_slice(from);
}

/// All has arrived.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn settle() {}

#[cfg(test)]
mod tests {
    #[test]
    fn a_copy_is_the_same_wherever_it_goes() {
        let from: Vec<u16> = (0..200).collect();
        for start in 0..9 {
            for len in [0, 1, 7, 8, 9, 64, 67, 150] {
                let mut to = vec![u16::MAX; 200];
                super::copy(&mut to[start..start + len], &from[3..3 + len]);
                super::settle();
                assert_eq!(to[start..start + len], from[3..3 + len]);
                assert!(to[..start].iter().chain(&to[start + len..]).all(|v| *v == u16::MAX));
            }
        }
    }
}

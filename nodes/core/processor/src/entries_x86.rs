//! Sums of entries whose four channels lie together, as all kinds of lanes of this architecture make them.
//!
//! It is inlined into functions that are compiled for FMA, and these are called only where the processor has it; that is
//! why its instructions may be used.

use core::arch::x86_64 as x86;

/// The sum of four entries, each with its weight.
#[inline(always)]
pub(crate) fn weighted(entries: [&[f32; 4]; 4], weights: [f32; 4]) -> [f32; 4] {
    let mut out = [0.0; 4];
    // SAFETY: as the module says; four floats are read of each entry, and written where there is room for them.
    unsafe {
        let entry = |i: usize| x86::_mm_loadu_ps(entries[i].as_ptr());
        let weight = |i: usize| x86::_mm_set1_ps(weights[i]);
        let two = x86::_mm_fmadd_ps(entry(1), weight(1), x86::_mm_mul_ps(entry(0), weight(0)));
        let three = x86::_mm_fmadd_ps(entry(2), weight(2), two);
        x86::_mm_storeu_ps(out.as_mut_ptr(), x86::_mm_fmadd_ps(entry(3), weight(3), three));
    }
    out
}

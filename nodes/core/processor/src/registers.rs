//! What the kinds of lanes share that are vector registers.

use super::{I, M, Picked, U};

/// Methods that are one or a few instructions.
macro_rules! each {
    ($lanes:ident { $(fn $name:ident($a:ident $(, $b:ident: $other:ty)*) -> $out:ident = $value:expr;)* }) => {
        impl $lanes {
            $(
                #[inline(always)]
                #[allow(unused_unsafe, reason = "some are no instruction at all")]
                pub(crate) fn $name(self $(, $b: $other)*) -> $out {
                    let $a = self.0;
                    $(let $b = $b.0;)*
                    // SAFETY: as the lanes' module says.
                    $out(unsafe { $value })
                }
            )*
        }
    };
}

/// What registers have no instruction for.
macro_rules! integers {
    ($lanes:ident of $ty:ty, $from_f:ident) => {
        impl $lanes {
            /// `first`, `first + 1`…
            #[inline(always)]
            pub(crate) fn iota(first: $ty) -> Self {
                Self::from_array(std::array::from_fn(|i| i as $ty)).vadd(Self::splat(first))
            }

            #[inline(always)]
            pub(crate) fn vdiv(self, o: Self) -> Self {
                let (a, b) = (self.to_array(), o.to_array());
                Self::from_array(std::array::from_fn(
                    |i| if b[i] == 0 { a[i] } else { a[i].wrapping_div(b[i]) },
                ))
            }

            #[inline(always)]
            pub(crate) fn vrem(self, o: Self) -> Self {
                let (a, b) = (self.to_array(), o.to_array());
                Self::from_array(std::array::from_fn(|i| if b[i] == 0 { 0 } else { a[i].wrapping_rem(b[i]) }))
            }
        }

        impl Picked for $lanes {
            #[inline(always)]
            fn picked(mask: M, yes: Self, no: Self) -> Self {
                mask.pick(yes.as_f(), no.as_f()).$from_f()
            }
        }
    };
}
integers!(I of i32, as_i);
integers!(U of u32, as_u);

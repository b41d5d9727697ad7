//! Advice that several finishing tools share: where grain belongs.

use rushes_engine::lint::Advice;
use rushes_engine::tool::DescribeCx;

use super::mode::Mode;

/// Whether grain has been laid on what comes in.
pub(crate) fn grained(cx: &DescribeCx<'_>) -> bool {
    cx.comes_after("finish/grain") || (cx.comes_after("finish/grain_plate") && cx.comes_after("finish/blend"))
}

/// Advice where a tool changes a picture that has its grain already.
pub(crate) fn before_grain(cx: &DescribeCx<'_>) -> Vec<Advice> {
    if !grained(cx) {
        return Vec::new();
    }
    let why = "grain binds the picture when it goes on last; what comes after it bends the grain as well";
    vec![Advice::new("grain_last", format!("{} comes after the grain", cx.spec.label), why)]
}

/// Advice on how grain is laid on.
pub(crate) fn laid_on(mode: Mode, opacity: f64) -> Vec<Advice> {
    let mut advice = Vec::new();
    if mode != Mode::Overlay {
        let why =
            "overlay leaves black, white and the mean as they are and puts the grain into the middle tones";
        advice.push(
            Advice::new("grain_overlay", "the grain is not blended by overlay", why).set("mode", "overlay"),
        );
    }
    if !(0.15..=0.5).contains(&opacity) {
        let why = "about 30 % binds the shots without being seen as noise";
        let what = format!("the grain's opacity is {opacity:.2}");
        advice.push(Advice::new("grain_amount", what, why).set("opacity", 0.3));
    }
    advice
}

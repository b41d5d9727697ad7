struct Params {
    mode: u32,
    opacity: f32,
    // Codes of `mode_space` before and after.
    enter: u32,
    leave: u32,
    proxy: u32,
}

fn blended(bottom: vec4f, top: vec4f, mask: f32, at: Pixel, p: Params) -> vec4f {
    let b = mode_space(p.enter, bottom);
    let s = mode_space(p.enter, top);
    return mode_space(p.leave, mode_over(p.mode, b, s, p.opacity * mask, at.pos, p.proxy));
}

struct Params {
    mode: u32,
    opacity: f32,
    shadows: f32,
    mids: f32,
    highlights: f32,
    enter: u32,
    leave: u32,
    proxy: u32,
    // Added to the plate so that its mean is 0.5.
    shift: vec3f,
}

fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    let amount = p.opacity * c1.a * grain_weight(mode_space(p.enter, c).rgb, p.shadows, p.mids, p.highlights);
    return grained(c, c1.rgb + p.shift, p.mode, amount, p.leave, p.enter, at, p.proxy);
}

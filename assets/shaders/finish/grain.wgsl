struct Params {
    width: u32,
    height: u32,
    proxy: u32,
    cell: f32,
    fine: f32,
    color: f32,
    response: f32,
    response_gain: f32,
    strength: f32,
    mode: u32,
    opacity: f32,
    shadows: f32,
    mids: f32,
    highlights: f32,
    enter: u32,
    leave: u32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let g = GrainField(p.width, p.height, p.proxy, at.frame, at.seed, p.cell, p.fine, p.color, p.response, p.response_gain);
    let grain = 0.5 + p.strength * grain_mean(g, at.pos);
    let amount = p.opacity * grain_weight(mode_space(p.enter, c).rgb, p.shadows, p.mids, p.highlights);
    return grained(c, grain, p.mode, amount, p.leave, p.enter, at, p.proxy);
}

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
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let g = GrainField(p.width, p.height, p.proxy, at.frame, at.seed, p.cell, p.fine, p.color, p.response, p.response_gain);
    return vec4f(0.5 + p.strength * grain_mean(g, at.pos), 1.0);
}

struct Params {
    bloom: f32,
    halation: f32,
    // 1 where the values are linear light already.
    light: u32,
}

// Adds scattered light: in the lens to all channels alike, in the film's base mostly to red.
fn tool(c: vec4f, c1: vec4f, c2: vec4f, at: Pixel, p: Params) -> vec4f {
    let wide = max(linear_from_sdr(c1.rgb), vec3f(0.0));
    let near = max(linear_from_sdr(c2.rgb), vec3f(0.0));
    let added = 0.4 * p.bloom * wide + 0.6 * p.halation * luma(near) * vec3f(1.0, 0.22, 0.06);
    let light = select(linear_from_sdr(c.rgb), c.rgb, p.light == 1u) + added;
    return vec4f(select(sdr_from_linear(light), light, p.light == 1u), c.a);
}

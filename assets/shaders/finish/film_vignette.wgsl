struct Params {
    vignette: f32,
    // 1 where the values are linear light already.
    light: u32,
}

// The natural fall of light, cos⁴ of the angle, of a lens whose corners lie at 50 degrees.
fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let size = vec2f(at.size);
    let off = (vec2f(at.pos) + 0.5 - 0.5 * size) * (2.0 / length(size));
    let fall = 1.0 / (1.0 + 1.42 * dot(off, off));
    let kept = 1.0 - p.vignette * (1.0 - fall * fall);
    return vec4f(c.rgb * select(pow(kept, 1.0 / 2.4), kept, p.light == 1u), c.a);
}

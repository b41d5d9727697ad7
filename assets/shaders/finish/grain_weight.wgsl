// How much grain a pixel takes by its luma: the three weights sum to 1 at every luma.
fn grain_weight(rgb: vec3f, shadows: f32, mids: f32, highlights: f32) -> f32 {
    let l = clamp(luma(rgb), 0.0, 1.0);
    return shadows * (1.0 - l) * (1.0 - l) + mids * 2.0 * l * (1.0 - l) + highlights * l * l;
}

// The picture under grain. Alpha stays what it is.
fn grained(c: vec4f, grain: vec3f, mode: u32, amount: f32, leave: u32, enter: u32, at: Pixel, proxy: u32) -> vec4f {
    let b = mode_space(enter, c);
    let over = mode_over(mode, vec4f(b.rgb, 1.0), vec4f(grain, 1.0), amount, at.pos, proxy);
    return vec4f(mode_space(leave, over).rgb, c.a);
}

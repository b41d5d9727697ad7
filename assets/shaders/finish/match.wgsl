struct Params {
    // Oklab a and b: the clip's mean, the board's, and the map between their spreads, row by row.
    before: vec2f,
    after: vec2f,
    spread: vec4f,
    luma: f32,
    chroma: f32,
    // 1 where the values are linear light already.
    light: u32,
}

// How much a colour looks like skin: 1 within its hues and chroma, falling off smoothly. Oklab.
fn match_skin(lab: vec3f) -> f32 {
    let chroma = length(lab.yz);
    let hue = degrees(atan2(lab.z, lab.y));
    let hued = smoothstep(15.0, 30.0, hue) * (1.0 - smoothstep(75.0, 90.0, hue));
    let tinted = smoothstep(0.015, 0.03, chroma) * (1.0 - smoothstep(0.16, 0.22, chroma));
    return hued * tinted;
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let lab = oklab_from_linear(select(linear_from_sdr(c.rgb), c.rgb, p.light == 1u));
    let inside = clamp(lab.x, 0.0, 1.0);
    let light = table_1d(lightness, inside).x + (lab.x - inside);
    let off = lab.yz - p.before;
    let moved = p.after + vec2f(dot(p.spread.xy, off), dot(p.spread.zw, off));
    // Skin follows the light and a quarter of the colour.
    let chroma = p.chroma * (1.0 - 0.75 * match_skin(lab));
    let out = vec3f(mix(lab.x, light, p.luma), mix(lab.yz, moved, chroma));
    let rgb = linear_from_oklab(out);
    return vec4f(select(sdr_from_linear(rgb), rgb, p.light == 1u), c.a);
}

struct Params {
    low: vec3f,
    // 1 / (high - low).
    scale: vec3f,
    strength: f32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let looked = table_3d(lut, (c.rgb - p.low) * p.scale).rgb;
    return vec4f(mix(c.rgb, looked, p.strength), c.a);
}

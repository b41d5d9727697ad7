struct Params {
    low: vec3f,
    // 1 / (high - low).
    scale: vec3f,
    strength: f32,
    // Entries, folded into rows.
    count: u32,
}

fn lut_entry(i: u32, channel: u32) -> f32 {
    let width = textureDimensions(lut).x;
    return textureLoad(lut, vec2u(i % width, i / width), 0)[channel];
}

fn lut_channel(x: f32, channel: u32, count: u32) -> f32 {
    let at = clamp(x, 0.0, 1.0) * f32(count - 1u);
    let low = min(u32(at), count - 1u);
    return mix(lut_entry(low, channel), lut_entry(min(low + 1u, count - 1u), channel), at - f32(low));
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let x = (c.rgb - p.low) * p.scale;
    let looked = vec3f(lut_channel(x.r, 0u, p.count), lut_channel(x.g, 1u, p.count), lut_channel(x.b, 2u, p.count));
    return vec4f(mix(c.rgb, looked, p.strength), c.a);
}

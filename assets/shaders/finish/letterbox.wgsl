struct Params {
    // The picture that stays, in pixels of the full picture: left, top, right, bottom.
    inside: vec4f,
    // The full picture.
    full: vec2f,
    proxy: f32,
    color: vec3f,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let low = vec2f(at.pos) * p.proxy;
    let high = min(low + p.proxy, p.full);
    let seen = max(min(high, p.inside.zw) - max(low, p.inside.xy), vec2f(0.0)) / max(high - low, vec2f(1e-6));
    return mix(vec4f(p.color, 1.0), c, seen.x * seen.y);
}

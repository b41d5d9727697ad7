// RGB to an encoder's codes.

struct EncodeArgs {
    // One row a stored channel: dot with RGB, plus w, in codes.
    first: vec4f,
    second: vec4f,
    third: vec4f,
    // x: codes of full alpha. y: highest code. z: 1 to dither.
    alpha: vec4f,
    // x: frame.
    frame: vec4u,
}

// The first three stored channels before rounding.
fn encode_channels(a: EncodeArgs, rgb: vec3f) -> vec3f {
    return vec3f(dot(a.first.xyz, rgb), dot(a.second.xyz, rgb), dot(a.third.xyz, rgb))
        + vec3f(a.first.w, a.second.w, a.third.w);
}

// Rounds to codes: to the nearest, or, dithered, up with the probability of the fraction, so that the mean stays
// exact and whole codes stay what they are. `stream` keeps the planes' noise apart.
fn encode_codes(a: EncodeArgs, v: vec3f, pos: vec2u, stream: u32) -> vec3u {
    var threshold = vec3f(0.5);
    if a.alpha.z > 0.5 {
        threshold = uniform3(pos, a.frame.x, stream);
    }
    return vec3u(clamp(floor(v + threshold), vec3f(0.0), vec3f(a.alpha.y)));
}

// Rounds alpha to its code, undithered, so that opaque stays opaque.
fn encode_alpha(a: EncodeArgs, alpha: f32) -> u32 {
    return u32(clamp(floor(alpha * a.alpha.x + 0.5), 0.0, a.alpha.y));
}

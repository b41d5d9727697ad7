// A decoder's planes: where a pixel is stored, and what its codes mean.

struct PlanesArgs {
    // stored.x = dot(turn.xy, pos) + origin.x, stored.y = dot(turn.zw, pos) + origin.y;
    // origin.zw is the last chroma position.
    turn: vec4i,
    origin: vec4i,
    // One row a channel: dot of the three codes, plus w.
    red: vec4f,
    green: vec4f,
    blue: vec4f,
    // Chroma position = stored * xy + zw.
    chroma: vec4f,
    // Alpha = code * x.
    alpha: vec4f,
}

// Where the upright pixel `pos` is stored.
fn stored_position(a: PlanesArgs, pos: vec2u) -> vec2i {
    let p = vec2i(pos);
    return vec2i(a.turn.x * p.x + a.turn.y * p.y, a.turn.z * p.x + a.turn.w * p.y) + a.origin.xy;
}

// Full-range RGB of three codes.
fn rgb_from_codes(a: PlanesArgs, codes: vec3f) -> vec3f {
    return vec3f(dot(a.red.xyz, codes), dot(a.green.xyz, codes), dot(a.blue.xyz, codes))
        + vec3f(a.red.w, a.green.w, a.blue.w);
}

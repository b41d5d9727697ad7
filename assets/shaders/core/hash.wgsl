// Integer hashes: the only source of randomness.

// PCG of one word (Jarzynski and Olano 2020).
fn pcg(v: u32) -> u32 {
    let state = v * 747796405u + 2891336453u;
    let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

// PCG of three words at once, every output bit depending on every input (Jarzynski and Olano 2020).
fn pcg3d(seed: vec3u) -> vec3u {
    var v = seed * 1664525u + 1013904223u;
    v.x += v.y * v.z;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v ^= v >> vec3u(16u);
    v.x += v.y * v.z;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    return v;
}

// A word to a float of 24 bits, at least 0 and below 1.
fn unit_float(v: u32) -> f32 {
    return f32(v >> 8u) * (1.0 / 16777216.0);
}

// Three independent uniform floats, at least 0 and below 1, of a pixel, a frame and a seed.
fn uniform3(pos: vec2u, frame: u32, seed: u32) -> vec3f {
    let v = pcg3d(vec3u(pos, pcg(frame ^ pcg(seed))));
    return vec3f(unit_float(v.x), unit_float(v.y), unit_float(v.z));
}

fn tool(c: vec4f, c1: vec4f, c2: vec4f, at: Pixel, p: Params) -> vec4f {
    return blended(c, c1, clamp(c2.r, 0.0, 1.0), at, p);
}

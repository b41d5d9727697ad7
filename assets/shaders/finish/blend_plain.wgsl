fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    return blended(c, c1, 1.0, at, p);
}

fn tool(c: vec4f, at: Pixel) -> vec4f {
    return straight_sdr(vec4f(c.rgb, clamp(c.a, 0.0, 1.0)));
}

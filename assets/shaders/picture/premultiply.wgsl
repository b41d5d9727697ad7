fn tool(c: vec4f, at: Pixel) -> vec4f {
    return vec4f(c.rgb * c.a, c.a);
}

fn tool(c: vec4f, at: Pixel) -> vec4f {
    return premultiplied_linear(c);
}

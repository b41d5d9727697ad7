// The pixel at the middle of each of equal cells.
fn tool(at: Pixel) -> vec4f {
    return load0(vec2i((vec2f(at.pos) + 0.5) * vec2f(size0()) / vec2f(at.size)));
}

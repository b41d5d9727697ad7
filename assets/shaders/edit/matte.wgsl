// The bars beside a picture that lies whole in the middle of another size.

struct Params {
    // The picture's own part, in pixels at hand.
    low: vec2f,
    high: vec2f,
    // Alpha of the bars, which are black.
    bars: f32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let middle = vec2f(at.pos) + 0.5;
    return select(vec4f(0.0, 0.0, 0.0, p.bars), c, all(middle >= p.low) && all(middle < p.high));
}

// Holds an enlarged picture between the darkest and brightest of the four source pixels around each place, so that
// no rim beside an edge is brighter or darker than anything that was there.

struct Params {
    // Source position = output position * step + origin, in pixels of the pictures at hand.
    step: vec2f,
    origin: vec2f,
    amount: f32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let source = (vec2f(at.pos) + 0.5) * p.step + p.origin - 0.5;
    let corner = vec2i(floor(source));
    let a = load1(corner);
    let b = load1(corner + vec2i(1, 0));
    let c = load1(corner + vec2i(0, 1));
    let d = load1(corner + vec2i(1, 1));
    let here = load0(vec2i(at.pos));
    let held = clamp(here, min(min(a, b), min(c, d)), max(max(a, b), max(c, d)));
    return mix(here, held, p.amount);
}

// Adds what a smoothed copy lacks: `c` the picture to add to, `c1` the original, `c2` its smoothed copy.

struct Params {
    amount: f32,
}

fn tool(c: vec4f, c1: vec4f, c2: vec4f, at: Pixel, p: Params) -> vec4f {
    return vec4f(c.rgb + p.amount * (c1.rgb - c2.rgb), c.a);
}

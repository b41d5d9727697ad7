// One picture becomes another: their encoded values, weighted by alpha, are mixed.

struct Params {
    amount: f32,
}

fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    return straight(mix(vec4f(c.rgb * c.a, c.a), vec4f(c1.rgb * c1.a, c1.a), p.amount));
}

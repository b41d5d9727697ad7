// One picture into another, in light: `c` the first, `c1` the second.

struct Params {
    amount: f32,
    // 0 where pictures are mixed as they are encoded.
    linear: u32,
}

fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    if p.linear == 0u {
        let both = mix(vec4f(c.rgb * c.a, c.a), vec4f(c1.rgb * c1.a, c1.a), p.amount);
        return straight(both);
    }
    return straight_sdr(mix(premultiplied_linear(c), premultiplied_linear(c1), p.amount));
}

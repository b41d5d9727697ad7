// Before pixels are mixed: premultiplied, in linear light or encoded.

struct Params {
    linear: u32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    if p.linear == 1u {
        return premultiplied_linear(c);
    }
    return vec4f(c.rgb * c.a, c.a);
}

// Unsharp masking of premultiplied light: `c` the picture, `c1` its blurred copy. Only luminance is sharpened, so
// that no coloured rims appear.

struct Params {
    amount: f32,
}

fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    return vec4f(c.rgb + p.amount * (luma(c.rgb) - luma(c1.rgb)), c.a);
}

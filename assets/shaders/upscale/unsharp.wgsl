// Unsharp masking in linear light: `c` the picture, `c1` its blurred copy. Only luminance is sharpened, so that no
// coloured rims appear.

struct Params {
    amount: f32,
    // 0 where the picture is mixed as it is encoded.
    linear: u32,
}

fn tool(c: vec4f, c1: vec4f, at: Pixel, p: Params) -> vec4f {
    if p.linear == 0u {
        return vec4f(c.rgb + p.amount * (luma(c.rgb) - luma(c1.rgb)), c.a);
    }
    let light = linear_from_sdr(c.rgb);
    let edge = luma(light) - luma(linear_from_sdr(c1.rgb));
    return vec4f(sdr_from_linear(light + p.amount * edge), c.a);
}

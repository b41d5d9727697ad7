// BT.709 luma of the encoded values, times alpha: what is not there does not count.

fn tool(c: vec4f, at: Pixel) -> vec4f {
    return vec4f(vec3f(luma(c.rgb) * c.a), 1.0);
}

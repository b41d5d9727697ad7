// The last step of a kernel that mixes: premultiplied pixels to straight, encoded ones.
fn left(sum: vec4f, leave: u32) -> vec4f {
    let c = straight(sum);
    let alpha = clamp(sum.a, 0.0, 1.0);
    if leave == 1u {
        return vec4f(sdr_from_linear(c.rgb), alpha);
    }
    return select(sum, vec4f(c.rgb, alpha), leave == 2u);
}


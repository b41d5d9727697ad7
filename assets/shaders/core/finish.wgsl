// After pixels were mixed: how a kernel hands on its sum.
// 0: more mixing follows. 1: straight alpha. 2: straight alpha, from linear light.
fn finish_mixing(sum: vec4f, how: u32) -> vec4f {
    if how == 0u {
        return sum;
    }
    let c = straight(vec4f(sum.rgb, clamp(sum.a, 0.0, 1.0)));
    if how == 1u {
        return c;
    }
    return vec4f(sdr_from_linear(c.rgb), c.a);
}

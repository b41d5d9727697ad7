struct Params {
    // 1 where the values are linear light already.
    light: u32,
}

// The light that scatters: what nears white and beyond, encoded.
fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let light = max(select(linear_from_sdr(c.rgb), c.rgb, p.light == 1u), vec3f(0.0));
    let peak = max(light.r, max(light.g, light.b));
    return vec4f(sdr_from_linear(light * smoothstep(0.35, 1.0, peak) * c.a), 1.0);
}

struct Params {
    // 1: from premultiplied encoded values. 2: from premultiplied linear light.
    how: u32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    return finish_mixing(c, p.how);
}

// Exact reading of tables.

// Linear interpolation in row 0, x from 0 to 1 across all entries; beyond them the end values hold.
fn table_1d(table: texture_2d<f32>, x: f32) -> vec4f {
    let last = i32(textureDimensions(table).x) - 1;
    let at = clamp(x, 0.0, 1.0) * f32(last);
    let low = min(i32(at), last);
    let high = min(low + 1, last);
    return mix(
        textureLoad(table, vec2i(low, 0), 0),
        textureLoad(table, vec2i(high, 0), 0),
        at - f32(low),
    );
}

// Tetrahedral interpolation in a cube, rgb from 0 to 1; beyond it the faces hold.
fn table_3d(table: texture_3d<f32>, rgb: vec3f) -> vec4f {
    let last = vec3i(textureDimensions(table)) - 1;
    let at = clamp(rgb, vec3f(0.0), vec3f(1.0)) * vec3f(last);
    let low = min(vec3i(at), last);
    let high = min(low + 1, last);
    let f = at - vec3f(low);
    // The path from the low corner to the high one goes along the largest fraction first.
    let r_first = f.r >= f.g && f.r >= f.b;
    let g_first = !r_first && f.g >= f.b;
    let first = select(select(vec3i(0, 0, 1), vec3i(0, 1, 0), g_first), vec3i(1, 0, 0), r_first);
    let r_last = f.r < f.g && f.r < f.b;
    let g_last = !r_last && f.g < f.b;
    let b_last = !r_last && !g_last;
    let second = vec3i(1) - select(
        select(vec3i(0, 0, 1), vec3i(0, 1, 0), g_last),
        vec3i(1, 0, 0),
        r_last,
    );
    // Where fractions tie, first and last can name one axis; the weights between are then 0.
    let w = vec3f(
        max(f.r, max(f.g, f.b)),
        max(min(f.r, f.g), min(max(f.r, f.g), f.b)),
        min(f.r, min(f.g, f.b)),
    );
    let c0 = textureLoad(table, low, 0);
    let c1 = textureLoad(table, select(low, high, first == vec3i(1)), 0);
    let c2 = textureLoad(table, select(low, high, second == vec3i(1)), 0);
    let c3 = textureLoad(table, high, 0);
    return c0 * (1.0 - w.x) + c1 * (w.x - w.y) + c2 * (w.y - w.z) + c3 * w.z;
}

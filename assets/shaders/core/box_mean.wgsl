// The mean of each block of factor by factor pixels; blocks cut by the edge take the mean of what there is.

struct Params {
    factor: u32,
    finish: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let first = vec2i(at.pos * p.factor);
    let end = min(first + i32(p.factor), size0());
    var sum = vec4f(0.0);
    for (var y = first.y; y < end.y; y++) {
        for (var x = first.x; x < end.x; x++) {
            sum += load0(vec2i(x, y));
        }
    }
    let count = (end.x - first.x) * (end.y - first.y);
    return finish_mixing(sum / f32(max(count, 1)), p.finish);
}

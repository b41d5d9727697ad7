// A picture at 1/N: each pixel the mean light of the N by N pixels it stands for, fewer at the right and lower edge.

struct Params {
    proxy: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let n = i32(p.proxy);
    let low = vec2i(at.pos) * n;
    let high = min(low + n, vec2i(size0()));
    var sum = vec4f(0.0);
    for (var y = low.y; y < high.y; y++) {
        for (var x = low.x; x < high.x; x++) {
            sum += premultiplied_linear(load0(vec2i(x, y)));
        }
    }
    let count = f32(max((high.x - low.x) * (high.y - low.y), 1));
    return straight_sdr(sum / count);
}

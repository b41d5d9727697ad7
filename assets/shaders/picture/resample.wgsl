// One axis of a separable resampling: each pixel is a weighted sum of pixels of its row or column.
//
// The table holds, for each output position along the axis, the first input position and then the weights, four
// an entry. Long axes are folded into columns of 8192 rows. Where all positions share one row of weights, only
// that row is there, and its first input position is counted from the output position.

struct Params {
    // 1 along y, 0 along x.
    vertical: u32,
    // Entries of weights a position.
    groups: u32,
    // 1 where all positions share row 0.
    shared_row: u32,
    // 1: the result leaves premultiplied linear light. 2: it leaves premultiplied encoded values.
    leave: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let pos = vec2i(at.pos);
    let i = select(pos.x, pos.y, p.vertical == 1u);
    let row = select(i, 0, p.shared_row == 1u);
    let cell = vec2i((row >> 13u) * (i32(p.groups) + 1), row & 8191);
    let start = i32(round(textureLoad(weights, cell, 0).x)) + select(0, i, p.shared_row == 1u);
    let unit = select(vec2i(1, 0), vec2i(0, 1), p.vertical == 1u);
    var from = select(vec2i(start, pos.y), vec2i(pos.x, start), p.vertical == 1u);
    var sum = vec4f(0.0);
    for (var g = 0; g < i32(p.groups); g++) {
        let w = textureLoad(weights, cell + vec2i(1 + g, 0), 0);
        sum += w.x * load0(from);
        sum += w.y * load0(from + unit);
        sum += w.z * load0(from + 2 * unit);
        sum += w.w * load0(from + 3 * unit);
        from += 4 * unit;
    }
    return left(sum, p.leave);
}

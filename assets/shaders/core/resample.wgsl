// One direction of a separable resize. The table holds, for each pixel along the direction, where its taps begin
// and then its weights in fours; pixels beyond 4096 go on in the next block of columns.

struct Params {
    block: u32,
    taps: u32,
    down: u32,
    finish: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let down = p.down == 1u;
    let along = select(at.pos.x, at.pos.y, down);
    let cell = vec2i(i32((along >> 12u) * p.block), i32(along & 4095u));
    let first = i32(textureLoad(weights, cell, 0).x);
    let step = select(vec2i(1, 0), vec2i(0, 1), down);
    var near = select(vec2i(first, i32(at.pos.y)), vec2i(i32(at.pos.x), first), vec2<bool>(down));
    var sum = vec4f(0.0);
    let fours = i32(p.taps >> 2u);
    var i = 1;
    for (; i <= fours; i++) {
        let w = textureLoad(weights, cell + vec2i(i, 0), 0);
        sum += load0(near) * w.x + load0(near + step) * w.y;
        sum += load0(near + 2 * step) * w.z + load0(near + 3 * step) * w.w;
        near += 4 * step;
    }
    // What is left over, up to three.
    let left = p.taps & 3u;
    if left > 0u {
        let w = textureLoad(weights, cell + vec2i(i, 0), 0);
        sum += load0(near) * w.x;
        if left > 1u {
            sum += load0(near + step) * w.y;
        }
        if left > 2u {
            sum += load0(near + 2 * step) * w.z;
        }
    }
    return finish_mixing(sum, p.finish);
}

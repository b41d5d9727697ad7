// One direction of a symmetric blur. The table holds the weights of distance 1, 2, 3… in fours.

struct Params {
    centre: f32,
    fours: u32,
    down: u32,
    finish: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let step = select(vec2i(1, 0), vec2i(0, 1), p.down == 1u);
    let pos = vec2i(at.pos);
    var sum = load0(pos) * p.centre;
    var far = step;
    for (var i = 0; i < i32(p.fours); i++) {
        let w = textureLoad(weights, vec2i(i, 0), 0);
        sum += (load0(pos - far) + load0(pos + far)) * w.x;
        far += step;
        sum += (load0(pos - far) + load0(pos + far)) * w.y;
        far += step;
        sum += (load0(pos - far) + load0(pos + far)) * w.z;
        far += step;
        sum += (load0(pos - far) + load0(pos + far)) * w.w;
        far += step;
    }
    return finish_mixing(sum, p.finish);
}

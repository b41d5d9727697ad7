fn tool(at: Pixel) -> vec4f {
    let first = vec2i(at.pos) * 16;
    let last = min(first + 16, vec2i(size0()));
    var sum = vec3f(0.0);
    for (var y = first.y; y < last.y; y++) {
        for (var x = first.x; x < last.x; x++) {
            sum += load0(vec2i(x, y)).rgb;
        }
    }
    let count = f32((last.x - first.x) * (last.y - first.y));
    return vec4f(sum / count, count);
}

// The numbers of a count, and the colours it is drawn in.
struct Measure {
    // The pixels that count: left, top, right, bottom, the last two just outside.
    area: vec4u,
    trace: vec4f,
    red: vec4f,
    green: vec4f,
    blue: vec4f,
}

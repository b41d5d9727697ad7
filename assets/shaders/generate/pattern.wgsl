// Test pictures, each a formula of the full picture's own pixels.

struct Params {
    // 0 bars, 1 ramp, 2 zone plate, 3 checker, 4 noise, 5 counter.
    pattern: u32,
    // The full picture.
    width: u32,
    height: u32,
    // One pixel here stands for `proxy` pixels each way.
    proxy: u32,
    // Side of a square of the checker.
    square: u32,
    // Frames of the clip.
    length: u32,
}

const TAPS: u32 = 8u;
const TURN: f32 = 6.283185307179586;

// The full picture's pixel behind tap `i` of a pixel here, along one axis.
fn tap(pos: u32, i: u32, proxy: u32) -> u32 {
    return pos * proxy + select(i * proxy / TAPS, i, proxy <= TAPS);
}

fn rgb_of_bar(i: u32) -> vec3f {
    // Grey, yellow, cyan, green, magenta, red, blue: green, then red, then blue falls away as i counts up.
    return vec3f(f32((~i >> 1u) & 1u), f32(1u - (i >> 2u)), f32((~i) & 1u));
}

// SMPTE RP 219, at x in units of the picture's width and y of its height.
fn bars(x: f32, y: f32) -> vec3f {
    // Steps of a seventh of the middle three quarters; below 0 and from 7 on lie the sides.
    let step = (x - 0.125) / 0.75 * 7.0;
    let left = step < 0.0;
    let right = step >= 7.0;
    if y * 12.0 < 7.0 {
        return select(rgb_of_bar(u32(clamp(step, 0.0, 6.0))) * 0.75, vec3f(0.4), left || right);
    }
    if y * 12.0 < 8.0 {
        return select(select(vec3f(0.75), vec3f(0.0, 0.0, 1.0), right), vec3f(0.0, 1.0, 1.0), left);
    }
    if y * 12.0 < 9.0 {
        // Black, a ramp of five steps, white.
        let middle = vec3f(clamp((step - 1.0) / 5.0, 0.0, 1.0));
        return select(select(middle, vec3f(1.0, 0.0, 0.0), right), vec3f(1.0, 1.0, 0.0), left);
    }
    if left || right {
        return vec3f(0.15);
    }
    if step < 1.5 {
        return vec3f(0.0);
    }
    if step < 3.5 {
        return vec3f(1.0);
    }
    // Around black: five thirds of a step.
    let pluge = (step - 3.5 - 5.0 / 6.0) * 3.0;
    if pluge < 0.0 || pluge >= 5.0 {
        return vec3f(0.0);
    }
    let third = u32(pluge);
    return vec3f(select(0.0, f32(third) * 0.01 + select(0.0, -0.02, third == 0u), (third & 1u) == 0u));
}

// Mean of cos and sin of pi/M times the squared distance from the middle, over the taps of one axis.
fn chirp(pos: u32, size: u32, longest: u32, proxy: u32) -> vec2f {
    var sum = vec2f(0.0);
    var count = 0.0;
    for (var i = 0u; i < TAPS; i++) {
        let x = tap(pos, i, proxy);
        if i < proxy && x < size {
            // Whole turns are taken off exactly, in eighths of a turn over M.
            let d = i32(2u * x + 1u) - i32(size);
            let angle = f32(u32(d * d) % (8u * longest)) / f32(8u * longest) * TURN;
            sum += vec2f(cos(angle), sin(angle));
            count += 1.0;
        }
    }
    return sum / max(count, 1.0);
}

fn zone_plate(at: Pixel, p: Params) -> f32 {
    let longest = max(p.width, p.height);
    let a = chirp(at.pos.x, p.width, longest, p.proxy);
    let b = chirp(at.pos.y, p.height, longest, p.proxy);
    return 0.5 + 0.5 * (a.x * b.x - a.y * b.y);
}

fn noise(at: Pixel, p: Params) -> vec3f {
    var sum = vec3f(0.0);
    var count = 0.0;
    for (var j = 0u; j < TAPS; j++) {
        for (var i = 0u; i < TAPS; i++) {
            let pos = vec2u(tap(at.pos.x, i, p.proxy), tap(at.pos.y, j, p.proxy));
            if i < p.proxy && j < p.proxy && pos.x < p.width && pos.y < p.height {
                sum += uniform3(pos, at.frame, at.seed);
                count += 1.0;
            }
        }
    }
    let mean = sum / max(count, 1.0);
    // Fewer taps than pixels spread wider than the pixels' own mean would.
    let spread = min(1.0, f32(TAPS) / f32(p.proxy));
    return vec3f(0.5) + (mean - 0.5) * spread;
}

// The lit segments of a digit: top, upper right, lower right, bottom, lower left, upper left, middle.
fn segments(digit: u32) -> u32 {
    switch digit {
        case 0u: { return 0x3fu; }
        case 1u: { return 0x06u; }
        case 2u: { return 0x5bu; }
        case 3u: { return 0x4fu; }
        case 4u: { return 0x66u; }
        case 5u: { return 0x6du; }
        case 6u: { return 0x7du; }
        case 7u: { return 0x07u; }
        case 8u: { return 0x7fu; }
        default: { return 0x6fu; }
    }
}

fn inside(q: vec2f, low: vec2f, high: vec2f) -> u32 {
    return u32(all(q >= low) && all(q < high));
}

// Which segments cover a point of a digit's box, 1 wide and 2 high.
fn segments_at(q: vec2f) -> u32 {
    return inside(q, vec2f(0.15, 0.1), vec2f(0.85, 0.3))
        | (inside(q, vec2f(0.65, 0.1), vec2f(0.85, 1.0)) << 1u)
        | (inside(q, vec2f(0.65, 1.0), vec2f(0.85, 1.9)) << 2u)
        | (inside(q, vec2f(0.15, 1.7), vec2f(0.85, 1.9)) << 3u)
        | (inside(q, vec2f(0.15, 1.0), vec2f(0.35, 1.9)) << 4u)
        | (inside(q, vec2f(0.15, 0.1), vec2f(0.35, 1.0)) << 5u)
        | (inside(q, vec2f(0.15, 0.9), vec2f(0.85, 1.1)) << 6u);
}

fn counter(x: f32, y: f32, frame: u32, p: Params) -> f32 {
    let size = vec2f(f32(p.width), f32(p.height));
    if y >= 0.9 * size.y {
        return select(0.0, 1.0, x / size.x * f32(p.length) < f32(frame + 1u));
    }
    let unit = min(size.x / 7.0, size.y / 3.0);
    let q = (vec2f(x, y) - size * vec2f(0.5, 0.45)) / unit + vec2f(3.0, 1.0);
    if any(q < vec2f(0.0)) || q.x >= 6.0 || q.y >= 2.0 {
        return 0.2;
    }
    let place = u32(q.x);
    var digits = frame;
    for (var i = 0u; i < 5u; i++) {
        digits = select(digits, digits / 10u, i + place < 5u);
    }
    let lit = segments(digits % 10u) & segments_at(vec2f(q.x - f32(place), q.y));
    return select(0.2, 1.0, lit != 0u);
}

fn tool(at: Pixel, p: Params) -> vec4f {
    // The middle of this pixel in the full picture's pixels.
    let x = (f32(at.pos.x) + 0.5) * f32(p.proxy);
    let y = (f32(at.pos.y) + 0.5) * f32(p.proxy);
    switch p.pattern {
        case 0u: { return vec4f(bars(x / f32(p.width), y / f32(p.height)), 1.0); }
        case 1u: { return vec4f(vec3f(clamp((x - 0.5) / max(f32(p.width) - 1.0, 1.0), 0.0, 1.0)), 1.0); }
        case 2u: { return vec4f(vec3f(zone_plate(at, p)), 1.0); }
        case 3u: {
            let square = f32(p.square);
            let odd = (u32(x / square) + u32(y / square)) & 1u;
            return vec4f(vec3f(1.0 - f32(odd)), 1.0);
        }
        case 4u: { return vec4f(noise(at, p), 1.0); }
        default: { return vec4f(vec3f(counter(x, y, at.frame, p)), 1.0); }
    }
}

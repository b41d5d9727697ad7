// Draws working pictures: display-referred RGB with straight alpha, of any float format, as a person wants to see
// them. What is measured (stripes, false colour) is the picture's own signal, whatever exposure it is seen at.

struct Show {
    // Clip-space rectangle of the picture: left, top, right, bottom.
    rect: vec4f,
    // Where the second picture lies within the first one's 0 to 1: left, top, width, height.
    other: vec4f,
    // Pixels of the target that the picture covers.
    pixels: vec2f,
    // 1 smooth, 0 squares.
    smooth_: f32,
    // Brightness of a picture that is not the one asked for, 1 as it is.
    dim: f32,
    // Above 0 the difference of both pictures times this.
    difference: f32,
    unused_a: f32,
    unused_b: f32,
    unused_c: f32,
}

struct Look {
    // What codes are multiplied by.
    gain: f32,
    // What codes are raised to.
    exponent: f32,
    // 0 all, 1 red, 2 green, 3 blue, 4 alpha, 5 luma.
    channel: f32,
    // Behind transparency: 0 squares, 1 black, 2 a film over the picture's own colour.
    ground: f32,
    // The signal from which there are stripes.
    zebra: f32,
    // Bands of false colour, 0 for none.
    bands: f32,
    unused_a: f32,
    unused_b: f32,
    matte: vec4f,
    // Colour and upper end; a colour below 0 is the signal as grey.
    band: array<vec4f, 12>,
}

@group(0) @binding(0) var first: texture_2d<f32>;
@group(0) @binding(1) var second: texture_2d<f32>;
@group(0) @binding(2) var<uniform> show: Show;
@group(0) @binding(3) var<uniform> look: Look;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,
}

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let uv = vec2f(f32(index & 1u), f32(index >> 1u));
    var out: Corner;
    out.position = vec4f(mix(show.rect.xy, show.rect.zw, uv), 0.0, 1.0);
    out.uv = uv;
    return out;
}

// A texel with its colour times alpha, by which colours are mixed; under a film the colour as it is.
fn texel(picture: texture_2d<f32>, at: vec2i) -> vec4f {
    let size = vec2i(textureDimensions(picture));
    let c = textureLoad(picture, clamp(at, vec2i(0), size - 1), 0);
    // A NaN compares false with itself; it shows as magenta, so that nobody takes it for black.
    if any(c != c) {
        return vec4f(1.0, 0.0, 1.0, 1.0);
    }
    let a = clamp(c.a, 0.0, 1.0);
    // Above white there may be detail that a lower exposure shows, but never so much that sums overflow.
    return vec4f(clamp(c.rgb, vec3f(-64.0), vec3f(64.0)) * select(a, 1.0, look.ground > 1.5), a);
}

fn bilinear(picture: texture_2d<f32>, at: vec2f) -> vec4f {
    let p = at - 0.5;
    let base = vec2i(floor(p));
    let f = fract(p);
    let top = mix(texel(picture, base), texel(picture, base + vec2i(1, 0)), f.x);
    let bottom = mix(texel(picture, base + vec2i(0, 1)), texel(picture, base + vec2i(1, 1)), f.x);
    return mix(top, bottom, f.y);
}

// The mean over what one pixel covers, by at most six taps each way.
fn area(picture: texture_2d<f32>, at: vec2f, footprint: f32) -> vec4f {
    let taps = i32(clamp(ceil(footprint), 1.0, 6.0));
    let step = footprint / f32(taps);
    var sum = vec4f(0.0);
    for (var y = 0; y < taps; y++) {
        for (var x = 0; x < taps; x++) {
            let off = (vec2f(f32(x), f32(y)) + 0.5) * step - footprint * 0.5;
            sum += texel(picture, vec2i(floor(at + off)));
        }
    }
    return sum / f32(taps * taps);
}

// The picture at a place of its own 0 to 1, `across` pixels of the target wide.
fn sampled(picture: texture_2d<f32>, uv: vec2f, across: f32) -> vec4f {
    let size = vec2f(textureDimensions(picture));
    let at = uv * size;
    let footprint = size.x / max(across, 1.0);
    if show.smooth_ < 0.5 {
        return texel(picture, vec2i(floor(at)));
    }
    if footprint > 1.0 {
        return area(picture, at, footprint);
    }
    return bilinear(picture, at);
}

// What is seen of colour `rgb` whose own signal is `signal`.
fn seen(rgb: vec3f, alpha: f32, signal: f32, position: vec2f) -> vec3f {
    let bright = clamp(pow(max(rgb * look.gain, vec3f(0.0)), vec3f(look.exponent)), vec3f(0.0), vec3f(1.0));
    var out = bright;
    switch i32(look.channel) {
        case 1: { out = bright.rrr; }
        case 2: { out = bright.ggg; }
        case 3: { out = bright.bbb; }
        case 4: { out = vec3f(alpha); }
        case 5: { out = vec3f(dot(bright, vec3f(0.2126, 0.7152, 0.0722))); }
        default: {}
    }
    let bands = i32(look.bands);
    if bands > 0 {
        out = vec3f(clamp(signal, 0.0, 1.0));
        for (var i = 0; i < bands; i++) {
            let band = look.band[i];
            if signal <= band.w || i == bands - 1 {
                if band.x >= 0.0 {
                    out = band.rgb;
                }
                break;
            }
        }
    }
    let stripe = (i32(floor(position.x)) + i32(floor(position.y))) % 10;
    if signal >= look.zebra && stripe < 4 {
        return vec3f(0.0);
    }
    return out;
}

@fragment
fn pixel(in: Corner) -> @location(0) vec4f {
    var c = sampled(first, in.uv, show.pixels.x);
    if show.difference > 0.0 {
        let uv = (in.uv - show.other.xy) / show.other.zw;
        var o = vec4f(0.0);
        if all(uv >= vec2f(0.0)) && all(uv < vec2f(1.0)) {
            o = sampled(second, uv, show.pixels.x * show.other.z);
        }
        c = vec4f(abs(c.rgb - o.rgb) * show.difference, 1.0);
    }
    let film = look.ground > 1.5;
    let signal = dot(c.rgb, vec3f(0.2126, 0.7152, 0.0722));
    let own = select(c.rgb / max(c.a, 1e-4), c.rgb, film);
    var rgb = seen(own, c.a, signal, in.position.xy) * show.dim;
    // One channel is seen as it is; only a whole picture stands on a ground.
    if look.channel > 0.5 {
        return vec4f(rgb, 1.0);
    }
    if film {
        return vec4f(mix(rgb, look.matte.rgb, 0.6 * (1.0 - c.a)), 1.0);
    }
    let square = (i32(floor(in.position.x / 8.0)) + i32(floor(in.position.y / 8.0))) & 1;
    let grey = select(0.16, 0.24, square == 1);
    let ground = select(vec3f(0.0), vec3f(grey), look.ground < 0.5);
    return vec4f(rgb * c.a + ground * (1.0 - c.a), 1.0);
}

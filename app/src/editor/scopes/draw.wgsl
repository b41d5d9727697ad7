// Draws bins as light on a dark ground: each instance is one scope that fills the viewport.

@group(0) @binding(0) var<uniform> measure: Measure;
@group(0) @binding(1) var<storage, read> bins: array<u32>;

struct Corner {
    @builtin(position) position: vec4f,
    // From the lower left corner, 0 to 1.
    @location(0) uv: vec2f,
    @location(1) @interpolate(flat) scope: u32,
}

@vertex
fn corner(@builtin(vertex_index) index: u32, @builtin(instance_index) scope: u32) -> Corner {
    let uv = vec2f(f32(index & 1u), f32(index >> 1u));
    return Corner(vec4f(uv * 2.0 - 1.0, 0.0, 1.0), uv, scope);
}

fn pixels() -> f32 {
    let size = measure.area.zw - measure.area.xy;
    return max(f32(size.x) * f32(size.y), 1.0);
}

// The mean of a table of bins over what one pixel of the screen covers; `across` bins a row apart along x.
fn mean(start: u32, uv: vec2f, span: vec2f, size: vec2u, x_step: u32, y_step: u32) -> f32 {
    let low = vec2u(clamp((uv - span * 0.5) * vec2f(size), vec2f(0.0), vec2f(size - 1u)));
    let high = min(vec2u((uv + span * 0.5) * vec2f(size)), size - 1u);
    var sum = 0.0;
    for (var x = low.x; x <= min(high.x, low.x + 7u); x++) {
        for (var y = low.y; y <= min(high.y, low.y + 7u); y++) {
            sum += f32(bins[start + x * x_step + y * y_step]);
        }
    }
    let covered = min(high - low, vec2u(7u)) + 1u;
    return sum / f32(covered.x * covered.y);
}

fn wave(channel: u32, uv: vec2f, span: vec2f) -> f32 {
    let start = WAVE + channel * COLUMNS * LEVELS;
    let columns = clamp(measure.area.z - measure.area.x, 1u, COLUMNS);
    let many = mean(start, uv, span, vec2u(columns, LEVELS), LEVELS, 1u);
    let usual = pixels() / f32(columns * LEVELS);
    return 1.0 - exp(-0.4 * many / usual);
}

// How high the histogram of a channel stands at a place across, 0 to 1.
fn height(channel: u32, at: f32, span: f32) -> f32 {
    let low = u32(clamp((at - span * 0.5) * f32(LEVELS), 0.0, f32(LEVELS - 1u)));
    let high = min(u32(max((at + span * 0.5) * f32(LEVELS), 0.0)), LEVELS - 1u);
    var most = 0u;
    for (var i = low; i <= min(high, low + 7u); i++) {
        most = max(most, bins[HISTOGRAM + channel * LEVELS + i]);
    }
    return min(f32(most) / f32(max(bins[PEAK], 1u)) * 0.95, 1.0);
}

// A filled shape with a line that joins one column's height to the next one's.
fn histogram(channel: u32, uv: vec2f, span: vec2f) -> f32 {
    let here = height(channel, uv.x, span.x);
    let before = height(channel, uv.x - span.x, span.x);
    let low = min(here, before) - span.y * 0.6;
    let high = max(here, before) + span.y * 0.6;
    if uv.y >= low && uv.y <= high && max(here, before) > 0.0 {
        return 0.8;
    }
    return select(0.0, 0.22, uv.y < here);
}

@fragment
fn pixel(in: Corner) -> @location(0) vec4f {
    let span = vec2f(abs(dpdx(in.uv.x)), abs(dpdy(in.uv.y)));
    let inks = array<vec3f, 3>(measure.red.rgb, measure.green.rgb, measure.blue.rgb);
    var light = vec3f(0.0);
    switch in.scope {
        case 0u: {
            light = measure.trace.rgb * wave(0u, in.uv, span);
        }
        case 1u: {
            let third = min(u32(in.uv.x * 3.0), 2u);
            let x = in.uv.x * 3.0 - f32(third);
            light = inks[third] * wave(third + 1u, vec2f(x, in.uv.y), vec2f(span.x * 3.0, span.y));
        }
        case 2u: {
            let many = mean(VECTOR, in.uv, span, vec2u(LEVELS), 1u, LEVELS);
            let usual = pixels() / f32(LEVELS * LEVELS);
            light = measure.trace.rgb * clamp(log2(1.0 + 12.0 * many / usual) / 7.0, 0.0, 1.0);
        }
        default: {
            for (var c = 0u; c < 3u; c++) {
                light += inks[c] * histogram(c, in.uv, span);
            }
        }
    }
    // No alpha: light is added to what is there.
    return vec4f(min(light, vec3f(1.0)), 0.0);
}

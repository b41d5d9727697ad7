// Counts a picture into bins: histogram, waveform by column, vectorscope; and sums for figures.
// The picture is display-referred RGB with straight alpha; what is transparent counts as over black.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var<uniform> measure: Measure;
@group(0) @binding(2) var<storage, read_write> bins: array<atomic<u32>>;
// For each group of threads: sums and how many, least and how many are black, most and how many are white.
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

const THREADS: u32 = 256u;

var<workgroup> sums: array<vec4f, THREADS>;
var<workgroup> least: array<vec4f, THREADS>;
var<workgroup> most: array<vec4f, THREADS>;

fn level(v: f32) -> u32 {
    return u32(clamp(floor(v * f32(LEVELS - 1u) + 0.5), 0.0, f32(LEVELS - 1u)));
}

fn count(rgb: vec3f, column: u32) {
    let luma = dot(rgb, vec3f(0.2126, 0.7152, 0.0722));
    let levels = vec4u(level(luma), level(rgb.r), level(rgb.g), level(rgb.b));
    for (var c = 0u; c < 3u; c++) {
        atomicAdd(&bins[HISTOGRAM + c * LEVELS + levels[c + 1u]], 1u);
    }
    for (var c = 0u; c < 4u; c++) {
        atomicAdd(&bins[WAVE + (c * COLUMNS + column) * LEVELS + levels[c]], 1u);
    }
    // BT.709's colour differences, from -0.5 to 0.5.
    let cb = (rgb.b - luma) / 1.8556;
    let cr = (rgb.r - luma) / 1.5748;
    atomicAdd(&bins[VECTOR + level(cr + 0.5) * LEVELS + level(cb + 0.5)], 1u);
}

@compute @workgroup_size(256)
fn sort(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) thread: u32,
) {
    let area = measure.area;
    let width = max(area.z - area.x, 1u);
    // A narrow picture leaves no column empty between two others.
    let columns = min(width, COLUMNS);
    var sum = vec4f(0.0);
    var low = vec4f(3.4e38, 3.4e38, 3.4e38, 0.0);
    var high = vec4f(-3.4e38, -3.4e38, -3.4e38, 0.0);
    for (var y = area.y + group.x; y < area.w; y += groups.x) {
        for (var x = area.x + thread; x < area.z; x += THREADS) {
            let c = textureLoad(picture, vec2u(x, y), 0);
            // What is no number is not counted.
            if any((bitcast<vec4u>(c) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u)) {
                continue;
            }
            let rgb = clamp(c.rgb, vec3f(-64.0), vec3f(64.0)) * clamp(c.a, 0.0, 1.0);
            count(rgb, (x - area.x) * columns / width);
            sum += vec4f(rgb, 1.0);
            low = vec4f(min(low.rgb, rgb), low.a + select(0.0, 1.0, all(rgb <= vec3f(0.0))));
            high = vec4f(max(high.rgb, rgb), high.a + select(0.0, 1.0, any(rgb >= vec3f(1.0))));
        }
    }
    sums[thread] = sum;
    least[thread] = low;
    most[thread] = high;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half {
            let other = thread + half;
            sums[thread] += sums[other];
            least[thread] = vec4f(min(least[thread].rgb, least[other].rgb), least[thread].a + least[other].a);
            most[thread] = vec4f(max(most[thread].rgb, most[other].rgb), most[thread].a + most[other].a);
        }
    }
    if thread == 0u {
        parts[group.x * 3u] = sums[0];
        parts[group.x * 3u + 1u] = least[0];
        parts[group.x * 3u + 2u] = most[0];
    }
}

// The highest column of the histogram, but for black and white, which may stand out however little else there is.
@compute @workgroup_size(256)
fn peak(@builtin(local_invocation_index) thread: u32) {
    if thread == 0u || thread == LEVELS - 1u {
        return;
    }
    for (var c = 0u; c < 3u; c++) {
        atomicMax(&bins[PEAK], atomicLoad(&bins[HISTOGRAM + c * LEVELS + thread]));
    }
}

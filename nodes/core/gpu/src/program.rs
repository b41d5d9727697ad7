//! Puts tools, leaves and output together into one WGSL module. Knows naga, no device.

use crate::image::Precision;
use crate::plane_form::PlaneForm;
use crate::shader::{Body, Border, Kernel, PointwiseShader};
use crate::table::TableKind;
use rushes_engine::{Error, Key, KeyHasher, Result};
use rushes_shader::{LIBRARY, lexer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How a texture is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TextureKind {
    Float,
    Uint,
    Cube,
}

impl TextureKind {
    pub(crate) fn of_table(kind: TableKind) -> Self {
        match kind {
            TableKind::Plane => Self::Float,
            TableKind::Cube => Self::Cube,
        }
    }

    fn wgsl(self) -> &'static str {
        match self {
            Self::Float => "texture_2d<f32>",
            Self::Uint => "texture_2d<u32>",
            Self::Cube => "texture_3d<f32>",
        }
    }
}

/// One step of a fused program. Textures are counted in the order of the operations.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// Reads one texture of the picture's size.
    Image,
    /// Reads a decoder's planes.
    Planes(PlaneForm),
    /// Calls a tool on the values of earlier operations.
    Stage { shader: &'static PointwiseShader, inputs: Vec<usize> },
}

/// What becomes of the last operation's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Output {
    /// A working image; values between tools are rounded as the first precision, the last one as the second.
    Image(Precision, Precision),
    /// An encoder's planes, or what their chroma is made from.
    Encode(crate::encode_form::EncodeForm),
}

impl Output {
    /// How values are rounded: those between tools, and the last one.
    fn rounding(self) -> (Precision, Precision) {
        match self {
            Self::Image(between, last) => (between, last),
            Self::Encode(form) => (form.precision, form.precision),
        }
    }
}

/// A module ready to be compiled.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) wgsl: String,
    /// The textures, at bindings 1 and up; binding 0 is the uniform `args`.
    pub(crate) textures: Vec<TextureKind>,
}

const HEAD: &str = "\
struct Pixel { pos: vec2u, size: vec2u, frame: u32, seed: u32, scale: f32 }
@vertex fn rushes_vertex(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
    return vec4f(f32((i << 1u) & 2u) * 2.0 - 1.0, f32(i & 2u) * 2.0 - 1.0, 0.0, 1.0);
}
fn rushes_half(v: vec4f) -> vec4f {
    return vec4f(unpack2x16float(pack2x16float(v.xy)), unpack2x16float(pack2x16float(v.zw)));
}
fn rushes_pixel(pos: vec2u, size: vec2u, place: vec4u) -> Pixel {
    return Pixel(pos, size, place.x, place.y, bitcast<f32>(place.z));
}
";

/// What tells one program from another: everything that decides its text.
pub(crate) fn key(ops: &[Op], output: Output) -> Key {
    let mut hasher = KeyHasher::new("program");
    hasher.str(&format!("{output:?}"));
    for op in ops {
        match op {
            Op::Image => hasher.str("image"),
            Op::Planes(form) => hasher.str(&format!("{form:?}")),
            Op::Stage { shader, inputs } => {
                hasher.str("stage").key(shader.hash());
                inputs.iter().fold(&mut hasher, |h, i| h.u64(*i as u64))
            }
        };
    }
    hasher.finish()
}

/// The text being put together.
#[derive(Default)]
struct Builder {
    textures: Vec<TextureKind>,
    members: String,
    declarations: String,
    words: BTreeSet<String>,
}

impl Builder {
    /// Declares a texture and gives its name.
    fn texture(&mut self, kind: TextureKind, name: String) -> String {
        self.textures.push(kind);
        let binding = self.textures.len();
        writeln!(self.declarations, "@group(0) @binding({binding}) var {name}: {};", kind.wgsl()).ok();
        name
    }

    /// Adds a tool's text under a prefix.
    fn tool(&mut self, body: &Body, prefix: &str) -> Result<()> {
        let scan = body.scan()?;
        let mut names: BTreeMap<String, String> =
            scan.names.iter().map(|n| (n.clone(), format!("{prefix}{n}"))).collect();
        for (name, kind) in body.tables {
            let own = format!("{prefix}{name}");
            self.texture(TextureKind::of_table(*kind), own.clone());
            names.insert((*name).to_owned(), own);
        }
        self.declarations.push_str(&lexer::renamed(body.source, &names));
        self.declarations.push('\n');
        self.words.extend(scan.words);
        Ok(())
    }

    /// The whole module.
    fn finish(mut self, entry: &str) -> Program {
        self.words.extend(lexer::declarations(&self.declarations).into_iter().flat_map(|d| d.words));
        let members = &self.members;
        let wgsl = format!(
            "{HEAD}{}struct RushesArgs {{ @align(16) size: vec4u,\n{members}}}\n\
             @group(0) @binding(0) var<uniform> args: RushesArgs;\n{}{entry}",
            lexer::reached(&LIBRARY, self.words),
            self.declarations
        );
        Program { wgsl, textures: self.textures }
    }
}

fn has_params(body: &Body) -> Result<bool> {
    Ok(body.scan()?.names.iter().any(|n| n == "Params"))
}

/// A fused program: the operations in order, the last one's value going to the output.
pub(crate) fn fused(ops: &[Op], output: Output) -> Result<Program> {
    let mut b = Builder::default();
    let mut lines = String::new();
    // A tool that reads no table is put in once, however often it is called.
    let mut shared: BTreeMap<Key, usize> = BTreeMap::new();
    for (i, op) in ops.iter().enumerate() {
        let value = match op {
            Op::Image => {
                let name = b.texture(TextureKind::Float, format!("rushes_image{i}"));
                format!("textureLoad({name}, vec2i(pos), 0)")
            }
            Op::Planes(form) => {
                let textures: Vec<String> = (0..form.textures())
                    .map(|p| b.texture(form.kind(), format!("rushes_plane{i}_{p}")))
                    .collect();
                b.declarations.push_str(&form.wgsl(i, &textures));
                writeln!(b.members, "@align(16) a{i}: PlanesArgs,").ok();
                format!("rushes_planes{i}(args.a{i}, pos)")
            }
            Op::Stage { shader, inputs } => {
                let body = shader.body();
                let owner =
                    if body.tables.is_empty() { *shared.entry(shader.hash()).or_insert(i) } else { i };
                let prefix = format!("t{owner}_");
                if owner == i {
                    b.tool(body, &prefix)?;
                }
                writeln!(b.members, "@align(16) w{i}: vec4u,").ok();
                let mut call = format!("{prefix}tool(");
                for input in inputs {
                    write!(call, "v{input}, ").ok();
                }
                write!(call, "rushes_pixel(pos, args.size.xy, args.w{i})").ok();
                if has_params(body)? {
                    writeln!(b.members, "@align(16) a{i}: {prefix}Params,").ok();
                    write!(call, ", args.a{i}").ok();
                }
                call + ")"
            }
        };
        let (between, last) = output.rounding();
        let value = match if i + 1 == ops.len() { last } else { between } {
            Precision::Half => format!("rushes_half({value})"),
            Precision::Float => value,
        };
        writeln!(lines, "    let v{i} = {value};").ok();
    }
    let last = ops.len().saturating_sub(1);
    let entry = match output {
        Output::Image(..) => format!(
            "@fragment fn rushes_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {{\n    \
             let pos = vec2u(position.xy);\n{lines}    return v{last};\n}}\n"
        ),
        Output::Encode(form) => {
            b.members.push_str("@align(16) encode: EncodeArgs,\n");
            form.entry(&lines, last)
        }
    };
    b.words.extend(["PlanesArgs", "EncodeArgs"].map(str::to_owned));
    b.words.extend(lexer::declarations(&entry).into_iter().flat_map(|d| d.words));
    Ok(b.finish(&entry))
}

/// The program of one kernel.
pub(crate) fn kernel(kernel: &Kernel) -> Result<Program> {
    let body = kernel.body();
    let mut b = Builder::default();
    for i in 0..body.inputs {
        let name = b.texture(TextureKind::Float, format!("rushes_image{i}"));
        // Asking a texture for its size is slow on software rasterisers.
        writeln!(b.members, "@align(16) s{i}: vec4u,").ok();
        writeln!(b.declarations, "fn size{i}() -> vec2i {{ return vec2i(args.s{i}.xy); }}").ok();
        match kernel.border.function() {
            _ if kernel.border == Border::Inside => writeln!(
                b.declarations,
                "fn load{i}(pos: vec2i) -> vec4f {{ return textureLoad({name}, pos, 0); }}"
            ),
            Some(border) => writeln!(
                b.declarations,
                "fn load{i}(pos: vec2i) -> vec4f {{ return textureLoad({name}, {border}(pos, size{i}()), 0); }}"
            ),
            None => writeln!(
                b.declarations,
                "fn load{i}(pos: vec2i) -> vec4f {{\n    let s = size{i}();\n    \
                 if any(pos < vec2i(0)) || any(pos >= s) {{ return vec4f(0.0); }}\n    \
                 return textureLoad({name}, pos, 0);\n}}"
            ),
        }
        .ok();
    }
    b.tool(body, "t0_")?;
    b.members.push_str("@align(16) w0: vec4u,\n");
    let mut call = "t0_tool(rushes_pixel(vec2u(position.xy), args.size.xy, args.w0)".to_owned();
    if has_params(body)? {
        b.members.push_str("@align(16) a0: t0_Params,\n");
        call.push_str(", args.a0");
    }
    let entry = format!(
        "@fragment fn rushes_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {{\n    \
         return {call});\n}}\n"
    );
    Ok(b.finish(&entry))
}

/// The pass from chroma at full size to subsampled chroma, whose entry point is `entry`.
pub(crate) fn chroma(entry: &str) -> Program {
    let mut b = Builder::default();
    b.texture(TextureKind::Float, "rushes_chroma".to_owned());
    let taps = crate::encode_form::MAX_TAPS;
    b.members = format!(
        "@align(16) encode: EncodeArgs,\n@align(16) steps: vec4u,\ncounts: vec4u,\n\
         across: array<vec4f, {taps}>,\ndown: array<vec4f, {taps}>,\n"
    );
    b.words.extend(["EncodeArgs", "encode_codes"].map(str::to_owned));
    b.finish(entry)
}

/// One tool alone, with its position for every colour, parsed and validated.
pub(crate) fn standalone(shader: &PointwiseShader) -> Result<naga::Module> {
    let body = shader.body();
    let mut b = Builder::default();
    b.tool(body, "t0_")?;
    b.members.push_str("@align(16) w0: vec4u,\n");
    let mut call = "t0_tool(".to_owned();
    for _ in 0..body.inputs {
        call.push_str("vec4f(position), ");
    }
    call.push_str("rushes_pixel(vec2u(position.xy), args.size.xy, args.w0)");
    if has_params(body)? {
        b.members.push_str("@align(16) a0: t0_Params,\n");
        call.push_str(", args.a0");
    }
    let entry = format!(
        "@fragment fn rushes_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {{\n    \
         return {call});\n}}\n"
    );
    parse(&b.finish(&entry).wgsl, body.name)
}

/// Parses and validates a module.
pub(crate) fn parse(wgsl: &str, name: &str) -> Result<naga::Module> {
    let wrong = |what: String| {
        Error::usage(format!("the shader is not valid WGSL: {what}"))
            .at(name)
            .help("correct the tool's shader")
    };
    let module = naga::front::wgsl::parse_str(wgsl).map_err(|e| wrong(e.emit_to_string(wgsl)))?;
    naga::valid::Validator::new(
        naga::valid::ValidationFlags::all(),
        naga::valid::Capabilities::SHADER_FLOAT16_IN_FLOAT32,
    )
    .validate(&module)
    .map_err(|e| wrong(e.emit_to_string(wgsl)))?;
    Ok(module)
}

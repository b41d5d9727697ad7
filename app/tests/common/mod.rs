//! A made-up graph for tests and screenshots of the window. Nothing of it ships.
#![allow(dead_code, reason = "each test uses its part")]

use egui::{Color32, ColorImage, Context, Pos2, Rect, TextureHandle, TextureOptions, pos2, vec2};
use rushes::editor::canvas::CanvasView;
use rushes::editor::canvas::view::*;
use rushes::editor::search::Tool;
use rushes::editor::theme::icons;
use rushes_engine::ValueType::{self, Audio, Clip, ImageSet, Mask, Style, Text};

/// The conversions of the made-up graph.
pub fn fits() -> Conversions {
    Conversions([(Clip, Mask, "luma"), (ImageSet, Clip, "first still")].into())
}

pub fn port(name: &str, ty: ValueType) -> PortView {
    PortView {
        name: name.into(),
        label: name.replace('_', " "),
        ty,
        any: false,
        linked: false,
        required: false,
    }
}

pub fn node(
    id: &str,
    kind: &str,
    title: &str,
    at: (f32, f32),
    ins: &[(&str, ValueType)],
    outs: &[(&str, ValueType)],
) -> NodeView {
    let face = NodeFace {
        width: 184.0,
        inputs: ins.iter().map(|(n, t)| port(n, *t)).collect(),
        outputs: outs.iter().map(|(n, t)| port(n, *t)).collect(),
        state_words: "Cached".into(),
        ..NodeFace::new(id, title, icons::of_kind(kind))
    };
    face.at(pos2(at.0, at.1))
}

pub fn param(label: &str, value: &str, fraction: Option<f32>) -> ParamRow {
    ParamRow { label: label.into(), value: value.into(), fraction }
}

pub fn link(from: (&str, &str), to: (&str, &str), ty: ValueType) -> LinkView {
    LinkView {
        from: PortRef::new(from.0, from.1),
        to: PortRef::new(to.0, to.1),
        ty,
        state: WireState::Ready,
        conversion: String::new(),
        description: "3840×2160 · 24 · 240f · 709".into(),
    }
}

/// A picture with some structure, so that crops and tints can be judged.
pub fn picture(ctx: &Context) -> TextureHandle {
    let (w, h) = (320, 180);
    let pixels = (0..w * h)
        .map(|i| {
            let (x, y) = ((i % w) as f32 / w as f32, (i / w) as f32 / h as f32);
            let sun = (1.0 - (x - 0.62).hypot((y - 0.42) * 0.56) * 4.0).clamp(0.0, 1.0);
            let hill = if y > 0.62 + 0.12 * (x * 7.0).sin() { 0.35 } else { 1.0 };
            let v = |a: f32| ((a * hill + sun * 0.5).clamp(0.0, 1.0) * 255.0) as u8;
            Color32::from_rgb(v(0.75 - 0.3 * y), v(0.5 - 0.2 * y), v(0.4 + 0.3 * y))
        })
        .collect();
    ctx.load_texture("picture", ColorImage::new([w, h], pixels), TextureOptions::LINEAR)
}

/// A graph with one node in each state.
pub fn graph(picture: Option<egui::TextureId>) -> CanvasView {
    let thumb = Some(Thumb { texture: picture, aspect: 16.0 / 9.0, slow: false });
    let mut shot = node(
        "shot",
        "plan/shot",
        "Shot",
        (0.0, 0.0),
        &[("style", Style)],
        &[("still", Text), ("motion", Text)],
    );
    shot.body =
        "Medium close-up, eye level, 85 mm. An astronaut before launch, calm half smile, studio key light."
            .into();
    shot.params = vec![param("Aspect", "16:9", None)];
    let mut still = node(
        "stills",
        "generate/still",
        "Generate still",
        (260.0, 0.0),
        &[("prompt", Text), ("style", Style)],
        &[("stills", ImageSet)],
    );
    still.thumb = thumb;
    still.caption = "1 of 5".into();
    still.params = vec![param("Seed", "40219", None)];
    still.footer = "5 stills · spent $0.20".into();
    let mut pick =
        node("pick", "generate/pick", "Pick", (520.0, 0.0), &[("stills", ImageSet)], &[("clip", Clip)]);
    pick.thumb = thumb;
    pick.params = vec![param("Choice", "1 of 5", None)];
    let mut anim = node(
        "anim",
        "animate/image_to_video",
        "Image to video",
        (780.0, 0.0),
        &[("clip", Clip), ("motion", Text)],
        &[("clip", Clip)],
    );
    anim.thumb = thumb;
    anim.short = "Dolly in".into();
    anim.state = NodeState::Running(0.42);
    anim.state_words = "Running 42 %".into();
    anim.footer = "0:38 left".into();
    anim.caption = "1080p · 5 s".into();
    let mut orbit = node(
        "orbit",
        "animate/image_to_video",
        "Image to video",
        (780.0, 280.0),
        &[("clip", Clip), ("motion", Text)],
        &[("clip", Clip)],
    );
    orbit.thumb = thumb;
    orbit.short = "Orbit".into();
    orbit.state = NodeState::WillCost;
    orbit.state_words = "Will cost".into();
    orbit.footer = "$0.62".into();
    let mut voice =
        node("voice", "edit/read", "Read", (260.0, 400.0), &[], &[("clip", Clip), ("audio", Audio)]);
    voice.state = NodeState::Error;
    voice.state_words = "File missing".into();
    voice.body = "voice_take3.wav is not in media/".into();
    let mut upscale =
        node("up", "upscale/video", "Upscale video", (0.0, 400.0), &[("clip", Clip)], &[("clip", Clip)]);
    upscale.thumb = thumb;
    upscale.state = NodeState::Stale;
    upscale.state_words = "Stale · detail 0 → 12".into();
    upscale.params = vec![param("Output", "4K 3840×2160", None), param("Recover detail", "12", Some(0.12))];
    upscale.advice = true;
    upscale.caption = "Last result · 3840×2160".into();
    let mut film = node("film", "finish/film", "Film", (260.0, 640.0), &[("clip", Clip)], &[("clip", Clip)]);
    film.state = NodeState::Bypassed;
    film.state_words = "Bypassed".into();
    film.params = vec![param("Halation", "0.20", Some(0.2))];
    let mut plate =
        node("plate", "finish/grain_plate", "Grain plate", (260.0, 820.0), &[], &[("clip", Clip)]);
    plate.state = NodeState::Live;
    plate.state_words = "Live".into();
    plate.footer = "0.4 ms".into();
    let mut blend = node(
        "blend",
        "finish/blend",
        "Grain blend",
        (520.0, 600.0),
        &[("bottom", Clip), ("top", Clip), ("mask", Mask)],
        &[("clip", Clip)],
    );
    blend.thumb = thumb;
    blend.viewer_slot = Some(2);
    blend.params = vec![param("Mode", "Overlay", None), param("Opacity", "30 %", Some(0.3))];
    blend.state = NodeState::Stale;
    blend.state_words = "Stale · upstream".into();
    blend.footer = "1.3 ms".into();
    let mut write =
        node("write", "deliver/write", "Write", (820.0, 600.0), &[("clip", Clip), ("audio", Audio)], &[]);
    write.body = "out/launch_v07.mov\nProRes 422 HQ · 10-bit · 709".into();
    write.params = vec![param("Preset", "ProRes 422 HQ", None), param("Frames", "0–239", None)];
    write.state = NodeState::Waiting;
    write.state_words = "Waiting".into();
    write.footer = "about 1.9 GB".into();
    let mut small = node("trim", "time/trim", "Trim", (520.0, 400.0), &[("clip", Clip)], &[("clip", Clip)]);
    small.collapsed = true;
    let mut nodes = vec![shot, still, pick, anim, orbit, voice, upscale, film, plate, blend, write, small];
    let mut links = vec![
        link(("shot", "still"), ("stills", "prompt"), Text),
        link(("stills", "stills"), ("pick", "stills"), ImageSet),
        link(("pick", "clip"), ("anim", "clip"), Clip),
        link(("shot", "motion"), ("anim", "motion"), Text),
        link(("pick", "clip"), ("orbit", "clip"), Clip),
        link(("up", "clip"), ("film", "clip"), Clip),
        link(("film", "clip"), ("blend", "bottom"), Clip),
        link(("plate", "clip"), ("blend", "top"), Clip),
        link(("blend", "clip"), ("write", "clip"), Clip),
        link(("voice", "audio"), ("write", "audio"), Audio),
    ];
    links[4].state = WireState::Waits;
    links[9].state = WireState::Broken;
    for l in &links {
        for n in &mut nodes {
            let mark = |ports: &mut Vec<PortView>, end: &PortRef| {
                ports.iter_mut().filter(|p| p.name == end.port).for_each(|p| p.linked = true);
            };
            if n.id == l.from.node {
                mark(&mut n.outputs, &l.from);
            }
            if n.id == l.to.node {
                mark(&mut n.inputs, &l.to);
            }
        }
    }
    let mut view = CanvasView::new(nodes, links, fits());
    view.groups = vec![GroupView {
        id: "finish".into(),
        title: "Finish 4K".into(),
        color: Color32::from_rgb(0x5e, 0x8c, 0x7e),
        nodes: vec!["film".into(), "plate".into(), "blend".into()],
    }];
    view.notes = vec![NoteView {
        id: "n".into(),
        rect: Rect::from_min_size(pos2(0.0, 760.0), vec2(176.0, 96.0)),
        text: "Check the visor\nReflection shows the crew in take 2.".into(),
    }];
    view
}

/// `count` nodes in a grid, each wired to the one before.
pub fn many(count: usize, picture: Option<egui::TextureId>) -> CanvasView {
    let nodes: Vec<NodeView> = (0..count)
        .map(|i| {
            let at = ((i % 40) as f32 * 240.0, (i / 40) as f32 * 280.0);
            let mut n =
                node(&format!("n{i}"), "finish/grade", "Grade", at, &[("clip", Clip)], &[("clip", Clip)]);
            n.thumb = Some(Thumb { texture: picture, aspect: 16.0 / 9.0, slow: false });
            n.params = vec![param("Exposure", "0.3", Some(0.3)), param("Contrast", "1", Some(0.5))];
            n
        })
        .collect();
    let links: Vec<LinkView> = (1..count)
        .map(|i| link((&format!("n{}", i - 1), "clip"), (&format!("n{i}"), "clip"), Clip))
        .collect();
    CanvasView::new(nodes, links, fits())
}

/// A few tools to search.
pub fn tools() -> Vec<Tool> {
    let tool = |kind: &str,
                label: &str,
                about: &str,
                words: &[&str],
                inputs: &[ValueType],
                outputs: &[ValueType]| Tool {
        kind: kind.into(),
        label: label.into(),
        about: about.into(),
        words: words.iter().map(|w| (*w).into()).collect(),
        inputs: inputs.to_vec(),
        outputs: outputs.to_vec(),
    };
    vec![
        tool(
            "finish/blend",
            "Blend",
            "Lays one picture over another.",
            &["grain overlay", "layer"],
            &[Clip, Clip, Mask],
            &[Clip],
        ),
        tool(
            "finish/grain",
            "Grain",
            "Lays film grain over the clip, strongest in the mids.",
            &["film noise"],
            &[Clip],
            &[Clip],
        ),
        tool("finish/grade", "Grade", "Exposure, colour and contrast.", &["colour"], &[Clip], &[Clip]),
        tool("finish/grain_plate", "Grain plate", "A clip of film grain.", &[], &[], &[Clip]),
        tool("generate/pick", "Pick", "Chooses one still of several.", &["choose"], &[ImageSet], &[Clip]),
        tool("plan/mood_board", "Mood board", "Pictures that set the look.", &[], &[ImageSet], &[Style]),
        tool("plan/text", "Text", "Words.", &["prompt"], &[], &[Text]),
    ]
}

/// The middle of a rectangle of the graph at 100 %.
pub fn at(x: f32, y: f32) -> Pos2 {
    pos2(x, y)
}

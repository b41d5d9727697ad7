//! One frame of the canvas, from input to paint.

use super::Canvas;
use super::action::CanvasAction;
use super::connect::{self, Refusal};
use super::frame::Frame;
use super::geometry::Detail;
use super::gesture::{Gesture, Target, loose_curve};
use super::paint_far::Far;
use super::paint_node::{self, Touch};
use super::paint_port::{self, Emphasis};
use super::perform::whole;
use super::titles::Titling;
use super::view::{CanvasView, Fit, Id, LinkView, PortRef, PortView, Side};
use super::{mend, minimap, paint_ground, paint_wire};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{icon, radius};
use egui::{
    Color32, CursorIcon, Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect, Response, Sense,
    Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};
use std::sync::Arc;

const EDGE_PAN: f32 = 24.0;
const EDGE_SPEED: f32 = 10.0;
const LINES_TO_ZOOM: f32 = 0.14;

impl Canvas {
    /// Shows the canvas in `panel` and says what a person asked for.
    pub fn show(&mut self, ui: &mut Ui, panel: Rect, theme: &Theme, view: &CanvasView) -> Vec<CanvasAction> {
        let mut out = Vec::new();
        let mut ui = ui.new_child(UiBuilder::new().max_rect(panel).id_salt("canvas"));
        let ui = &mut ui;
        ui.set_clip_rect(panel.intersect(ui.clip_rect()));
        self.resized(panel);
        self.forget_what_is_gone(view);
        let ground = ui.interact(panel, ui.id().with("ground"), Sense::click_and_drag());
        ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Graph"));
        let hand = ui.input(|i| i.pointer.latest_pos()).unwrap_or(panel.center());
        self.travel(ui, panel, hand, theme);
        self.follow(view, self.camera.to_graph(panel, hand), theme.tokens.size.canvas_snap);
        let mut frame = Frame::new(theme, view, panel, self.camera, self.held());
        if std::mem::take(&mut self.fit_asked) {
            self.fit_all(&frame);
            frame = Frame::new(theme, view, panel, self.camera, self.held());
        }
        if std::mem::take(&mut self.look_asked) {
            self.look_at_selection(&frame);
            frame = Frame::new(theme, view, panel, self.camera, self.held());
        }
        if let Gesture::Wire { loose, .. } = &self.gesture {
            frame.loops = connect::loops(view, loose);
        }
        self.sweep(&frame, hand);
        paint_ground::grid(ui.painter(), &frame);
        self.groups(ui, &frame, &mut out);
        let target = self.target(&frame, hand);
        let wire = self.wire_under(&frame, &ground, hand);
        self.wires(ui, &frame, wire, hand, &target);
        self.nodes(ui, &frame, &target, &mut out);
        self.notes(ui, &frame, frame.camera.to_graph(panel, hand), &mut out);
        self.over_nodes(ui, &frame, wire, hand, &target);
        self.ground(ui, &frame, &ground, wire, hand, &mut out);
        // A map of what is in view anyway would only cover it.
        let beyond = !self.camera.seen(panel).contains_rect(whole(&frame));
        self.map_shown = self.minimap && beyond && !view.nodes().is_empty();
        if self.map_shown {
            minimap::show(ui, &frame, &mut self.camera, &self.selection);
        }
        if view.nodes().is_empty() {
            let text = "Press Tab to add a node, or drop pictures and clips here";
            header::empty(ui, theme, panel, glyph::FLOW_ARROW, "An empty graph", text);
        }
        if self.gesture != Gesture::Idle {
            if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
                self.gesture = Gesture::Idle;
            } else if !ui.input(|i| i.pointer.primary_down()) {
                self.drop_it(ui, &frame, hand, &mut out);
            }
        }
        self.write_title(ui, &frame, &mut out);
        let here = frame.camera.to_graph(panel, self.under_or_center(panel, hand));
        self.perform(ui, &frame, here, &mut out);
        self.paste(ui, here, &mut out);
        out
    }

    /// A panel of another size shows the whole graph again where it did before, else keeps the middle where it is.
    fn resized(&mut self, panel: Rect) {
        let old = std::mem::replace(&mut self.panel, panel);
        if !old.is_positive() || old.size() == panel.size() {
            return;
        }
        self.fit_again();
        if !self.fit_asked {
            self.camera.origin += (old.size() - panel.size()) / (2.0 * self.camera.zoom);
        }
    }

    fn under_or_center(&self, panel: Rect, hand: Pos2) -> Pos2 {
        if panel.contains(hand) { hand } else { panel.center() }
    }

    fn forget_what_is_gone(&mut self, view: &CanvasView) {
        self.selection.retain(|id| view.node(id).is_some());
        self.wire = self.wire.take().filter(|to| view.link_into(to).is_some());
        self.note = self.note.take().filter(|id| view.notes.iter().any(|n| n.id == *id));
        let there = match &self.gesture {
            Gesture::Move { grabbed, .. } => view.node(grabbed).is_some(),
            Gesture::Wire { loose, .. } => view.port(loose.side, &loose.port).is_some(),
            Gesture::Idle | Gesture::Box { .. } | Gesture::Note { .. } => true,
        };
        if !there {
            self.gesture = Gesture::Idle;
        }
    }

    /// Pan by the middle button, Space or a trackpad; zoom by the wheel, Ctrl and the wheel, or a pinch.
    fn travel(&mut self, ui: &Ui, panel: Rect, hand: Pos2, theme: &Theme) {
        let origin = ui.input(|i| i.pointer.press_origin());
        let held =
            ui.input(|i| i.pointer.middle_down() || (i.pointer.primary_down() && i.key_down(Key::Space)));
        if held && origin.is_some_and(|p| panel.contains(p)) {
            self.camera.pan(ui.input(|i| i.pointer.delta()));
            ui.set_cursor_icon(CursorIcon::Grabbing);
        }
        if self.gesture != Gesture::Idle && panel.is_positive() {
            let inner = panel.shrink(EDGE_PAN.min(panel.width().min(panel.height()) / 4.0));
            let over = hand - inner.clamp(hand);
            if over != Vec2::ZERO {
                self.camera.pan(-over.normalized() * EDGE_SPEED.min(over.length()));
                ui.ctx().request_repaint();
            }
        }
        if !ui.rect_contains_pointer(panel) {
            return;
        }
        let range = (theme.tokens.zoom.min, theme.tokens.zoom.max);
        let (pinch, scroll, lines) = ui.input(|i| {
            let lines: f32 = i.events.iter().map(wheel_lines).sum();
            (i.zoom_delta(), i.smooth_scroll_delta(), lines)
        });
        let wheel = ui.input(|i| i.events.iter().any(|e| wheel_lines(e) != 0.0));
        self.wheel_turns |= wheel;
        if pinch != 1.0 {
            self.camera.zoom_at(panel, hand, pinch, range);
        } else if lines != 0.0 {
            self.camera.zoom_at(panel, hand, (lines * LINES_TO_ZOOM).exp(), range);
        } else if scroll != Vec2::ZERO && !self.wheel_turns {
            self.camera.pan(scroll);
        }
        if scroll == Vec2::ZERO {
            self.wheel_turns = false;
        }
    }

    fn groups(&mut self, ui: &mut Ui, frame: &Frame<'_>, out: &mut Vec<CanvasAction>) {
        for group in &frame.view.groups {
            let Some(rect) = paint_ground::group_rect(frame, group).filter(|r| r.intersects(frame.panel))
            else {
                continue;
            };
            let head = paint_ground::group_header(frame, rect);
            let response = ui.interact(head, ui.id().with(("group", &group.id)), Sense::click_and_drag());
            response.widget_info(|| {
                WidgetInfo::labeled(WidgetType::Label, true, format!("Group {}", group.title))
            });
            paint_ground::group(ui.painter(), frame, group, rect, response.hovered());
            if response.double_clicked() {
                self.titling = Some(Titling::group(group));
            } else if response.clicked() || response.drag_started_by(PointerButton::Primary) {
                self.in_use = true;
                self.select(group.nodes.iter().cloned());
                out.push(CanvasAction::Selected);
            }
            if response.drag_started_by(PointerButton::Primary)
                && let (Some(first), Some(at)) = (group.nodes.first(), ui.input(|i| i.pointer.press_origin()))
            {
                self.grab(frame.view, first, frame.camera.to_graph(frame.panel, at), out);
            }
        }
    }

    fn wire_under(&self, frame: &Frame<'_>, ground: &Response, hand: Pos2) -> Option<usize> {
        if self.gesture != Gesture::Idle || !ground.hovered() {
            return None;
        }
        let reach = frame.theme.tokens.wire_style.hit_width / 2.0;
        (0..frame.view.links().len())
            .filter_map(|i| Some((i, frame.curve(i)?)))
            .filter(|(_, c)| c.bounds().expand(reach).contains(hand))
            .map(|(i, c)| (i, c.distance(hand)))
            .filter(|(_, d)| *d <= reach)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }

    fn wires(&self, ui: &Ui, frame: &Frame<'_>, under: Option<usize>, hand: Pos2, target: &Target) {
        let theme = frame.theme;
        let accent: Color32 = *theme.colors().accent.fill;
        let leaves = match &self.gesture {
            Gesture::Wire { leaves, .. } => leaves.as_ref(),
            _ => None,
        };
        let takes = self.insertion(frame, ui.input(|i| i.modifiers.alt)).map(|(i, _, _)| i);
        let wires = frame.view.links().len();
        let mut far = (frame.detail < Detail::Full).then(|| Far::new(ui.painter(), wires * 24, wires * 28));
        for (i, link) in frame.view.links().iter().enumerate() {
            let Some(curve) = frame.curve(i) else { continue };
            if !curve.bounds().expand(4.0).intersects(frame.panel) || leaves == Some(&link.to) {
                continue;
            }
            let bold = if takes == Some(i) || self.wire.as_ref() == Some(&link.to) {
                Some(accent)
            } else if under == Some(i) || self.touches_selection(link) {
                Some(theme.wire_color(link.ty))
            } else {
                None
            };
            paint_wire::wire(ui.painter(), frame, link, &curve, bold, far.as_mut());
        }
        far.into_iter().for_each(|far| far.paint(ui.painter()));
        let free = match &self.gesture {
            Gesture::Wire { loose, .. } => Some((loose, hand)),
            _ => self.pending.as_ref().map(|(l, at)| (l, frame.camera.to_screen(frame.panel, *at))),
        };
        if let Some((loose, mut end)) = free {
            if let Target::Port(port) = target {
                end = end_of(frame, connect::opposite(loose.side), port).unwrap_or(end);
            }
            if let Some(curve) = loose_curve(frame, loose, end) {
                let refused = matches!(target, Target::Refused(_));
                paint_wire::loose(ui.painter(), frame, loose.ty, &curve, end, refused);
            }
        }
    }

    fn touches_selection(&self, link: &LinkView) -> bool {
        self.selection.len() == 1
            && (self.selection.contains(&link.from.node) || self.selection.contains(&link.to.node))
    }

    fn nodes(&mut self, ui: &mut Ui, frame: &Frame<'_>, target: &Target, out: &mut Vec<CanvasAction>) {
        let seen = (0..frame.view.nodes().len()).filter(|i| frame.sees(*i));
        let (top, rest): (Vec<usize>, Vec<usize>) =
            seen.partition(|i| frame.view.nodes().get(*i).is_some_and(|n| self.selection.contains(&n.id)));
        let count = frame.view.nodes().len();
        let mut far = (frame.detail == Detail::Block).then(|| Far::new(ui.painter(), count * 12, count * 6));
        for index in rest.into_iter().chain(top) {
            let (Some(node), Some(rect)) = (frame.view.nodes().get(index), frame.rects.get(index)) else {
                continue;
            };
            let response = ui.interact(*rect, ui.id().with(("node", &node.id)), Sense::click_and_drag());
            let selected = self.selection.contains(&node.id);
            response.widget_info(|| {
                let name = format!("{} ({})", node.title, node.id);
                WidgetInfo::selected(WidgetType::Button, true, selected, name)
            });
            let touch = Touch { hovered: response.hovered(), selected, focused: response.has_focus() };
            paint_node::node(ui.painter(), frame, index, touch, far.as_mut());
            self.node_touched(ui, frame, &response, &node.id, out);
            if mend::button(ui, frame, node, *rect) {
                out.push(CanvasAction::Mend(Id::clone(&node.id)));
            }
            if frame.detail > Detail::Block {
                self.ports(ui, frame, index, target);
            }
        }
        far.into_iter().for_each(|far| far.paint(ui.painter()));
    }

    fn node_touched(
        &mut self,
        ui: &Ui,
        frame: &Frame<'_>,
        response: &Response,
        id: &Id,
        out: &mut Vec<CanvasAction>,
    ) {
        let space = ui.input(|i| i.key_down(Key::Space));
        if response.drag_started_by(PointerButton::Primary)
            && !space
            && let Some(at) = ui.input(|i| i.pointer.press_origin())
        {
            self.grab(frame.view, id, frame.camera.to_graph(frame.panel, at), out);
        }
        if response.double_clicked() {
            out.push(CanvasAction::Open(Id::clone(id)));
        } else if response.clicked() {
            self.in_use = true;
            if ui.input(|i| i.modifiers.command || i.modifiers.shift) {
                if !self.selection.remove(id) {
                    self.selection.insert(Id::clone(id));
                }
                out.push(CanvasAction::Selected);
            } else {
                self.select_only(Some(Id::clone(id)), out);
            }
        }
    }

    fn ports(&mut self, ui: &mut Ui, frame: &Frame<'_>, index: usize, target: &Target) {
        let Some(node) = frame.view.nodes().get(index) else { return };
        let half = (frame.theme.tokens.size.port_hit / 2.0 * frame.zoom()).max(5.0);
        for side in [Side::In, Side::Out] {
            for (row, port) in node.ports(side).iter().enumerate() {
                let Some(at) = frame.port(index, side, row) else { continue };
                let end = PortRef { node: Id::clone(&node.id), port: Id::clone(&port.name) };
                let hit = Rect::from_center_size(at, Vec2::splat(half * 2.0));
                let response = ui.interact(hit, ui.id().with(("port", &end, side)), Sense::click_and_drag());
                response.widget_info(|| {
                    let way = if side == Side::In { "input" } else { "output" };
                    WidgetInfo::labeled(WidgetType::Button, true, format!("{}.{} {way}", end.node, end.port))
                });
                let emphasis = self.emphasis(frame, side, port, &end, target, response.hovered());
                // The wire goes through a point on it; its ends show where they are wanted.
                if !node.dot || matches!(emphasis, Emphasis::Fits | Emphasis::Snapped) {
                    paint_port::port(ui.painter(), frame, at, port, emphasis);
                }
                if response.drag_started_by(PointerButton::Primary) {
                    self.pull(frame.view, side, end);
                } else if response.hovered() {
                    ui.set_cursor_icon(CursorIcon::Crosshair);
                    if self.gesture == Gesture::Idle {
                        let ty = if port.any { "anything".to_owned() } else { port.ty.to_string() };
                        response.on_hover_text(format!("{} · {ty}", port.label));
                    }
                }
            }
        }
    }

    fn emphasis(
        &self,
        frame: &Frame<'_>,
        side: Side,
        port: &PortView,
        end: &PortRef,
        target: &Target,
        hovered: bool,
    ) -> Emphasis {
        let Gesture::Wire { loose, .. } = &self.gesture else {
            return if hovered { Emphasis::Fits } else { Emphasis::None };
        };
        let fits = connect::fit(frame.view, loose, port) != Fit::No && !frame.loops.contains(&end.node);
        match target {
            Target::Port(snapped) if snapped == end && side != loose.side => Emphasis::Snapped,
            _ if *end == loose.port => Emphasis::None,
            _ if side != loose.side && fits => Emphasis::Fits,
            _ => Emphasis::Faded,
        }
    }

    fn over_nodes(&self, ui: &Ui, frame: &Frame<'_>, under: Option<usize>, hand: Pos2, target: &Target) {
        if let Gesture::Box { from, .. } = &self.gesture {
            let from = frame.camera.to_screen(frame.panel, *from);
            paint_ground::selection_box(ui.painter(), frame, from, hand);
        }
        if let Target::Refused(refusal) = target {
            refusal_popup(ui, frame, hand, refusal);
        }
        if self.gesture != Gesture::Idle || frame.detail != Detail::Full {
            return;
        }
        let told = |(i, link): (usize, &Arc<LinkView>)| {
            if let Some(curve) = frame.curve(i).filter(|c| c.bounds().intersects(frame.panel)) {
                paint_wire::description(ui.painter(), frame, &curve, &link.description);
            }
        };
        let links = frame.view.links();
        if self.describe_all {
            links.iter().enumerate().for_each(told);
        } else if let Some(i) = under {
            links.get(i).map(|l| (i, l)).into_iter().for_each(told);
        } else if self.selection.len() == 1 {
            let from = |l: &LinkView| self.selection.contains(&l.from.node);
            links.iter().enumerate().find(|(_, l)| from(l)).into_iter().for_each(told);
        }
    }

    fn ground(
        &mut self,
        ui: &Ui,
        frame: &Frame<'_>,
        ground: &Response,
        wire: Option<usize>,
        hand: Pos2,
        out: &mut Vec<CanvasAction>,
    ) {
        let adds = ui.input(|i| i.modifiers.command || i.modifiers.shift);
        let space = ui.input(|i| i.key_down(Key::Space));
        if ground.drag_started_by(PointerButton::Primary)
            && !space
            && let Some(at) = ui.input(|i| i.pointer.press_origin())
        {
            let before = if adds { self.selection.clone() } else { Default::default() };
            self.gesture = Gesture::Box { from: frame.camera.to_graph(frame.panel, at), before };
        }
        if let (true, Some(link)) = (ground.double_clicked(), wire.and_then(|i| frame.view.links().get(i))) {
            let at = frame.camera.to_graph(frame.panel, hand);
            out.push(CanvasAction::Reroute { wire: Some(link.to.clone()), at });
        } else if ground.double_clicked() {
            out.push(self.search_at(frame, frame.camera.to_graph(frame.panel, hand)));
        } else if ground.clicked() {
            self.in_use = true;
            if !adds {
                self.select_only(None, out);
            }
            self.wire = wire.and_then(|i| frame.view.links().get(i)).map(|l| l.to.clone());
        }
    }

    /// Asks for the search at a place in the graph.
    pub(super) fn search_at(&self, frame: &Frame<'_>, at: Pos2) -> CanvasAction {
        CanvasAction::OpenSearch { at, screen: frame.camera.to_screen(frame.panel, at), from: None }
    }
}

fn wheel_lines(event: &Event) -> f32 {
    match event {
        Event::MouseWheel { unit: MouseWheelUnit::Line | MouseWheelUnit::Page, delta, modifiers, .. }
            if !modifiers.command =>
        {
            delta.y
        }
        _ => 0.0,
    }
}

fn end_of(frame: &Frame<'_>, side: Side, end: &PortRef) -> Option<Pos2> {
    let index = frame.view.index_of(&end.node)?;
    let (row, _) = frame.view.nodes().get(index)?.port(side, &end.port)?;
    frame.port(index, side, row)
}

fn refusal_popup(ui: &Ui, frame: &Frame<'_>, hand: Pos2, refusal: &Refusal) {
    let theme = frame.theme;
    let c = theme.colors();
    let painter = ui.painter();
    let why = painter.layout(refusal.why.clone(), theme.font(Text::BodyStrong), *c.text.primary, 280.0);
    let instead = painter.layout(refusal.instead.clone(), theme.font(Text::Body), *c.text.secondary, 280.0);
    let size = vec2(why.size().x.max(instead.size().x) + 48.0, why.size().y + instead.size().y + 20.0);
    let mut rect = Rect::from_min_size(hand + vec2(16.0, 16.0), size);
    if rect.right() > frame.panel.right() {
        rect = rect.translate(vec2(-size.x - 32.0, 0.0));
    }
    if rect.bottom() > frame.panel.bottom() {
        rect = rect.translate(vec2(0.0, -size.y - 32.0));
    }
    let shape = radius(theme.tokens.radius.popup);
    painter.rect(rect, shape, *c.surface.popup, Stroke::new(1.0, *c.state.error), StrokeKind::Inside);
    icon(
        painter,
        theme,
        pos2(rect.left() + 18.0, rect.top() + 18.0),
        glyph::WARNING_CIRCLE,
        16.0,
        *c.state.error,
    );
    let at = rect.min + vec2(34.0, 10.0);
    let below = at + vec2(0.0, why.size().y + 2.0);
    painter.galley(at, why, *c.text.primary);
    painter.galley(below, instead, *c.text.secondary);
}

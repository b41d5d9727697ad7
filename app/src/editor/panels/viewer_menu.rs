//! The popups of the viewer's header.

use super::compare::{CompareAction, CompareView, GAINS, Mode};
use super::display::{Channel, DisplayAction, GAMMAS, Ground, STOPS};
use super::guides::{Aspect, GuideAction};
use super::viewer::{StillFormat, ViewerAction, ViewerView};
use super::zoom::{Sampling, Zoom, ZoomAction};
use crate::editor::theme::Theme;
use crate::editor::widgets::field::{Change, NumberSpec, number};
use crate::editor::widgets::segments::{buttons, item, row, segments, toggle};
use egui::{Popup, PopupCloseBehavior, Response, Ui};

const WIDTH: f32 = 352.0;

fn popup<R>(button: &Response, add: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let popup = Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let shown = popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(WIDTH);
        add(ui)
    });
    shown.map(|shown| shown.inner)
}

/// The channels alone.
pub(super) fn channels(button: &Response, theme: &Theme, current: Channel) -> Option<Channel> {
    let mut chosen = None;
    Popup::menu(button).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(theme.tokens.size.inspector_label);
        for channel in Channel::ALL {
            if item(ui, theme, channel.word(), channel == current) && channel != current {
                chosen = Some(channel);
            }
        }
    });
    chosen
}

fn plain(soft: std::ops::RangeInclusive<f64>, unit: &str) -> NumberSpec {
    NumberSpec { hard: soft.clone(), soft, integer: false, unit: unit.to_owned(), logarithmic: false }
}

fn figure(ui: &mut Ui, theme: &Theme, label: &str, value: f32, spec: &NumberSpec) -> Option<f32> {
    row(ui, theme, label, |ui, rect| match number(ui, theme, rect, label, f64::from(value), spec) {
        Some(Change::Dragging(v) | Change::Done(v)) => Some(v as f32),
        None => None,
    })
}

/// How the picture is seen, and what lies over it.
pub(super) fn seeing(button: &Response, theme: &Theme, view: &ViewerView, zoom: &Zoom) -> Vec<ViewerAction> {
    let asked = popup(button, |ui| {
        let mut out = Vec::new();
        out.extend(seen(ui, theme, view).map(ViewerAction::Display));
        let sampling = row(ui, theme, "Sampling", |ui, rect| {
            segments(ui, theme, rect, "Sampling", &Sampling::ALL, zoom.sampling)
        });
        out.extend(sampling.map(|s| ViewerAction::Zoom(ZoomAction::Sampling(s))));
        ui.separator();
        if toggle(ui, theme, "Safe areas: action 93 %, title 90 %", view.guides.safe) {
            out.push(ViewerAction::Guides(GuideAction::Safe));
        }
        let mut shapes = vec![("Off", None)];
        shapes.extend(Aspect::ALL.map(|(word, aspect)| (word, Some(aspect))));
        let shape = row(ui, theme, "Delivery", |ui, rect| {
            segments(ui, theme, rect, "Delivery", &shapes, view.guides.aspect)
        });
        out.extend(shape.map(|shape| ViewerAction::Guides(GuideAction::Aspect(shape))));
        ui.separator();
        let save = row(ui, theme, "Save frame", |ui, rect| {
            buttons(ui, theme, rect, "Save frame", &StillFormat::ALL)
        });
        if let Some(format) = save {
            out.push(ViewerAction::SaveFrame(format));
            ui.close();
        }
        out
    });
    asked.unwrap_or_default()
}

fn seen(ui: &mut Ui, theme: &Theme, view: &ViewerView) -> Option<DisplayAction> {
    let d = &view.display;
    let mut out = None;
    let channels = Channel::ALL.map(|c| (c.word(), c));
    let channel =
        row(ui, theme, "Channel", |ui, rect| segments(ui, theme, rect, "Channel", &channels, d.channel));
    out = channel.filter(|c| *c != d.channel).map(DisplayAction::Channel).or(out);
    let stops = f64::from(STOPS);
    let spec = NumberSpec { soft: -4.0..=4.0, ..plain(-stops..=stops, "stops") };
    out = figure(ui, theme, "Exposure", d.exposure, &spec).map(DisplayAction::Exposure).or(out);
    let hard = f64::from(GAMMAS.0)..=f64::from(GAMMAS.1);
    let spec = NumberSpec { hard, logarithmic: true, ..plain(0.25..=4.0, "") };
    out = figure(ui, theme, "Gamma", d.gamma, &spec).map(DisplayAction::Gamma).or(out);
    let grounds = Ground::ALL.map(|g| (g.word(), g));
    let ground = row(ui, theme, "Transparency", |ui, rect| {
        segments(ui, theme, rect, "Transparency", &grounds, d.ground)
    });
    out = ground.map(DisplayAction::Ground).or(out);
    if toggle(ui, theme, "False colour", d.false_color) {
        out = Some(DisplayAction::FalseColor);
    }
    if toggle(ui, theme, "Zebra", d.zebra) {
        out = Some(DisplayAction::Zebra);
    }
    let from = figure(ui, theme, "Zebra from", d.zebra_from, &plain(0.0..=1.0, "%"));
    out = from.map(DisplayAction::ZebraFrom).or(out);
    ui.add_enabled_ui(!d.is_plain(), |ui| {
        if item(ui, theme, "See the picture as it is", false) {
            out = Some(DisplayAction::Reset);
        }
    });
    out
}

/// How A and B are compared, and which node B is.
pub(super) fn comparing(button: &Response, theme: &Theme, view: &CompareView) -> Option<CompareAction> {
    popup(button, |ui| {
        let mode =
            row(ui, theme, "Compare", |ui, rect| segments(ui, theme, rect, "Compare", &Mode::ALL, view.mode));
        let mut out = mode.filter(|mode| *mode != view.mode).map(CompareAction::Mode);
        let spec = NumberSpec { logarithmic: true, ..plain(f64::from(GAINS.0)..=f64::from(GAINS.1), "×") };
        out = figure(ui, theme, "Gain of difference", view.gain, &spec).map(CompareAction::Gain).or(out);
        ui.separator();
        for (slot, title) in &view.slots {
            let on = view.other.as_ref().is_some_and(|other| other.slot == Some(*slot));
            if item(ui, theme, &format!("B is {slot} · {title}"), on) {
                out = Some(CompareAction::Other(*slot));
            }
        }
        for (at, (title, on)) in view.takes.iter().enumerate() {
            if item(ui, theme, &format!("B is this with {title}"), *on) {
                out = Some(CompareAction::Take(at));
            }
        }
        ui.separator();
        if item(ui, theme, "Swap A and B", false) {
            out = Some(CompareAction::Swap);
        }
        out
    })
    .flatten()
}

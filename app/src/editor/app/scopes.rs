//! Scopes of the frame in the viewer: measured where they are seen and only when the frame or the area is another.

use super::eye::Want;
use super::{Editor, Message, Tab};
use crate::editor::panels::area_of;
use crate::editor::panels::compare::Side;
use crate::editor::panels::layout::Layout;
use crate::editor::panels::scopes::{self as panel, FiguresView, Plot, ScopesAction, ScopesView};
use crate::editor::panels::viewer::Area;
use crate::editor::scopes::{Drawn, Figures, Measuring, Scope, Scopes};
use egui::{Rect, Ui};
use egui_wgpu::{RenderState, wgpu};
use rushes_gpu::Gpu;
use std::sync::Arc;
use std::time::Duration;

/// How soon the device is asked again whether figures have come.
const LOOK_AGAIN: Duration = Duration::from_millis(8);

/// What is measured, and what was.
#[derive(Default)]
pub(super) struct Measures {
    scopes: Option<Scopes>,
    /// What the bins on the device are of.
    counted: Option<(Want, Option<Area>)>,
    /// Grows with every count.
    number: u64,
    coming: Option<(u64, Measuring)>,
    figures: Option<Figures>,
    waveform: bool,
    pub(super) hidden: bool,
}

impl Measures {
    /// Scopes on a window's device.
    pub(super) fn new(state: &RenderState, gpu: &Gpu, look: &crate::editor::theme::tokens::Scope) -> Self {
        let scopes = Scopes::new(gpu, state.target_format, look).map(|(scopes, drawer)| {
            state.renderer.write().callback_resources.insert(Arc::new(drawer));
            scopes
        });
        Self { scopes, ..Self::default() }
    }

    /// Takes the figures that came; those of an older frame are of no use.
    pub(super) fn came(&mut self, number: u64, came: bool) {
        let Some((_, measuring)) = self.coming.take_if(|(asked, _)| *asked == number) else { return };
        self.figures = came.then(|| measuring.figures()).flatten();
    }

    /// Whether what is seen is told in figures.
    pub(super) fn is_settled(&self) -> bool {
        self.coming.is_none()
    }
}

impl Editor {
    fn scopes_view(&self) -> ScopesView {
        let Measures { scopes, waveform, figures, .. } = &self.measures;
        let viewed = self.viewed();
        let seen = self.seen(Side::A).is_some_and(|seen| Some(&seen.want.request.node) == viewed.as_ref());
        let ready = match scopes {
            None => Err("This graphics driver cannot count pixels".to_owned()),
            Some(_) if seen => Ok(()),
            Some(_) if viewed.is_some_and(|id| self.stills_of(&id).is_some()) => {
                Err("View the node that picks a still".to_owned())
            }
            Some(_) => Err("Select a node and press 1".to_owned()),
        };
        let figures = figures.as_ref().map(|f| FiguresView {
            mean: f.mean,
            min: f.min,
            max: f.max,
            black: f.black,
            white: f.white,
        });
        ScopesView { ready, waveform: *waveform, area: self.area(), figures }
    }

    /// Shows the scopes; while this is not called nothing is measured.
    pub(super) fn scopes_panel(&mut self, ui: &mut Ui, body: Rect) {
        self.count();
        let view = self.scopes_view();
        let theme = self.theme.clone();
        let (plots, asked) = panel::show(ui, body, &theme, &view);
        for (plot, rect) in plots {
            let (scope, rect) = match plot {
                Plot::Waveform => (Scope::Waveform, rect),
                Plot::Parade => (Scope::Parade, rect),
                Plot::Vectorscope => (Scope::Vectorscope, panel::square(rect)),
                Plot::Histogram => (Scope::Histogram, rect),
            };
            ui.painter().add(egui_wgpu::Callback::new_paint_callback(rect, Drawn(scope)));
        }
        if let Some(action) = asked {
            self.on_scopes(action);
        }
    }

    /// Counts the frame that is seen, where the bins are of another.
    fn count(&mut self) {
        let area = self.area();
        let seen = self.seen(Side::A).cloned();
        let (Some(seen), Some(scopes), Some(pictures)) = (seen, &self.measures.scopes, &self.pictures) else {
            return;
        };
        let now = (seen.want.clone(), area);
        if self.measures.counted.as_ref() != Some(&now) && self.measures.coming.is_none() {
            let number = self.measures.number + 1;
            let tell = self.tell.clone();
            let told = move |came| tell.say(Message::Measured(number, came));
            let size = [seen.image.width(), seen.image.height()];
            match scopes.measure(&seen.image, area_of(area, seen.size, size), told) {
                Ok(measuring) => self.measures.coming = Some((number, measuring)),
                Err(e) => log::warn!("the frame is not measured: {e}"),
            }
            self.measures.number = number;
            self.measures.counted = Some(now);
        }
        if self.measures.coming.is_some() {
            // The device tells of finished work only to those who look.
            if let Err(e) = pictures.gpu().device().poll(wgpu::PollType::Poll) {
                log::debug!("the device was not polled: {e}");
            }
            self.tell.ctx.request_repaint_after(LOOK_AGAIN);
        }
    }

    /// Does what was asked of the scopes.
    pub(super) fn on_scopes(&mut self, action: ScopesAction) {
        match action {
            ScopesAction::Waveform => self.measures.waveform = !self.measures.waveform,
            ScopesAction::WholeFrame => self.measure(None),
            ScopesAction::Show => {
                let window = self.tell.ctx.content_rect();
                let layout = Layout::of(window, &self.theme.tokens, self.shares);
                // In a wide window the column comes or goes; in a narrow one the tab does.
                if layout.scopes(window, &self.theme.tokens).is_some() {
                    self.measures.hidden = !self.measures.hidden;
                } else {
                    self.tab = if self.tab == Tab::Scopes { Tab::Inspector } else { Tab::Scopes };
                }
            }
        }
    }
}

//! Proxies of clips: whether they are made, and how far they are.

use super::Editor;
use crate::editor::panels::status::JobView;
use egui::Context;
use std::time::Duration;

/// Names their line in the queue; jobs count from 0.
const LINE: u64 = u64::MAX;
/// How often the line moves.
const BEAT: Duration = Duration::from_millis(250);

impl Editor {
    /// Does as the settings say.
    pub(super) fn follow_proxies(&self) {
        let services = self.session.services();
        if self.memory.config.make_proxies {
            let ctx = self.tell.ctx.clone();
            services.want_proxies(move || ctx.request_repaint());
        } else {
            services.do_without_proxies();
        }
    }

    /// Has proxies made from now on, or none any more.
    pub(super) fn make_proxies(&mut self, make: bool) {
        self.memory.config.make_proxies = make;
        self.follow_proxies();
    }

    /// The line of those that are being made.
    pub(super) fn proxies_view(&self) -> Option<JobView> {
        let (left, share) = self.session.services().proxies_left();
        let more = match left {
            0 => return None,
            1 => String::new(),
            more => format!(" · {} more", more - 1),
        };
        let words = format!("{:.0} %{more}", share * 100.0);
        Some(JobView { id: LINE, title: "Proxy of a clip".into(), done: Some(share), words })
    }

    /// Lets that line move.
    pub(super) fn watch_proxies(&self, ctx: &Context) {
        if self.session.services().proxies_left().0 > 0 {
            ctx.request_repaint_after(BEAT);
        }
    }

    /// Makes no more proxies where their line was cancelled.
    pub(super) fn stop_proxies(&mut self, line: u64) {
        if line == LINE {
            self.make_proxies(false);
            self.toasts.done("No more proxies are made; the settings turn them on again");
        }
    }
}

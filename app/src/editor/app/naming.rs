//! The sheet in which a sub-graph is named.

use super::Editor;
use crate::editor::canvas::view::Id;
use crate::editor::panels::sheet;
use crate::editor::theme::Text;
use crate::editor::widgets::button::{button, primary};
use egui::{Context, Key, TextEdit, WidgetInfo, WidgetType};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::{Error, Result};

/// The sheet while it is open.
pub(super) struct Naming {
    /// The sub-graph.
    graph: NodeId,
    text: String,
    begun: bool,
}

impl Editor {
    /// The sub-graph that a person means: that of a node on the canvas, else the one that is shown.
    pub(super) fn meant(&self, node: Option<&Id>) -> Result<NodeId> {
        let graph = self.session.document.graph();
        let of = node.and_then(|id| self.own(id).ok()).and_then(|id| Some(graph.definition_of(&id)?.0));
        let none = || {
            Error::usage("no sub-graph is selected")
                .help("select one, or enter it, and choose the command again")
        };
        of.or_else(|| self.shown_definition()).ok_or_else(none)
    }

    /// Opens the sheet in which a sub-graph is named.
    pub(super) fn ask_name(&mut self, node: Option<&Id>) -> Result<()> {
        let graph = self.meant(node)?;
        let text = self.session.document.graph().definition(graph.as_str())?.title.to_string();
        self.naming = Some(Naming { graph, text, begun: false });
        Ok(())
    }

    /// Shows the sheet where it is open, and does what it is asked.
    pub(super) fn naming_sheet(&mut self, ctx: &Context) {
        let Some(mut naming) = self.naming.take() else { return };
        let theme = self.theme.clone();
        let (mut entered, mut pressed, mut left) = (false, false, false);
        let gone = sheet::show(
            ctx,
            &theme,
            "name a sub-graph",
            "Name the sub-graph",
            |ui| {
                let ink = *theme.colors().text.secondary;
                let words = "Every node that stands for it is called so, unless it has a title of its own";
                ui.label(egui::RichText::new(words).font(theme.font(Text::Body)).color(ink));
                ui.add_space(theme.tokens.space.s);
                let edit = TextEdit::singleline(&mut naming.text)
                    .font(theme.font(Text::Body))
                    .desired_width(f32::INFINITY);
                let response = ui.add(edit);
                response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, "Name"));
                if !std::mem::replace(&mut naming.begun, true) {
                    response.request_focus();
                }
                entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            },
            |ui| {
                pressed = primary(ui, &theme, None, "Rename", true).clicked();
                left = button(ui, &theme, None, "Cancel", true).clicked();
            },
        );
        if entered || pressed {
            let title = naming.text.trim().to_owned();
            let edit = Box::new(Edit::GraphTitle { title });
            let edit = Edit::Inside { graph: naming.graph, edit };
            let named = self.session.apply(vec![edit], Some("Rename a sub-graph"), false);
            self.told(named);
        } else if !left && !gone {
            self.naming = Some(naming);
        }
    }
}

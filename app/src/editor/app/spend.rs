//! Asking before money is spent.

use super::Editor;
use super::jobs::Order;
use crate::editor::panels::spend::{self, SpendView, StepView};
use crate::session::Budget;
use egui::Ui;
use rushes_engine::plan::Priced;

/// What waits for a yes.
pub(super) struct Spending {
    order: Order,
    /// The tab that it was ordered in.
    tab: u64,
    view: SpendView,
}

impl Editor {
    /// Asks whether an order may cost what it would.
    pub(super) fn ask_to_spend(&mut self, order: Option<Order>, steps: Vec<Priced>) {
        let Some(order) = order else { return };
        let sum: f64 = steps.iter().map(|step| step.usd).sum();
        let paid = steps.into_iter().filter(|step| step.usd > 0.0).map(|step| {
            let (engine, sends) = step.errand.map_or_else(Default::default, |errand| {
                (format!("{} at {}", errand.engine, errand.to), errand.sends)
            });
            StepView {
                title: self.name_of_node(&step.node),
                price: format!("${:.2}", step.usd),
                engine,
                sends,
            }
        });
        let view = SpendView { steps: paid.collect(), sum: format!("${sum:.2}") };
        self.spending = Some(Spending { order, tab: self.tell.tab, view });
    }

    pub(super) fn spend_sheet(&mut self, ui: &Ui) {
        let Some(spending) = self.spending.take() else { return };
        match spend::show(ui.ctx(), &self.theme, &spending.view) {
            None => self.spending = Some(spending),
            Some(false) => {}
            Some(true) => {
                let budget = Budget { yes: true, ..spending.order.budget };
                self.order(Order { budget, ..spending.order }, spending.tab);
            }
        }
    }
}

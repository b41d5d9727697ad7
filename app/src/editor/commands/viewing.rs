//! What commands ask of the viewer, in steps that a key can make.

use crate::editor::panels::compare::{CompareAction, Mode};
use crate::editor::panels::display::{Channel, DisplayAction, Ground};
use crate::editor::panels::guides::{Aspect, GuideAction};
use crate::editor::panels::scopes::ScopesAction;
use crate::editor::panels::viewer::{StillFormat, ViewerAction};
use crate::editor::panels::zoom::{Sampling, ZoomAction};

/// Stops by which a key makes the picture brighter or darker.
const STOP: f32 = 0.5;
/// How much nearer a key goes.
const NEARER: f32 = 1.25;

/// To the viewer and the scopes of what is seen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the labels of the table say it")]
pub enum ViewerCommand {
    Compare(Mode),
    Swap,
    Other(u8),
    Channel(Channel),
    Brighter,
    Darker,
    FalseColor,
    Zebra,
    Ground(Ground),
    Plain,
    Safe,
    Aspect(Option<Aspect>),
    Fit,
    OneToOne,
    Nearer,
    Farther,
    Sampling(Sampling),
    Proxy(u8),
    WholeFrame,
    Save(StillFormat),
    FullScreen,
    Scopes,
    Waveform,
}

impl ViewerCommand {
    /// What the viewer is asked for; `full` where it fills the screen.
    pub fn action(self, full: bool) -> ViewerAction {
        use ViewerAction as V;
        match self {
            Self::Compare(mode) => V::Compare(CompareAction::Mode(mode)),
            Self::Swap => V::Compare(CompareAction::Swap),
            Self::Other(slot) => V::Compare(CompareAction::Other(slot)),
            Self::Channel(channel) => V::Display(DisplayAction::Channel(channel)),
            Self::Brighter => V::Display(DisplayAction::ExposureBy(STOP)),
            Self::Darker => V::Display(DisplayAction::ExposureBy(-STOP)),
            Self::FalseColor => V::Display(DisplayAction::FalseColor),
            Self::Zebra => V::Display(DisplayAction::Zebra),
            Self::Ground(ground) => V::Display(DisplayAction::Ground(ground)),
            Self::Plain => V::Display(DisplayAction::Reset),
            Self::Safe => V::Guides(GuideAction::Safe),
            Self::Aspect(aspect) => V::Guides(GuideAction::Aspect(aspect)),
            Self::Fit => V::Zoom(ZoomAction::Fit),
            Self::OneToOne => V::Zoom(ZoomAction::OneToOne),
            Self::Nearer => V::Zoom(ZoomAction::By(NEARER)),
            Self::Farther => V::Zoom(ZoomAction::By(1.0 / NEARER)),
            Self::Sampling(sampling) => V::Zoom(ZoomAction::Sampling(sampling)),
            Self::Proxy(proxy) => V::Proxy(proxy.into()),
            Self::WholeFrame => V::Area(None),
            Self::Save(format) => V::SaveFrame(format),
            Self::FullScreen => V::FullScreen(!full),
            Self::Scopes => V::Scopes(ScopesAction::Show),
            Self::Waveform => V::Scopes(ScopesAction::Waveform),
        }
    }
}

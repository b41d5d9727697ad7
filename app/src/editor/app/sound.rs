//! The sound of what is viewed: heard in playback, and drawn in the timeline.

use super::peaks::Heard;
use super::playback::Clock;
use super::{Editor, Message};
use crate::editor::config::Play;
use crate::editor::panels::timeline::{PieceView, SoundView};
use crate::editor::panels::transport::{LoopMode, SoundLevel};
use crate::editor::sound::{Player, Schedule, State};
use crate::editor::widgets::paint::capital;
use rushes_engine::document::NodeId;
use rushes_engine::{AudioDesc, AudioPiece, Desc, Error};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the playhead waits for sound before it goes on without.
const PATIENCE: Duration = Duration::from_millis(800);

/// What is heard and how loud.
pub(super) struct Sound {
    /// Started when something is to be heard for the first time.
    player: Option<Player>,
    volume: f32,
    muted: bool,
    ordered: Option<Ordered>,
    /// The sound of what is viewed, with what it was found for.
    found: Option<(u64, Option<NodeId>, Option<Arc<AudioDesc>>)>,
    listeners: super::peaks::Listeners,
    peaks: HashMap<PathBuf, Heard>,
}

/// What the player was told last.
struct Ordered {
    run: u64,
    sound: Arc<AudioDesc>,
    since: Instant,
    /// A clock never goes back.
    furthest: f64,
    late: bool,
}

impl Sound {
    /// As loud as it was.
    pub(super) fn of(play: Play) -> Self {
        Self {
            player: None,
            volume: play.volume,
            muted: play.muted,
            ordered: None,
            found: None,
            listeners: super::peaks::Listeners::default(),
            peaks: HashMap::new(),
        }
    }

    /// How loud it is, or would be.
    pub(super) fn level(&self) -> SoundLevel {
        SoundLevel { volume: self.volume, muted: self.muted }
    }

    fn tell_volume(&self) {
        if let Some(player) = &self.player {
            player.set_volume(if self.muted { 0.0 } else { self.volume });
        }
    }
}

impl Editor {
    /// The sound that belongs to what is viewed: what is wired beside it, else its own.
    fn find_sound(&mut self) -> Option<Arc<AudioDesc>> {
        let number = self.facts.as_ref().map_or(0, |f| f.number);
        let node = self.slots.get(&self.slot).cloned();
        if let Some((of, at, sound)) = &self.sound.found
            && (*of, at) == (number, &node)
        {
            return sound.clone();
        }
        let wired = || {
            let facts = self.facts.as_ref()?;
            let graph = self.session.document.graph();
            let node = node.as_ref()?;
            graph.level_of(node)?.links_into(&node.local()).find_map(|(_, link)| {
                let state = &facts.described.slot(&node.beside(&link.from.node)).ok()?.state;
                let at = state.find_output(&link.from.port)?;
                match state.outcome.as_ref().ok()?.outputs.get(at)? {
                    Desc::Audio(sound) => Some(Arc::new(sound.clone())),
                    _ => None,
                }
            })
        };
        let own = || self.viewed().and_then(|id| self.clip_of(&id)?.audio.clone());
        let sound = wired().or_else(own).filter(|sound: &Arc<AudioDesc>| !sound.pieces.is_empty());
        for piece in sound.iter().flat_map(|s| &s.pieces) {
            let tell = self.tell.clone();
            self.sound.listeners.ask(piece.path.clone(), move |path, peaks| {
                tell.say(Message::Peaks(path, peaks));
            });
        }
        self.sound.found = Some((number, node, sound.clone()));
        sound
    }

    /// Takes how loud a file is.
    pub(super) fn peaks_came(&mut self, path: PathBuf, peaks: Heard) {
        self.sound.peaks.insert(path, peaks);
    }

    /// The sound in the timeline.
    pub(super) fn sound_view(&mut self) -> Option<SoundView> {
        let sound = self.find_sound()?;
        let (rate, _) = self.timing();
        let frames = |seconds: f64| seconds * rate.as_f64();
        let piece = |piece: &AudioPiece| PieceView {
            at: frames(piece.at_s),
            end: frames(piece.at_s + piece.length_s),
            start_s: piece.start_s,
            frame_s: 1.0 / rate.as_f64().max(1e-6),
            peaks: self.sound.peaks.get(&piece.path).and_then(|heard| heard.as_ref().ok()).cloned(),
        };
        let mut files: Vec<_> = sound.pieces.iter().filter_map(|p| p.path.file_stem()).collect();
        files.dedup();
        let unread = |p: &AudioPiece| self.sound.peaks.get(&p.path).is_some_and(Result::is_err);
        let words = match sound.channels {
            _ if sound.pieces.iter().any(unread) => "cannot be read".to_owned(),
            1 => "mono".to_owned(),
            2 => "stereo".to_owned(),
            n => format!("{n} ch"),
        };
        Some(SoundView {
            label: match files.as_slice() {
                [one] => one.to_string_lossy().into_owned(),
                _ => "Sound".to_owned(),
            },
            words,
            pieces: sound.pieces.iter().map(piece).collect(),
        })
    }

    /// How loud it is, where there is anything to hear.
    pub(super) fn sound_level(&self) -> Option<SoundLevel> {
        let (_, _, sound) = self.sound.found.as_ref()?;
        sound.as_ref().map(|_| self.sound.level())
    }

    /// Sets how loud it is; to be moved is to be heard.
    pub(super) fn set_volume(&mut self, volume: f32) {
        (self.sound.volume, self.sound.muted) = (volume.clamp(0.0, 1.0), false);
        self.sound.tell_volume();
    }

    pub(super) fn mute_sound(&mut self, muted: bool) {
        self.sound.muted = muted;
        self.sound.tell_volume();
    }

    /// Whether sound is to be heard: forwards at true speed. To and fro is silent, as scrubbing is.
    fn wants_sound(&mut self) -> bool {
        let plays = self.playback.speed == 1.0 && self.playback.mode != LoopMode::PingPong;
        plays && self.find_sound().is_some()
    }

    /// What the playhead goes by.
    pub(super) fn clock(&mut self) -> Clock {
        if !self.wants_sound() {
            return Clock::Wall;
        }
        let run = self.playback.run();
        let begun = self.playback.began_at().is_some();
        let Some(ordered) = self.sound.ordered.as_mut().filter(|o| begun && o.run == run) else {
            return if begun { Clock::Wall } else { Clock::Waiting };
        };
        match self.sound.player.as_ref().map(|p| p.state(run)) {
            None => Clock::Wall,
            Some(State::Silent) => {
                ordered.late = true;
                Clock::Wall
            }
            Some(State::Starting) if ordered.since.elapsed() > PATIENCE => {
                ordered.late = true;
                Clock::Wall
            }
            Some(State::Starting) => Clock::Waiting,
            Some(State::Heard(_)) if ordered.late => {
                // It is heard from where play began, which is long past: once more, from here.
                self.playback.seek(self.playback.frame);
                Clock::Waiting
            }
            Some(State::Heard(seconds)) => {
                ordered.furthest = ordered.furthest.max(seconds);
                Clock::Sound(ordered.furthest)
            }
        }
    }

    /// Begins and ends sound as play does.
    pub(super) fn follow_with_sound(&mut self) {
        let from = self.playback.began_at().filter(|_| self.wants_sound());
        let Some((from, sound)) = from.zip(self.find_sound()) else {
            if self.sound.ordered.take().is_some()
                && let Some(player) = &self.sound.player
            {
                player.stop();
            }
            return;
        };
        let run = self.playback.run();
        if let Some(ordered) = self.sound.ordered.as_ref().filter(|o| o.run == run) {
            // Another sound under the same picture begins from here.
            if ordered.sound != sound {
                self.playback.seek(self.playback.frame);
            }
            return;
        }
        if self.sound.player.is_none() {
            let tell = self.tell.clone();
            match Player::start(move |why| tell.say(Message::NoSound(why))) {
                Ok(player) => self.sound.player = Some(player),
                Err(e) => log::warn!("there is no sound: {e}"),
            }
            self.sound.tell_volume();
        }
        let (rate, _) = self.timing();
        let [first, last] = self.range();
        let schedule = Schedule {
            start_s: rate.seconds_of(from),
            first_s: rate.seconds_of(first),
            end_s: rate.seconds_of(last + 1),
            again: self.playback.mode == LoopMode::Loop,
        };
        if let Some(player) = &self.sound.player {
            player.play(run, Arc::clone(&sound), schedule);
        }
        let since = Instant::now();
        self.sound.ordered = Some(Ordered { run, sound, since, furthest: 0.0, late: false });
    }

    /// Says once that nothing will be heard.
    pub(super) fn without_sound(&mut self, why: &Error) {
        let help = capital(why.help_text());
        let stop = if help.is_empty() { "" } else { ". " };
        self.toasts.done(format!("Playing without sound: {why}{stop}{help}"));
    }
}

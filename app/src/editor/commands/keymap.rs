//! Which keys do what: the table's own, a preset's, and what a person changed.

use super::{ALL, Chord, Command, Row, Scope};
use egui::{Context, Event, Key};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

const CTRL_C: Chord = Chord { ctrl: true, shift: false, alt: false, key: Key::C };

/// Whose habits the keys follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Ours, which are ComfyUI's where it has any.
    #[default]
    Comfy,
    /// Nuke's.
    Nuke,
}

impl Preset {
    /// Every preset and its name.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Comfy, "ComfyUI"), (Self::Nuke, "Nuke")];

    fn keys(self, row: &Row) -> &'static [&'static str] {
        match self {
            Self::Nuke => row.nuke.unwrap_or(row.keys),
            Self::Comfy => row.keys,
        }
    }
}

/// Two commands that the same keys would start.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// The keys.
    pub chord: Chord,
    /// The command that has them.
    pub owner: Command,
}

/// How the window stands, for keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Where {
    /// The graph was used last.
    pub canvas: bool,
    /// Something in it is selected.
    pub selected: bool,
    /// The timeline was used last.
    pub timeline: bool,
    /// A person types into a field, or something open wants the plain keys.
    pub typing: bool,
    /// A widget has the keyboard's focus and is pressed by Space and Enter.
    pub focused: bool,
}

impl Where {
    fn holds(self, scope: Scope) -> bool {
        let on_selection = self.canvas && self.selected;
        match scope {
            Scope::Always => true,
            _ if self.typing => false,
            Scope::Timeline => self.timeline,
            Scope::Selection => on_selection,
            Scope::Canvas => self.canvas,
            Scope::Elsewhere => !on_selection,
            Scope::Window => true,
        }
    }
}

/// The keys in force.
#[derive(Clone, Debug)]
pub struct Keymap {
    by_chord: HashMap<Chord, Vec<usize>>,
    by_command: HashMap<Command, Vec<Chord>>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(Preset::default(), &BTreeMap::new())
    }
}

impl Keymap {
    /// The keys of a preset with a person's own, by the names of commands; an empty list takes a command's keys away.
    pub fn new(preset: Preset, own: &BTreeMap<String, Vec<Chord>>) -> Self {
        let mut keymap = Self { by_chord: HashMap::new(), by_command: HashMap::new() };
        for (index, row) in ALL.iter().enumerate() {
            let preset = || preset.keys(row).iter().filter_map(|k| k.parse().ok()).collect();
            let chords: Vec<Chord> = own.get(row.name).cloned().unwrap_or_else(preset);
            for chord in &chords {
                keymap.by_chord.entry(*chord).or_default().push(index);
            }
            keymap.by_command.insert(row.command, chords);
        }
        for rows in keymap.by_chord.values_mut() {
            rows.sort_by_key(|i| ALL.get(*i).map(|row| row.scope));
        }
        keymap
    }

    /// The keys of a command.
    pub fn chords(&self, command: Command) -> &[Chord] {
        self.by_command.get(&command).map_or(&[], Vec::as_slice)
    }

    /// The first keys of a command in words, or nothing.
    pub fn words(&self, command: Command) -> String {
        self.chords(command).first().map(ToString::to_string).unwrap_or_default()
    }

    /// Who has the keys in the same place already. That narrower places come first is no clash.
    pub fn clash(&self, command: Command, chord: Chord) -> Option<Clash> {
        let mine = ALL.iter().find(|row| row.command == command)?;
        let rows = self.by_chord.get(&chord)?.iter().filter_map(|i| ALL.get(*i));
        let other = rows.into_iter().find(|row| row.command != command && row.scope == mine.scope)?;
        Some(Clash { chord, owner: other.command })
    }

    /// What keys of this frame ask for; these keys are taken from the frame.
    pub fn take(&self, ctx: &Context, at: Where) -> Vec<Command> {
        let mut found = Vec::new();
        ctx.input_mut(|i| {
            i.events.retain(|event| {
                let chord = match event {
                    Event::Key { key, pressed: true, modifiers, .. } => Chord::pressed(*key, *modifiers),
                    // The system's own keys of the clipboard come as what they mean.
                    Event::Copy => CTRL_C,
                    Event::Cut => Chord { key: Key::X, ..CTRL_C },
                    _ => return true,
                };
                let command = self.command(chord, at);
                found.extend(command);
                command.is_none()
            });
        });
        // The toolkit has read Tab already and would move the focus.
        if !found.is_empty() {
            ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
        }
        found
    }

    fn command(&self, chord: Chord, at: Where) -> Option<Command> {
        let presses = !chord.while_typing() && matches!(chord.key, Key::Space | Key::Enter);
        if at.typing && !chord.while_typing() || at.focused && presses {
            return None;
        }
        let rows = self.by_chord.get(&chord)?.iter().filter_map(|i| ALL.get(*i));
        rows.into_iter().find(|row| at.holds(row.scope)).map(|row| row.command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::canvas::CanvasCommand;
    use crate::editor::panels::top_bar::TopBarAction;
    use crate::editor::panels::transport::TransportCommand;
    use std::collections::HashSet;

    fn at(canvas: bool, selected: bool, typing: bool) -> Where {
        Where { canvas, selected, timeline: false, typing, focused: false }
    }

    #[test]
    fn every_row_is_right_and_nothing_clashes_in_any_preset() {
        let names: HashSet<&str> = ALL.iter().map(|row| row.name).collect();
        let commands: HashSet<Command> = ALL.iter().map(|row| row.command).collect();
        assert_eq!((names.len(), commands.len()), (ALL.len(), ALL.len()), "a name or a command stands twice");
        for (preset, name) in Preset::ALL {
            let keymap = Keymap::new(preset, &BTreeMap::new());
            for row in ALL {
                let keys = preset.keys(row);
                assert_eq!(keymap.chords(row.command).len(), keys.len(), "{} in {name}", row.name);
                for chord in keymap.chords(row.command) {
                    assert_eq!(keymap.clash(row.command, *chord), None, "{} in {name}", row.name);
                    let alone = row.scope != Scope::Always || chord.while_typing();
                    assert!(alone, "{} would be heard while a person types {chord}", row.name);
                }
            }
        }
    }

    #[test]
    fn keys_mean_what_they_mean_where_they_are_pressed() {
        let keymap = Keymap::default();
        let says = |chord: &str, w| keymap.command(chord.parse().unwrap(), w);
        let tidy = Some(Command::Canvas(CanvasCommand::Tidy));
        let faster = Some(Command::Transport(TransportCommand::Forward));
        assert_eq!(says("L", at(true, true, false)), tidy);
        assert_eq!(says("L", at(true, false, false)), faster);
        assert_eq!(says("L", at(false, true, false)), faster);
        assert_eq!(says("L", at(true, true, true)), None, "a letter belongs to the field");
        assert_eq!(says("Ctrl S", at(true, true, true)), Some(Command::Window(TopBarAction::Save)));
        assert_eq!(says("Ctrl Z", at(true, true, true)), None, "a text field has an undo of its own");
    }

    #[test]
    fn a_persons_keys_replace_the_presets() {
        let save = "file.save".to_owned();
        let own = BTreeMap::from([(save.clone(), vec!["Ctrl Alt K".parse().unwrap()])]);
        let keymap = Keymap::new(Preset::Comfy, &own);
        assert_eq!(keymap.words(Command::Window(TopBarAction::Save)), "Ctrl Alt K");
        assert_eq!(keymap.command("Ctrl S".parse().unwrap(), at(false, false, false)), None);
        let none = Keymap::new(Preset::Comfy, &BTreeMap::from([(save, Vec::new())]));
        assert!(none.chords(Command::Window(TopBarAction::Save)).is_empty());
        let clash = Keymap::default().clash(Command::Window(TopBarAction::Save), "Ctrl O".parse().unwrap());
        assert_eq!(clash.unwrap().owner, Command::Window(TopBarAction::Open));
    }
}

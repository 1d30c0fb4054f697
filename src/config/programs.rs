//! The programs, and what people call them.

use std::collections::BTreeMap;

use super::problems::{Wrong, shown};
use super::reading::{At, Section};
use super::values;
use crate::domain::Program;

/// So many channels are read for a program at most; the contract names the number.
const MOST_CHANNELS: usize = 50;

pub(super) fn read(sections: Vec<Section<'_>>) -> Vec<Program> {
    let mut names = Names::default();
    sections
        .into_iter()
        .enumerate()
        .filter_map(|(index, section)| program(index, section, &mut names))
        .collect()
}

fn program(index: usize, section: Section<'_>, names: &mut Names) -> Option<Program> {
    let key_there = section.text("key").is_some();
    let key = section.read("key", values::program_key);
    let name = section.text("name");
    let aliases = section.texts("aliases");
    let channels = section.reads("channels", values::channel);
    let roadmap_jql = section.text("roadmap_jql").map(|at| at.value);
    let boards = section.numbers("boards", 1..=9_007_199_254_740_991);
    let pages = section.all_digits("pages");
    let digest_channel = section.read("digest_channel", values::channel).map(|at| at.value);

    if !key_there {
        section.missing("key", "add `key = \"dct\"`: a short name in lower case");
    }
    if let (Some(extra), true) = (channels.get(MOST_CHANNELS), channels.len() > MOST_CHANNELS) {
        let what = format!("{} channels are more than the {MOST_CHANNELS} that are read", channels.len());
        section.wrong_at(extra, Wrong::new(what, "keep those where the program's work is talked about"));
    }
    if channels.is_empty() && roadmap_jql.is_none() && boards.is_empty() && pages.is_empty() {
        section.missing("channels", "add `channels = [\"#…\"]`: nothing says what to read for this program");
    }
    if let Some(key) = &key {
        names.claim(
            index,
            &At { value: key.value.to_string(), path: key.path.clone(), offset: key.offset },
            &section,
        );
    }
    for called in name.iter().chain(&aliases) {
        names.claim(index, called, &section);
    }
    section.close();

    let key = key?.value;
    Some(Program {
        name: name.map_or_else(|| key.to_string(), |at| at.value),
        aliases: once_each(aliases),
        channels: once_each(channels),
        roadmap_jql,
        boards: once_each(boards),
        pages: once_each(pages).iter().filter_map(|page| page.parse().ok()).collect(),
        digest_channel,
        key,
    })
}

fn once_each<T: PartialEq>(list: Vec<At<T>>) -> Vec<T> {
    let mut once = Vec::new();
    for At { value, .. } in list {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

/// What programs are called, so that nobody's words mean two of them.
#[derive(Default)]
struct Names {
    taken: BTreeMap<String, (usize, String)>,
}

impl Names {
    fn claim(&mut self, program: usize, called: &At<String>, section: &Section<'_>) {
        let plain = called.value.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        match self.taken.get(&plain) {
            // A program may repeat its own name.
            Some((other, _)) if *other == program => {}
            Some((_, path)) => {
                let what = format!("{} is taken by {path}", shown(&called.value));
                section.wrong_at(called, Wrong::new(what, "choose another: a name means one program"));
            }
            None => {
                self.taken.insert(plain, (program, called.path.clone()));
            }
        }
    }
}

//! Reads TOML with positions: every value knows its path and its line, and every key that nobody
//! asked for is a problem. The set of valid keys is what the code asks for, so it cannot drift.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::de::{DeTable, DeValue};

use super::problems::{MISSING, Problems, Wrong, nearest, shown};

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) path: String,
    pub(super) offset: usize,
}

impl<T> At<T> {
    fn with<U>(&self, value: U) -> At<U> {
        At { value, path: self.path.clone(), offset: self.offset }
    }
}

/// A table of the file, or the lack of one.
pub(super) struct Section<'d> {
    path: String,
    offset: Option<usize>,
    table: Option<&'d DeTable<'d>>,
    asked: RefCell<Vec<&'static str>>,
    problems: &'d Problems,
}

impl<'d> Section<'d> {
    pub(super) fn root(table: &'d DeTable<'d>, problems: &'d Problems) -> Self {
        Self { path: String::new(), offset: None, table: Some(table), asked: RefCell::default(), problems }
    }

    fn below(&self, path: String, found: Option<(usize, &'d DeTable<'d>)>) -> Section<'d> {
        Section {
            path,
            offset: found.map(|(offset, _)| offset),
            table: found.map(|(_, table)| table),
            asked: RefCell::default(),
            problems: self.problems,
        }
    }

    /// Whether the file has this table.
    pub(super) fn is_there(&self) -> bool {
        self.table.is_some()
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes that this table as a whole will not do.
    pub(super) fn wrong(&self, wrong: Wrong) {
        match self.offset {
            Some(offset) => self.problems.at(offset, &self.path, wrong),
            None => self.problems.elsewhere(&self.path, wrong),
        }
    }

    /// Notes that a value of this table will not do.
    pub(super) fn wrong_at<T>(&self, at: &At<T>, wrong: Wrong) {
        self.problems.at(at.offset, &at.path, wrong);
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&self, key: &str, fix: &str) {
        let wrong = Wrong::new(MISSING, fix);
        match self.offset {
            Some(offset) => self.problems.at(offset, &self.path_of(key), wrong),
            None => self.problems.elsewhere(&self.path_of(key), wrong),
        }
    }

    fn get(&self, key: &'static str) -> Option<At<&'d DeValue<'d>>> {
        self.asked.borrow_mut().push(key);
        let value = self.table?.get(key)?;
        Some(At { value: value.get_ref(), path: self.path_of(key), offset: value.span().start })
    }

    fn mistyped<T>(&self, at: &At<&DeValue<'_>>, wanted: &str, fix: &str) -> Option<T> {
        let found = match at.value.type_str() {
            "table" => "a table",
            "array" => "a list",
            "integer" => "a whole number",
            "float" => "a number",
            "boolean" => "true or false",
            "datetime" => "a date",
            _ => "a text",
        };
        self.wrong_at(at, Wrong::new(format!("must be {wanted}, not {found}"), fix));
        None
    }

    /// The table below a key; an empty one where there is none.
    pub(super) fn section(&self, key: &'static str) -> Section<'d> {
        let found = self.get(key).and_then(|at| match at.value.as_table() {
            Some(table) => Some((at.offset, table)),
            None => self.mistyped(&at, "a table", &format!("write [{}] on a line of its own", at.path)),
        });
        self.below(self.path_of(key), found)
    }

    /// The tables of a list of tables.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'d>> {
        let Some(at) = self.get(key) else { return Vec::new() };
        let fix = format!("write [[{}]], with two brackets, before each of them", at.path);
        let Some(list) = at.value.as_array() else {
            return self.mistyped(&at, "a list of tables", &fix).unwrap_or_default();
        };
        let mut sections = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let path = format!("{}[{index}]", at.path);
            match item.get_ref().as_table() {
                Some(table) => sections.push(self.below(path, Some((item.span().start, table)))),
                None => {
                    let item = At { value: item.get_ref(), path, offset: item.span().start };
                    self.mistyped::<()>(&item, "a table", &fix);
                }
            }
        }
        sections
    }

    /// The tables below this one by their names, whatever these are.
    pub(super) fn named_sections(&self) -> Vec<(At<String>, Section<'d>)> {
        let mut sections = Vec::new();
        for (key, value) in self.table.into_iter().flat_map(|table| table.iter()) {
            let name = key.get_ref().to_string();
            let path = self.path_of(&name);
            let at = At { value: name, path: path.clone(), offset: key.span().start };
            match value.get_ref().as_table() {
                Some(table) => sections.push((at, self.below(path, Some((value.span().start, table))))),
                None => {
                    let value = At { value: value.get_ref(), path, offset: value.span().start };
                    self.mistyped::<()>(
                        &value,
                        "a table",
                        &format!("write [{}.<agent>] before its keys", self.path),
                    );
                }
            }
        }
        sections
    }

    /// A text, not empty.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let at = self.get(key)?;
        self.text_of(&at)
    }

    fn text_of(&self, at: &At<&DeValue<'_>>) -> Option<At<String>> {
        let Some(text) = at.value.as_str() else {
            return self.mistyped(at, "a text", "put it in quotation marks");
        };
        if text.trim().is_empty() {
            self.wrong_at(at, Wrong::new("is empty", "fill it in, or remove the line"));
            return None;
        }
        Some(at.with(text.trim().to_owned()))
    }

    /// A text that means something.
    pub(super) fn read<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<At<T>> {
        let text = self.text(key)?;
        self.parsed(&text, parse)
    }

    fn parsed<T>(&self, text: &At<String>, parse: impl Fn(&str) -> Result<T, Wrong>) -> Option<At<T>> {
        match parse(&text.value) {
            Ok(value) => Some(text.with(value)),
            Err(wrong) => {
                self.wrong_at(text, wrong);
                None
            }
        }
    }

    fn list(&self, key: &'static str, fix: &str) -> Vec<At<&'d DeValue<'d>>> {
        let Some(at) = self.get(key) else { return Vec::new() };
        let Some(list) = at.value.as_array() else {
            return self.mistyped(&at, "a list", fix).unwrap_or_default();
        };
        let item = |(index, item): (usize, &'d toml::Spanned<DeValue<'d>>)| At {
            value: item.get_ref(),
            path: format!("{}[{index}]", at.path),
            offset: item.span().start,
        };
        list.iter().enumerate().map(item).collect()
    }

    /// A list of texts, none empty.
    pub(super) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let fix = "write [\"…\", \"…\"]";
        self.list(key, fix).iter().filter_map(|at| self.text_of(at)).collect()
    }

    /// A list of texts that mean something.
    pub(super) fn reads<T>(&self, key: &'static str, parse: impl Fn(&str) -> Result<T, Wrong>) -> Vec<At<T>> {
        self.texts(key).iter().filter_map(|text| self.parsed(text, &parse)).collect()
    }

    /// A number or text of digits, or a list of them: ids.
    pub(super) fn digits(&self, key: &'static str) -> Option<At<String>> {
        let at = self.get(key)?;
        self.digits_of(&at)
    }

    /// A list of numbers or texts of digits.
    pub(super) fn all_digits(&self, key: &'static str) -> Vec<At<String>> {
        self.list(key, "write [\"98304\", \"131072\"]").iter().filter_map(|at| self.digits_of(at)).collect()
    }

    fn digits_of(&self, at: &At<&DeValue<'_>>) -> Option<At<String>> {
        let text = match at.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::String(text) => text.trim().to_owned(),
            _ => return self.mistyped(at, "an id", "write its digits, such as \"98304\""),
        };
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit()) || text.len() > 19 {
            let fix = "write its digits alone: the number after /pages/ or boards/ in the browser's address";
            self.wrong_at(at, Wrong::new(format!("{} is not an id", shown(&text)), fix));
            return None;
        }
        Some(at.with(text))
    }

    /// A whole number within a range.
    pub(super) fn number(&self, key: &'static str, range: RangeInclusive<u64>) -> Option<At<u64>> {
        let at = self.get(key)?;
        self.number_of(&at, range)
    }

    /// A list of whole numbers within a range.
    pub(super) fn numbers(&self, key: &'static str, range: RangeInclusive<u64>) -> Vec<At<u64>> {
        let at = self.list(key, "write [12]");
        at.iter().filter_map(|at| self.number_of(at, range.clone())).collect()
    }

    fn number_of(&self, at: &At<&DeValue<'_>>, range: RangeInclusive<u64>) -> Option<At<u64>> {
        let Some(number) = at.value.as_integer() else {
            let fix = match at.value.as_str().map(|text| text.trim().parse::<u64>()) {
                Some(Ok(number)) => format!("write {number} without quotation marks"),
                _ => "write digits, such as 12".to_owned(),
            };
            return self.mistyped(at, "a whole number", &fix);
        };
        let value = i128::from_str_radix(number.as_str(), number.radix()).ok();
        match value.and_then(|value| u64::try_from(value).ok()).filter(|value| range.contains(value)) {
            Some(value) => Some(at.with(value)),
            None => {
                let what = format!("{} is out of range", shown(number.as_str()));
                let fix = match *range.end() {
                    u64::MAX | 9_007_199_254_740_991 => format!("choose {} or more", range.start()),
                    end => format!("choose a number from {} to {end}", range.start()),
                };
                self.wrong_at(at, Wrong::new(what, fix));
                None
            }
        }
    }

    /// An amount of money: a number, not negative.
    pub(super) fn amount(&self, key: &'static str) -> Option<At<f64>> {
        let at = self.get(key)?;
        let text = match at.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return self.mistyped(&at, "a number", "write an amount of US dollars, such as 1.50"),
        };
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= 0.0 => Some(at.with(value)),
            _ => {
                let what = format!("{} is not an amount", shown(text));
                self.wrong_at(&at, Wrong::new(what, "write US dollars from 0 up, such as 1.50"));
                None
            }
        }
    }

    /// True or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let at = self.get(key)?;
        at.value
            .as_bool()
            .or_else(|| self.mistyped(&at, "true or false", "write true or false, without quotation marks"))
    }

    /// Ends the reading of this table: what nobody asked for is unknown.
    pub(super) fn close(self) {
        let asked = self.asked.borrow();
        for (key, value) in self.table.into_iter().flat_map(|table| table.iter()) {
            let name = key.get_ref().as_ref();
            let offset = key.span().start;
            if asked.contains(&name) || (is_secret_name(name) && value.get_ref().is_str()) {
                continue; // A secret is reported as one, by `secrets::in_file`.
            }
            let valid = nearest(name, asked.iter().copied()).unwrap_or("");
            let fix = match asked.len() {
                0 => "remove it".to_owned(),
                1..=6 => format!("did you mean `{valid}`? valid here: {}", asked.join(", ")),
                _ => format!("did you mean `{valid}`?"),
            };
            let path = self.path_of(&shown(name).replace('`', ""));
            self.problems.at(offset, &path, Wrong::new("is not a known key", fix));
        }
    }
}

/// Whether a key's name says that its value is secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    ["token", "password", "passwd", "secret", "api_key", "apikey", "credential"]
        .iter()
        .any(|word| name.contains(word))
}

//! What models are told: the shipped templates, or the user's own in their place.
//!
//! Templates are checked when the configuration is read, with a sample of the data that they will get, so that
//! a misspelt variable is an error with its file and line before the first run and not in it.

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::{Environment, UndefinedBehavior, Value};

use super::problems::{Problems, Wrong, nearest, shown};

/// What stands between a template's stable part and its data.
const SEAM: &str = "=== data ===";

/// A template that there is.
struct Template {
    name: &'static str,
    shipped: &'static str,
    variables: &'static [Variable],
}

/// What a template may say in braces.
enum Variable {
    /// A text.
    Text(&'static str),
    /// A list of things with these texts.
    List(&'static str, &'static [&'static str]),
}

const LINES: Variable = Variable::List("lines", &["id", "kind", "text", "evidence"]);
const EVIDENCE: Variable = Variable::List("evidence", &["id", "source", "at", "author", "text"]);

const TEMPLATES: &[Template] = &[
    Template {
        name: "synthesis",
        shipped: include_str!("../../prompts/synthesis.md"),
        variables: &[
            Variable::Text("now"),
            Variable::Text("reader"),
            Variable::Text("headline"),
            LINES,
            EVIDENCE,
        ],
    },
    Template {
        name: "judge-signals",
        shipped: include_str!("../../prompts/judge-signals.md"),
        variables: &[Variable::List("messages", &["id", "kind", "text"])],
    },
    Template {
        name: "follow-up",
        shipped: include_str!("../../prompts/follow-up.md"),
        variables: &[Variable::Text("now"), Variable::Text("question"), LINES, EVIDENCE],
    },
];

/// The templates in use, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptTexts(BTreeMap<&'static str, String>);

impl PromptTexts {
    /// Those of the binary.
    pub fn shipped() -> Self {
        Self(TEMPLATES.iter().map(|template| (template.name, template.shipped.to_owned())).collect())
    }

    /// The stable part and the data of a prompt.
    ///
    /// # Errors
    /// When the template does not fit the data.
    pub fn render(&self, name: &str, data: Value) -> Result<(String, String), minijinja::Error> {
        let text = self.0.get(name).map(String::as_str).unwrap_or_default();
        render(name, text, data)
    }
}

/// Renders both parts. The lines of the second are counted from the file's beginning, for its errors.
fn render(name: &str, text: &str, data: Value) -> Result<(String, String), minijinja::Error> {
    let (stable, changing) = parts(text).unwrap_or((text, String::new()));
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    let system =
        engine.render_named_str(name, stable, Value::from_pairs(std::iter::empty::<(&str, Value)>()))?;
    let data = engine.render_named_str(name, &changing, data)?;
    Ok((system.trim().to_owned(), data.trim().to_owned()))
}

fn parts(text: &str) -> Option<(&str, String)> {
    let (stable, changing) = text.split_once(SEAM)?;
    let above = stable.matches('\n').count();
    Some((stable, format!("{}{changing}", "\n".repeat(above))))
}

/// The user's own templates over the shipped ones.
pub(super) fn read(folder: &Path, problems: &Problems) -> PromptTexts {
    let mut texts = PromptTexts::shipped();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let wrong = Wrong::new(
                format!("{} cannot be read: {error}", shown(&folder.display().to_string())),
                "name a folder that holds templates, or remove the line to use those that ship",
            );
            problems.elsewhere("llm.prompts", wrong);
            return texts;
        }
    };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    for file in names {
        let path = folder.join(&file);
        let place = path.display().to_string();
        let stem = file.strip_suffix(".md").unwrap_or_default();
        let Some(template) = TEMPLATES.iter().find(|template| template.name == stem) else {
            // A note about the templates may stand beside them.
            if file != "README.md" && !file.starts_with('.') {
                let near = nearest(&file, TEMPLATES.iter().map(|template| template.name)).unwrap_or_default();
                let what = "is not a template that anything asks for";
                problems.elsewhere(&place, Wrong::new(what, format!("did you mean `{near}.md`?")));
            }
            continue;
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => match check(template, &text) {
                Ok(()) => drop(texts.0.insert(template.name, text)),
                Err((line, wrong)) => problems.elsewhere(&format!("{place}:{line}"), wrong),
            },
            Err(error) => {
                let wrong = Wrong::new(format!("cannot be read: {error}"), "make it a UTF-8 text file");
                problems.elsewhere(&place, wrong);
            }
        }
    }
    texts
}

/// Whether a template can be used, or on which line it cannot.
fn check(template: &Template, text: &str) -> Result<(), (usize, Wrong)> {
    let purpose = text.lines().next().unwrap_or_default().trim();
    let purpose = purpose.strip_prefix("{#").and_then(|rest| rest.strip_suffix("#}"));
    if purpose.is_none_or(|purpose| purpose.trim().is_empty()) {
        let fix = "begin it with one line such as `{# Ranks what a digest says. #}`";
        return Err((1, Wrong::new("does not say what it is for", fix)));
    }
    if parts(text).is_none() {
        let fix = format!("put a line `{SEAM}` between what is always the same and the data");
        return Err((1, Wrong::new("has no line that separates its data", fix)));
    }
    let names = variables(template.variables);
    let unknown = |error: &minijinja::Error| {
        let line = error.line().unwrap_or(1);
        let seam = text.lines().position(|line| line.contains(SEAM)).unwrap_or(usize::MAX);
        let known = if line <= seam { "none above the data".to_owned() } else { names.clone() };
        let fix = format!("variables that it may use: {known}");
        (line, Wrong::new(format!("does not work: {error}"), fix))
    };
    // Once with one of everything, once with nothing: a branch that one does not take, the other does.
    for count in [1, 0] {
        render(template.name, text, sample(template.variables, count)).map_err(|error| unknown(&error))?;
    }
    misspelt(template, text)
}

/// A name that neither sample came across, in a branch that was not taken.
fn misspelt(template: &Template, text: &str) -> Result<(), (usize, Wrong)> {
    let engine = Environment::new();
    let Ok(parsed) = engine.template_from_named_str(template.name, text) else { return Ok(()) };
    let known: Vec<&str> = template
        .variables
        .iter()
        .map(|variable| match variable {
            Variable::Text(name) | Variable::List(name, _) => *name,
        })
        .collect();
    let mut unknown: Vec<String> = parsed
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !known.contains(&name.as_str()) && name != "loop")
        .collect();
    unknown.sort();
    let Some(name) = unknown.first() else { return Ok(()) };
    let line = text.lines().position(|line| line.contains(name.as_str())).map_or(1, |index| index + 1);
    let near = nearest(name, known.iter().copied()).unwrap_or_default();
    let what = format!("{} is not a variable that it gets", shown(name));
    Err((line, Wrong::new(what, format!("did you mean `{near}`?"))))
}

fn variables(variables: &[Variable]) -> String {
    let told = variables.iter().map(|variable| match variable {
        Variable::Text(name) => (*name).to_owned(),
        Variable::List(name, fields) => format!("{name} (each with {})", fields.join(", ")),
    });
    told.collect::<Vec<_>>().join(", ")
}

fn sample(variables: &[Variable], count: usize) -> Value {
    Value::from_pairs(variables.iter().map(|variable| match variable {
        Variable::Text(name) => (*name, Value::from("text")),
        Variable::List(name, fields) => {
            let one = || Value::from_pairs(fields.iter().map(|field| (*field, Value::from("text"))));
            (*name, Value::from((0..count).map(|_| one()).collect::<Vec<Value>>()))
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(files: &[(&str, &str)]) -> (PromptTexts, String) {
        let folder = tempfile::TempDir::new().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let problems = Problems::new(Path::new("caughtup.toml"), "");
        let texts = read(folder.path(), &problems);
        let told = problems.finish(&[]).err().map(|problems| problems.to_string()).unwrap_or_default();
        (texts, told.replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn what_ships_is_sound() {
        for template in TEMPLATES {
            let checked = check(template, template.shipped);
            assert!(checked.is_ok(), "{}: {checked:?}", template.name);
        }
    }

    #[test]
    fn ones_own_take_the_place_of_what_ships() {
        let own = "{# Judges. #}\nJudge.\n=== data ===\n{% for message in messages %}{{ message.text }}{% endfor %}";
        let (texts, told) = problems_of(&[("judge-signals.md", own), ("README.md", "notes")]);
        assert_eq!(told, "");
        assert_eq!(texts.render("judge-signals", sample(&[], 0)).map(|both| both.0).ok(), None);
        let shipped = PromptTexts::shipped();
        assert_eq!(texts.0["synthesis"], shipped.0["synthesis"]);
        assert_eq!(texts.0["judge-signals"], own);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file_and_line() {
        let (_, told) = problems_of(&[
            ("synthesis.md", "{# Ranks. #}\nRank for {{ reader }}.\n=== data ===\n{{ now }}"),
            (
                "judge-signals.md",
                "{# Judges. #}\nx\n=== data ===\n\n{% for m in messages %}{{ m.words }}{% endfor %}",
            ),
            ("follow-up.md", "Answer.\n=== data ===\n{{ question }}"),
            ("followup.md", "?"),
        ]);
        insta::assert_snapshot!(told);
        let (_, told) = problems_of(&[
            ("synthesis.md", "{# R. #}\nx\n=== data ===\n{% if now == 'never' %}\n{{ nwo }}{% endif %}"),
            ("judge-signals.md", "{# Judges. #}\nno data"),
            ("follow-up.md", "{# A. #}\nx\n=== data ===\n{{ question "),
        ]);
        insta::assert_snapshot!(told);
    }
}

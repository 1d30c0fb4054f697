//! Words, strings and signs of a query, each with its place.

use super::Refused;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A bare word or number; `cf[10015]` is one.
    Word(String),
    /// Something in quotes.
    Quoted(String),
    /// `=`, `!=`, `~`, `!~`, `<`, `<=`, `>`, `>=`, `(`, `)`, `,`, `!`, `&`, `|`.
    Sign(&'static str),
}

/// A piece and where it starts, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub piece: Piece,
    pub line: usize,
    pub column: usize,
}

const RESERVED: &str = "{}*/%+^$#@?;[]";

/// Cuts a query into pieces.
pub fn pieces(text: &str) -> Result<Vec<Token>, Refused> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1, column: 1 };
    let mut tokens = Vec::new();
    while let Some(next) = reader.peek() {
        if next.is_whitespace() {
            reader.take();
            continue;
        }
        let (line, column) = (reader.line, reader.column);
        let piece = match next {
            '"' | '\'' => Piece::Quoted(reader.quoted(next)?),
            '(' | ')' | ',' | '=' | '~' | '<' | '>' | '!' | '&' | '|' => Piece::Sign(reader.sign()),
            c if RESERVED.contains(c) => return Err(reserved(c, line, column)),
            _ => Piece::Word(reader.word()?),
        };
        tokens.push(Token { piece, line, column });
    }
    Ok(tokens)
}

fn reserved(c: char, line: usize, column: usize) -> Refused {
    Refused::one(format!(
        "Error in the JQL Query: The character '{c}' is a reserved JQL character. You must enclose it in a \
         string or use the escape '\\u{:04x}' instead. (line {line}, character {column})",
        u32::from(c)
    ))
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(next)
    }

    fn sign(&mut self) -> &'static str {
        let first = self.take();
        let second = self.peek();
        let double = match (first, second) {
            (Some('!'), Some('=')) => Some("!="),
            (Some('!'), Some('~')) => Some("!~"),
            (Some('<'), Some('=')) => Some("<="),
            (Some('>'), Some('=')) => Some(">="),
            (Some('&'), Some('&')) => Some("&"),
            (Some('|'), Some('|')) => Some("|"),
            _ => None,
        };
        if let Some(double) = double {
            self.take();
            return double;
        }
        match first {
            Some('(') => "(",
            Some(')') => ")",
            Some(',') => ",",
            Some('=') => "=",
            Some('~') => "~",
            Some('<') => "<",
            Some('>') => ">",
            Some('&') => "&",
            Some('|') => "|",
            _ => "!",
        }
    }

    fn word(&mut self) -> Result<String, Refused> {
        let mut word = String::new();
        while let Some(next) = self.peek() {
            if next == '\\' {
                self.take();
                word.push(self.escape()?);
                continue;
            }
            let bracket = (next == '[' && word.eq_ignore_ascii_case("cf"))
                || (next == ']' && word.to_ascii_lowercase().starts_with("cf["));
            if !bracket && RESERVED.contains(next) {
                return Err(reserved(next, self.line, self.column));
            }
            if next.is_whitespace() || "()=!<>~,\"'&|".contains(next) {
                break;
            }
            self.take();
            word.push(next);
        }
        Ok(word)
    }

    fn quoted(&mut self, quote: char) -> Result<String, Refused> {
        let (line, column) = (self.line, self.column);
        self.take();
        let mut text = String::new();
        while let Some(next) = self.take() {
            if next == quote {
                return Ok(text);
            }
            if next == '\\' {
                // Lucene has escapes of its own inside a string: what is none of JQL's stays as it is.
                match self.peek() {
                    Some('"' | '\'' | '\\' | 'n' | 't' | 'r' | ' ' | 'u') => text.push(self.escape()?),
                    _ => text.push('\\'),
                }
                continue;
            }
            text.push(next);
        }
        Err(Refused::one(format!(
            "Error in the JQL Query: The quoted string '{text}' has not been completed. (line {line}, character \
             {column})"
        )))
    }

    fn escape(&mut self) -> Result<char, Refused> {
        let (line, column) = (self.line, self.column);
        let bad = |found: String| {
            Refused::one(format!(
                "Error in the JQL Query: '{found}' is an illegal JQL escape sequence. The valid escape sequences \
                 are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. (line {line}, character {column})"
            ))
        };
        match self.take() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('u') => {
                let digits: String = (0..4).filter_map(|_| self.take()).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                code.and_then(char::from_u32).ok_or_else(|| bad(format!("\\u{digits}")))
            }
            Some(c @ ('"' | '\'' | '\\' | ' ')) => Ok(c),
            Some(c) if RESERVED.contains(c) => Ok(c),
            Some(c) => Err(bad(format!("\\{c}"))),
            None => Err(bad("\\".to_owned())),
        }
    }
}

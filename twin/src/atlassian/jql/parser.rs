//! The grammar: from pieces to a tree.

use super::Refused;
use super::lexer::{Piece, Token, pieces};
use super::query::{Clause, Operand, Operator, Predicate, Query, Term};

/// Reads a query.
///
/// # Errors
/// In Jira's words, with line and character, when it is not JQL.
pub fn parse(text: &str) -> Result<Query, Refused> {
    let mut parser = Parser { tokens: pieces(text)?, at: 0, depth: 0 };
    let clause = if parser.peek().is_none() || parser.is_word("order") { None } else { Some(parser.or()?) };
    let order = parser.order()?;
    match parser.peek() {
        None => Ok(Query { clause, order }),
        Some(_) if order.is_empty() => Err(parser.unexpected("Expecting either 'OR' or 'AND' but got")),
        Some(_) => Err(parser.unexpected("Expecting ',' but got")),
    }
}

/// Deeper nesting than this is no query but an attack on the stack.
const DEEPEST: usize = 100;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Piece> {
        self.tokens.get(self.at).map(|token| &token.piece)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Piece::Word(next)) if next.eq_ignore_ascii_case(word))
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Piece::Sign(next)) if *next == sign)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let hit = self.is_word(word);
        self.at += usize::from(hit);
        hit
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let hit = self.is_sign(sign);
        self.at += usize::from(hit);
        hit
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Refused> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("Expecting '{sign}' but got")))
        }
    }

    fn unexpected(&self, what: &str) -> Refused {
        match self.tokens.get(self.at) {
            Some(token) => {
                let found = match &token.piece {
                    Piece::Word(text) | Piece::Quoted(text) => text.as_str(),
                    Piece::Sign(sign) => sign,
                };
                Refused::one(format!(
                    "Error in the JQL Query: {what} '{found}'. (line {}, character {})",
                    token.line, token.column
                ))
            }
            None => {
                let what = what.strip_suffix(" but got").unwrap_or(what);
                Refused::one(format!("Error in the JQL Query: {what} before the end of the query."))
            }
        }
    }

    fn or(&mut self) -> Result<Clause, Refused> {
        let mut parts = vec![self.and()?];
        while self.take_word("or") || self.take_sign("|") {
            parts.push(self.and()?);
        }
        Ok(if parts.len() > 1 { Clause::Or(parts) } else { parts.remove(0) })
    }

    fn and(&mut self) -> Result<Clause, Refused> {
        let mut parts = vec![self.not()?];
        while self.take_word("and") || self.take_sign("&") {
            parts.push(self.not()?);
        }
        Ok(if parts.len() > 1 { Clause::And(parts) } else { parts.remove(0) })
    }

    fn not(&mut self) -> Result<Clause, Refused> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refused::one("Error in the JQL Query: The query is nested too deeply."));
        }
        let clause = if self.take_word("not") || self.take_sign("!") {
            Clause::Not(Box::new(self.not()?))
        } else if self.take_sign("(") {
            let inner = self.or()?;
            self.expect_sign(")")?;
            inner
        } else {
            Clause::Term(self.term()?)
        };
        self.depth -= 1;
        Ok(clause)
    }

    fn name(&mut self) -> Result<String, Refused> {
        let name = match self.peek() {
            Some(Piece::Quoted(name)) => name.clone(),
            Some(Piece::Word(name)) if !is_keyword(name) => name.clone(),
            Some(Piece::Word(_)) => {
                return Err(self.unexpected("Expecting a field name (reserved words must be quoted) but got"));
            }
            _ => return Err(self.unexpected("Expecting a field name but got")),
        };
        self.at += 1;
        Ok(name)
    }

    fn term(&mut self) -> Result<Term, Refused> {
        let field = self.name()?;
        let operator = self.operator()?;
        let operand = match operator {
            Operator::Changed => Operand::Nothing,
            Operator::In | Operator::NotIn | Operator::WasIn | Operator::WasNotIn => {
                let operand = self.operand()?;
                if matches!(operand, Operand::Value(_) | Operand::Empty) {
                    self.at -= 1;
                    return Err(self.unexpected("Expecting '(' but got"));
                }
                operand
            }
            Operator::Is | Operator::IsNot => match self.operand()? {
                Operand::Empty => Operand::Empty,
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected("Expecting 'EMPTY' or 'NULL' but got"));
                }
            },
            _ => self.operand()?,
        };
        let predicates = self.predicates(operator)?;
        Ok(Term { field, operator, operand, predicates })
    }

    fn operator(&mut self) -> Result<Operator, Refused> {
        let signs = [
            ("=", Operator::Equals),
            ("!=", Operator::NotEquals),
            ("~", Operator::Like),
            ("!~", Operator::NotLike),
            ("<", Operator::Less),
            ("<=", Operator::LessEquals),
            (">", Operator::Greater),
            (">=", Operator::GreaterEquals),
        ];
        if let Some((_, operator)) = signs.into_iter().find(|(sign, _)| self.is_sign(sign)) {
            self.at += 1;
            return Ok(operator);
        }
        if self.take_word("in") {
            return Ok(Operator::In);
        }
        if self.take_word("changed") {
            return Ok(Operator::Changed);
        }
        if self.take_word("not") {
            return if self.take_word("in") {
                Ok(Operator::NotIn)
            } else {
                Err(self.unexpected("Expecting 'IN' but got"))
            };
        }
        if self.take_word("is") {
            return Ok(if self.take_word("not") { Operator::IsNot } else { Operator::Is });
        }
        if self.take_word("was") {
            let not = self.take_word("not");
            return Ok(match (not, self.take_word("in")) {
                (false, false) => Operator::Was,
                (true, false) => Operator::WasNot,
                (false, true) => Operator::WasIn,
                (true, true) => Operator::WasNotIn,
            });
        }
        let valid = "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and \
                     'IS NOT'";
        let Refused(messages) = self.unexpected("Expecting operator but got");
        Err(Refused(
            messages
                .into_iter()
                .map(|message| message.replacen(". (line", &format!(". {valid}. (line"), 1))
                .collect(),
        ))
    }

    fn operand(&mut self) -> Result<Operand, Refused> {
        if self.take_sign("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Refused::one("Error in the JQL Query: The query is nested too deeply."));
            }
            let mut list = vec![self.operand()?];
            while self.take_sign(",") {
                list.push(self.operand()?);
            }
            self.expect_sign(")")?;
            self.depth -= 1;
            return Ok(Operand::List(list));
        }
        let (text, bare) = match self.peek() {
            Some(Piece::Word(word)) => (word.clone(), true),
            Some(Piece::Quoted(text)) => (text.clone(), false),
            _ => {
                return Err(self.unexpected("Expecting either a value, list or function but got"));
            }
        };
        if bare && (text.eq_ignore_ascii_case("empty") || text.eq_ignore_ascii_case("null")) {
            self.at += 1;
            return Ok(Operand::Empty);
        }
        if bare && is_keyword(&text) {
            return Err(self.unexpected("Expecting either a value, list or function but got"));
        }
        self.at += 1;
        if !self.take_sign("(") {
            return Ok(Operand::Value(text));
        }
        let mut arguments = Vec::new();
        while !self.take_sign(")") {
            if !arguments.is_empty() {
                self.expect_sign(",")?;
            }
            match self.peek() {
                Some(Piece::Word(word) | Piece::Quoted(word)) => arguments.push(word.clone()),
                _ => return Err(self.unexpected("Expecting ')' but got")),
            }
            self.at += 1;
        }
        Ok(Operand::Function(text, arguments))
    }

    fn predicates(&mut self, operator: Operator) -> Result<Vec<(Predicate, Operand)>, Refused> {
        let mut predicates = Vec::new();
        let historic = matches!(
            operator,
            Operator::Was | Operator::WasNot | Operator::WasIn | Operator::WasNotIn | Operator::Changed
        );
        let words = [
            ("from", Predicate::From),
            ("to", Predicate::To),
            ("by", Predicate::By),
            ("after", Predicate::After),
            ("before", Predicate::Before),
            ("on", Predicate::On),
            ("during", Predicate::During),
        ];
        if !historic {
            return Ok(predicates);
        }
        while let Some((_, predicate)) = words.into_iter().find(|(word, _)| self.is_word(word)) {
            self.at += 1;
            predicates.push((predicate, self.operand()?));
        }
        Ok(predicates)
    }

    fn order(&mut self) -> Result<Vec<(String, Option<bool>)>, Refused> {
        if !self.take_word("order") {
            return Ok(Vec::new());
        }
        if !self.take_word("by") {
            return Err(self.unexpected("Expecting 'by' but got"));
        }
        let mut order = Vec::new();
        loop {
            let name = self.name()?;
            let down =
                if self.take_word("desc") { Some(true) } else { self.take_word("asc").then_some(false) };
            order.push((name, down));
            if !self.take_sign(",") {
                return Ok(order);
            }
        }
    }
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 17] = [
        "and", "or", "not", "in", "is", "was", "changed", "empty", "null", "order", "by", "from", "to",
        "before", "after", "during", "on",
    ];
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

//! A query as a tree.

/// A whole query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What must hold; `None`: everything, which the search refuses.
    pub clause: Option<Clause>,
    /// Field and whether it runs downwards, `None` when not said.
    pub order: Vec<(String, Option<bool>)>,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// All of these.
    And(Vec<Clause>),
    /// Any of these.
    Or(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
    /// One comparison.
    Term(Term),
}

/// A field, how it is compared, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The field's name as written.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// The other side; [`Operand::Nothing`] for CHANGED.
    pub operand: Operand,
    /// FROM, TO, BY, AFTER, BEFORE, ON, DURING.
    pub predicates: Vec<(Predicate, Operand)>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are JQL's own words")]
pub enum Operator {
    Equals,
    NotEquals,
    Like,
    NotLike,
    Less,
    LessEquals,
    Greater,
    GreaterEquals,
    In,
    NotIn,
    Is,
    IsNot,
    Was,
    WasNot,
    WasIn,
    WasNotIn,
    Changed,
}

/// What a history comparison is narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are JQL's own words")]
pub enum Predicate {
    From,
    To,
    By,
    After,
    Before,
    On,
    During,
}

/// The other side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A word or string.
    Value(String),
    /// EMPTY or NULL.
    Empty,
    /// Several.
    List(Vec<Operand>),
    /// A function with its arguments.
    Function(String, Vec<String>),
    /// No other side.
    Nothing,
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::NotEquals => "!=",
            Self::Like => "~",
            Self::NotLike => "!~",
            Self::Less => "<",
            Self::LessEquals => "<=",
            Self::Greater => ">",
            Self::GreaterEquals => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Was => "was",
            Self::WasNot => "was not",
            Self::WasIn => "was in",
            Self::WasNotIn => "was not in",
            Self::Changed => "changed",
        }
    }
}

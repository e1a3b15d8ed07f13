//! What an undetermined verdict is wanting for, and how far that was looked for.

use crate::judge::{Judgement, Verdict, Wanted};
use crate::prove::Evidence;

use super::PolicyResult;

/// What an undetermined verdict is wanting for (semantics.md, section 5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanting {
    /// Fields of the episode in the order of the vocabulary, then those of other episodes, or these episodes.
    pub values: Vec<Wanted>,
    /// What these are.
    pub known: Known,
}

/// How far it was looked for what is wanting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    /// All that stands in a smallest set of fields that can settle the verdict, and nothing else.
    #[default]
    All,
    /// Fields that stand in such a set, and perhaps others do: the search was cut short, or it is open what earlier episodes
    /// come to, which are named.
    Some,
    /// Nothing was searched for: what the open rules turn on, one by one.
    ByRule,
}

impl Wanting {
    /// Gives what the verdict of a judgement is wanting for, which is undetermined, by what would settle it, if that was
    /// searched for.
    pub(crate) fn of(judgement: &Judgement, evidence: Option<&Evidence>) -> Self {
        let Some(evidence) = evidence else {
            return Self { values: judgement.wanting.clone(), known: Known::ByRule };
        };
        let mut values: Vec<Wanted> = evidence.fields().into_iter().map(Wanted::Here).collect();
        values.extend(evidence.earlier().into_iter().map(|(record, field)| Wanted::Of { record, field }));
        let earlier = judgement.wanting.iter().filter(|wanted| evidence.looks_back && wanted.here().is_none());
        values.extend(earlier);
        Self { values, known: if evidence.is_all() { Known::All } else { Known::Some } }
    }
}

impl PolicyResult<'_> {
    /// Gives what the verdict is wanting for; nothing, unless it is undetermined.
    pub fn wanting(&self) -> Wanting {
        match self.verdict() {
            Verdict::Undetermined => Wanting::of(&self.judgement, self.evidence.as_ref()),
            _ => Wanting::default(),
        }
    }
}

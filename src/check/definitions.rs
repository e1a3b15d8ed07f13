//! Definitions: each made after those that it uses, so that none refers to itself.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Definition;
use crate::syntax::ast::{Condition, ConditionKind, DefineDeclaration, Word};

use super::condition::{Conditioner, Defined};
use super::names::Declared;

/// How long a chain of definitions that use one another may be.
const LONGEST_CHAIN: usize = 32;

/// Makes all definitions of a policy.
pub(super) fn define(defines: &[&DefineDeclaration], conditioner: &mut Conditioner<'_>) {
    let mut declared = Declared::default();
    let mut by_name = BTreeMap::new();
    for define in defines {
        let Some(name) = &define.name else { continue };
        if is_field(name, conditioner) || is_table(name, conditioner) {
            // Where it is used as a condition, nothing more is said.
            conditioner.definitions.insert(name.text.clone(), Defined::Broken);
            continue;
        }
        if !declared.is_new("definitions", name, conditioner.problems) {
            continue;
        }
        by_name.insert(name.text.as_str(), *define);
    }
    let mut order = Order { by_name: &by_name, chain: Vec::new(), length: BTreeMap::new() };
    for define in defines {
        order.make(define, conditioner);
    }
}

fn is_field(name: &Word, conditioner: &mut Conditioner<'_>) -> bool {
    let Some(field) = conditioner.vocabulary.find_field(&name.text).and_then(|id| conditioner.vocabulary.field(id))
    else {
        return false;
    };
    let message = format!("`{}` is a field already, so it cannot be a definition", name.text);
    let problem = Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "the name is taken")
        .with_label(field.origin, "the field")
        .with_help("give the definition another name");
    conditioner.problems.push(problem);
    true
}

fn is_table(name: &Word, conditioner: &mut Conditioner<'_>) -> bool {
    let taken = conditioner.tables.contains_key(&name.text);
    if taken {
        let message = format!("`{}` is a table already, so it cannot be a definition", name.text);
        let problem = Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "the name is taken")
            .with_help("give the definition another name");
        conditioner.problems.push(problem);
    }
    taken
}

/// The definitions that are being made, outermost first.
struct Order<'d> {
    by_name: &'d BTreeMap<&'d str, &'d DefineDeclaration>,
    chain: Vec<&'d Word>,
    /// How long the longest chain is that begins with each that was made.
    length: BTreeMap<&'d str, usize>,
}

impl<'d> Order<'d> {
    fn make(&mut self, define: &'d DefineDeclaration, conditioner: &mut Conditioner<'_>) {
        let Some(name) = &define.name else { return };
        let is_this = self.by_name.get(name.text.as_str()).is_some_and(|known| std::ptr::eq(*known, define));
        if !is_this || conditioner.definitions.contains_key(&name.text) {
            return;
        }
        if self.chain.len() >= LONGEST_CHAIN {
            too_long(name, conditioner);
            return;
        }
        self.chain.push(name);
        let mut used = Vec::new();
        uses(&define.condition, &mut used);
        let mut length = 1;
        for word in used {
            let Some(other) = self.by_name.get(word.text.as_str()) else { continue };
            if let Some(problem) = self.cycle(word) {
                conditioner.problems.push(problem);
                conditioner.definitions.insert(word.text.clone(), Defined::Broken);
            } else {
                self.make(other, conditioner);
                length = length.max(1 + self.length.get(word.text.as_str()).copied().unwrap_or(0));
            }
        }
        self.chain.pop();
        self.length.insert(name.text.as_str(), length);
        // Those that it uses may have been made before it, so that the chain that is being made does not tell.
        if length > LONGEST_CHAIN && !conditioner.definitions.contains_key(&name.text) {
            if length == LONGEST_CHAIN + 1 {
                too_long(name, conditioner);
            }
            conditioner.definitions.insert(name.text.clone(), Defined::Broken);
        }
        if !conditioner.definitions.contains_key(&name.text) {
            let made = make_one(define, name, conditioner);
            conditioner.definitions.insert(name.text.clone(), made);
        }
    }

    /// Tells a cycle step by step, one label each.
    fn cycle(&self, word: &Word) -> Option<Diagnostic> {
        let from = self.chain.iter().position(|name| name.text == word.text)?;
        let steps: Vec<&&Word> = self.chain.iter().skip(from).collect();
        let message = format!("the definition `{}` uses itself", word.text);
        let mut problem =
            Diagnostic::new(codes::DEFINITION_CYCLE, message, word.span, format!("uses `{}` again", word.text));
        for (at, step) in steps.iter().enumerate() {
            let next = steps.get(at + 1).map_or(word.text.as_str(), |next| next.text.as_str());
            problem = problem.with_label(step.span, format!("`{}` uses `{next}`", step.text));
        }
        Some(problem.with_help("say one of them without the others"))
    }
}

/// Tells that a chain is too long where it gets so; what uses it further on is not told.
fn too_long(name: &Word, conditioner: &mut Conditioner<'_>) {
    let message = format!("more than {LONGEST_CHAIN} definitions use one another in a chain");
    let problem = Diagnostic::new(codes::TOO_DEEP, message, name.span, "the chain is too long here")
        .with_help("say some of the conditions in the rules themselves");
    conditioner.problems.push(problem);
    conditioner.definitions.insert(name.text.clone(), Defined::Broken);
}

fn make_one(define: &DefineDeclaration, name: &Word, conditioner: &mut Conditioner<'_>) -> Defined {
    let Some(condition) = conditioner.condition(&define.condition) else {
        return Defined::Broken;
    };
    let definition = Definition { name: name.text.clone(), condition, origin: name.span };
    Defined::Good(conditioner.conditions.define(definition))
}

/// Collects the bare words of a condition: those that name definitions are used.
fn uses<'d>(condition: &'d Condition, used: &mut Vec<&'d Word>) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => parts.iter().for_each(|part| uses(part, used)),
        ConditionKind::Not(part) => uses(part, used),
        ConditionKind::Bare(word) => used.push(word),
        ConditionKind::History(clause, _) => {
            clause.filter.iter().chain(&clause.among).for_each(|part| uses(part, used));
        }
        ConditionKind::Comparison(..) | ConditionKind::Broken => {}
    }
}

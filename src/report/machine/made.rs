//! From results to the shapes that say no more than a place, a problem, or totals.

use crate::audit::{ForNobody, PolicySummary, Summary};
use crate::diagnostic::Diagnostic;
use crate::judge::Verdict;
use crate::policy::Version;
use crate::source::{Sources, Span};

use super::super::stream::About;
use super::{
    LabelledPlace, Made, Place, PolicyRecord, Problem, ToolVersion, Totals, UncountedRecord, VerdictCounts,
    VersionRecord,
};

impl ToolVersion {
    /// Gives the program that runs.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl Made {
    pub(in crate::report) fn of(about: &About<'_>) -> Self {
        Self {
            program: ToolVersion::this(),
            present: about.clock.present.to_string(),
            as_of: about.clock.as_of.to_string(),
            reconstructed: about.clock.reconstruct,
            log_from: about.clock.log_from.map(|day| day.to_string()),
            privacy: about.identities.privacy().word().to_owned(),
            identities: about.identities.is_clear().then(|| "clear".to_owned()),
            small_cells: about.identities.is_for_committee().then(|| about.identities.least_cell()),
        }
    }
}

impl Place {
    pub(in crate::report) fn of(span: Span, sources: &Sources) -> Self {
        let at = sources.line_column(span);
        Self { file: sources.name(span.source).to_owned(), line: at.line, column: at.column, cell: sources.cell(span) }
    }
}

impl Problem {
    pub(in crate::report) fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let labelled = |label: &crate::diagnostic::Label| {
            let place = Place::of(label.span, sources);
            LabelledPlace {
                file: place.file,
                line: place.line,
                column: place.column,
                cell: place.cell,
                label: label.text.clone(),
            }
        };
        Self {
            code: diagnostic.code.name().to_owned(),
            severity: diagnostic.severity().word().to_owned(),
            message: diagnostic.message.clone(),
            at: diagnostic.labels.iter().map(labelled).collect(),
            help: diagnostic.help.clone(),
            case: diagnostic.case.clone(),
        }
    }
}

impl Totals {
    pub(in crate::report) fn of(summary: &Summary) -> Self {
        Self {
            records: summary.records,
            judged: summary.judged,
            unreadable: summary.unreadable,
            left_out: summary.left_out,
            left_out_by_mapping: summary.left_out_by_mapping.clone(),
            failing: summary.failing,
            with_findings: summary.with_findings,
            verdicts: VerdictCounts {
                impermissible: summary.leading(Verdict::Impermissible),
                undetermined: summary.leading(Verdict::Undetermined),
                permissible: summary.leading(Verdict::Permissible),
                not_covered: summary.leading(Verdict::NotCovered),
            },
        }
    }
}

impl UncountedRecord {
    pub(in crate::report) fn all(summary: &Summary, sources: &Sources) -> Vec<Self> {
        let of_policy = |policy: &PolicySummary| {
            let record = |nobody: &ForNobody| Self {
                policy: policy.name.clone(),
                clause: Place::of(nobody.clause, sources),
                records: nobody.records,
                not_clear: nobody.not_clear,
            };
            policy.for_nobody.values().map(record).collect::<Vec<_>>()
        };
        summary.policies.iter().flat_map(of_policy).collect()
    }
}

impl PolicyRecord {
    pub(in crate::report) fn all(set: &crate::policy::PolicySet, sources: &Sources) -> Vec<Self> {
        let version = |version: &Version| VersionRecord {
            version: version.label.clone(),
            title: version.title.clone(),
            from: version.in_force.map(|in_force| in_force.from.to_string()),
            until: version.in_force.and_then(|in_force| in_force.until).map(|until| until.to_string()),
            time_zone: version.zone.iana_name().map(str::to_owned),
            vocabulary: version.vocabulary.name.clone(),
            at: Place::of(version.origin, sources),
        };
        set.policies
            .iter()
            .map(|policy| Self { name: policy.name.clone(), versions: policy.versions.iter().map(version).collect() })
            .collect()
    }
}

//! The log readers and what they make of records: fixtures, recovery, hostile input, properties.

#[cfg(test)]
#[path = "logs"]
mod logs {
    mod broken_lists;
    mod collectors;
    mod examples;
    mod findings;
    mod fitting;
    mod hostile;
    mod inputs;
    mod mapping;
    mod mapping_schema;
    mod properties;
    mod recovery;
    mod spans;
    mod spreadsheets;
    mod suggest;
    mod suites;
    mod support;
}

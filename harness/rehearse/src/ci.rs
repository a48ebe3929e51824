//! Whether this runs in a pipeline, by the variables that pipelines set. Read as the crate insta reads them.

/// Whether `CI` says so, or Azure Pipelines does in its own way.
pub(crate) fn is_set() -> bool {
    match std::env::var("CI") {
        Ok(text) => !matches!(text.as_str(), "" | "0" | "false"),
        Err(_) => std::env::var_os("TF_BUILD").is_some(),
    }
}

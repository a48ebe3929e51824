//! The contract in the repository is the one that the code speaks.

use std::{fs, path::Path};

/// To write it anew: `REHEARSE_WRITE_CONTRACT=1 cargo test -p service --test contract`.
#[test]
fn the_contract_in_the_repository_is_the_one_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let made = service::openapi_json();
    if std::env::var_os("REHEARSE_WRITE_CONTRACT").is_some() {
        fs::write(&path, &made).expect("the contract can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
    assert!(
        kept == made,
        "openapi.json is not what the code speaks (first at line {:?}). Look at what changed for callers; a change that \
         breaks them is another contract number. Then: REHEARSE_WRITE_CONTRACT=1 cargo test -p service --test contract",
        differs.map(|idx| idx + 1)
    );
}

#[test]
fn the_contract_is_openapi_3_1_and_every_operation_may_answer_a_problem() {
    let contract: serde_json::Value = serde_json::from_str(&service::openapi_json()).expect("JSON");
    assert!(contract["openapi"].as_str().is_some_and(|it| it.starts_with("3.1")), "{}", contract["openapi"]);
    let paths = contract["paths"].as_object().expect("paths");
    assert!(paths.len() > 20);
    for (path, methods) in paths {
        assert!(path.starts_with("/v1/"), "{path}");
        for (method, operation) in methods.as_object().expect("methods") {
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(problem.is_object(), "{method} {path}");
        }
    }
    // Every reference leads somewhere.
    let text = contract.to_string();
    let schemas = contract["components"]["schemas"].as_object().expect("schemas");
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().expect("it ends");
        assert!(schemas.contains_key(name), "no schema {name}");
    }
}

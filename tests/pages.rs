//! Every page that the root pages link to is there, and every page of `docs` is in its index.

use std::fs;
use std::path::Path;

#[test]
fn every_page_that_it_links_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = ["README.md", "ARCHITECTURE.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    for page in pages.into_iter().chain(["docs/README.md", "examples/README.md"]) {
        let folder = root.join(page).parent().map(Path::to_path_buf).unwrap_or_default();
        for link in links(&root.join(page)) {
            assert!(folder.join(&link).exists(), "{page} links to {link}, which is not there");
        }
    }
}

#[test]
fn every_page_of_docs_is_in_its_index() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let index = links(&docs.join("README.md"));
    let mut pages = 0;
    for entry in fs::read_dir(&docs).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        pages += 1;
        assert!(name == "README.md" || index.contains(&name), "docs/README.md has no line for {name}");
    }
    assert!(pages > 5, "docs is not where the test looks for it");
}

/// The files a page links to, relative to its folder.
fn links(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap_or_default();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let inside = links.filter(|link| !link.contains("://"));
    inside.map(|link| link.split('#').next().unwrap_or_default().to_owned()).collect()
}

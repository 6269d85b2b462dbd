//! Text → fragment: HTML that did not come out of extraction, such as the content that a feed carries.

use ego_tree::NodeRef;
use html5ever::ns;
use scraper::Node;

use crate::html;
use crate::model::Fragment;

/// Parses a text as the content of a `<body>`. What is no HTML (drawings, formulas) is left out, and so is all of a text that
/// is large beyond all bounds.
pub(super) fn parse(text: &str) -> Fragment {
    let mut fragment = Fragment::default();
    if let Ok(page) = html::parse_fragment(text) {
        copy(*page.root_element(), &mut fragment);
    }
    fragment
}

/// Copies what is in a node, going by hand from node to node, so that depth costs no stack.
fn copy(root: NodeRef<'_, Node>, fragment: &mut Fragment) {
    let mut open: Vec<usize> = Vec::new();
    let mut next = root.first_child();
    while let Some(node) = next {
        if let Some(place) = add(node, fragment)
            && let Some(child) = node.first_child()
        {
            open.push(place);
            next = Some(child);
            continue;
        }
        next = node.next_sibling();
        let mut above = node.parent();
        while next.is_none()
            && let Some(parent) = above
            && parent.id() != root.id()
        {
            open.pop().into_iter().for_each(|place| fragment.close(place));
            next = parent.next_sibling();
            above = parent.parent();
        }
    }
}

/// Appends a node; gives its place if it is an element whose content is to be copied.
fn add(node: NodeRef<'_, Node>, fragment: &mut Fragment) -> Option<usize> {
    match node.value() {
        Node::Text(text) => fragment.push_text(text),
        Node::Element(element) if element.name.ns == ns!(html) => {
            let attrs = element.attrs.iter().map(|(name, value)| (name.local.clone(), &**value));
            return Some(fragment.open(element.name.local.clone(), attrs));
        }
        _ => {}
    }
    None
}

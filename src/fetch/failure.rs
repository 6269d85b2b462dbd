//! What a failed exchange means: the cause, told from the types of the errors below, and whether it may pass soon.

use std::error::Error as StdError;
use std::io;

use dns_lookup::{LookupError, LookupErrorKind};

use super::guard::Forbidden;
use super::tls;
use super::trouble::Trouble;
use crate::model::Cause;

/// What a failed exchange means: an address that the guard refused, else something that may pass.
pub(super) fn broken(error: &reqwest::Error) -> Trouble {
    if let Some(forbidden) = find::<Forbidden>(error) {
        return Trouble::refused(Cause::Forbidden, forbidden.to_string());
    }
    if error.is_builder() {
        return Trouble::refused(Cause::Forbidden, format!("it cannot be asked for: {}", deepest(error)));
    }
    if let Some(fault) = find::<rustls::Error>(error) {
        // A certificate that is wrong now is wrong in a second, too.
        return Trouble::later(Cause::Tls, tls::in_words(fault)).host_failed();
    }
    let trouble = if error.is_timeout() {
        Trouble::later(Cause::Timeout, format!("no connection in time: {}", deepest(error)))
    } else if error.is_dns() {
        no_address(find::<LookupError>(error))
    } else if error.is_connect() {
        no_connection(error).again()
    } else if error.is_decode() {
        Trouble::later(Cause::Broken, format!("the answer is broken: {}", deepest(error)))
    } else {
        broken_off(error)
    };
    trouble.host_failed()
}

/// The resolver's verdict: it knows that there is no such name, or it knows nothing.
pub(super) fn no_address(fault: Option<&LookupError>) -> Trouble {
    let Some(fault) = fault else {
        return Trouble::later(Cause::Unreachable, "the address of the host could not be looked up");
    };
    match fault.kind() {
        LookupErrorKind::NoName | LookupErrorKind::NoData => {
            Trouble::later(Cause::HostUnknown, "the DNS knows no address of this host; is it spelt right?")
        }
        _ => Trouble::later(Cause::Unreachable, format!("the DNS does not answer for now: {fault}")),
    }
}

fn no_connection(error: &reqwest::Error) -> Trouble {
    let mut faults = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    // Opening a connection cannot end early, but the handshake upon it can.
    if faults.any(|fault| fault.kind() == io::ErrorKind::UnexpectedEof) {
        return Trouble::later(Cause::Tls, "the TLS handshake failed: the server hung up");
    }
    Trouble::later(Cause::Unreachable, format!("no connection: {}", deepest(error)))
}

fn broken_off(error: &reqwest::Error) -> Trouble {
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Trouble::later(Cause::Broken, format!("the answer is no HTTP: {}", deepest(error)));
    }
    let why = format!("the answer broke off: {}", deepest(error));
    // Nothing had come yet: a kept connection that the server was just closing, or a reset.
    if error.is_request() {
        Trouble::later(Cause::Unreachable, why).again()
    } else {
        Trouble::later(Cause::Broken, why)
    }
}

/// The outermost cause of a type.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause| {
        let cause: &'a (dyn StdError + 'static) = *cause;
        // An I/O error names as its source what lies below the error that it wraps, and so hides that one.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| cause.source())
    })
}

/// The innermost cause: "Connection refused (os error 111)" rather than "error sending request".
pub(super) fn deepest(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

//! What a failed exchange means: the cause, told from the types of the errors below, and whether it may pass soon.

use std::error::Error as StdError;
use std::io;

use dns_lookup::{LookupError, LookupErrorKind};

use super::guard::Forbidden;
use super::trouble::Trouble;
use crate::article::Cause;

/// What a failed exchange means: an address that the guard refused, else something that may pass.
pub(super) fn broken(error: &reqwest::Error) -> Trouble {
    if let Some(forbidden) = find::<Forbidden>(error) {
        return Trouble::refused(Cause::Forbidden, forbidden.to_string());
    }
    let why = deepest(error);
    if error.is_builder() {
        return Trouble::refused(Cause::Forbidden, format!("it cannot be asked for: {why}"));
    }
    if error.is_timeout() {
        return Trouble::later(Cause::Timeout, format!("no connection in time: {why}")).host_failed();
    }
    if error.is_dns() {
        return no_address(find::<LookupError>(error).map(LookupError::kind), &why);
    }
    if let Some(fault) = find::<rustls::Error>(error) {
        // A certificate that is wrong now is wrong in a second, too.
        return Trouble::later(Cause::Tls, format!("no connection: {fault}")).host_failed();
    }
    if error.is_connect() {
        // Opening a connection cannot end early, but the handshake upon it can.
        let mut faults = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
        let cut = faults.any(|fault| fault.kind() == io::ErrorKind::UnexpectedEof);
        let cause = if cut { Cause::Tls } else { Cause::Unreachable };
        return Trouble::later(cause, format!("no connection: {why}")).host_failed().again();
    }
    if error.is_decode() {
        return Trouble::later(Cause::Broken, format!("the answer is broken: {why}")).host_failed();
    }
    let why = format!("the answer broke off: {why}");
    // Nothing had come yet: a kept connection that the server was just closing, or a reset.
    if error.is_request() && !find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Trouble::later(Cause::Unreachable, why).host_failed().again();
    }
    Trouble::later(Cause::Broken, why).host_failed()
}

/// The resolver's verdict: it knows that there is no such name, or it knows nothing. `kind` is `None` where it names
/// no address and no fault.
pub(super) fn no_address(kind: Option<LookupErrorKind>, why: &str) -> Trouble {
    match kind {
        Some(LookupErrorKind::NoName | LookupErrorKind::NoData) => {
            Trouble::later(Cause::HostUnknown, format!("its host has no address: {why}")).host_failed()
        }
        _ => {
            Trouble::later(Cause::Unreachable, format!("the address of its host cannot be found now: {why}"))
                .host_failed()
        }
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

//! Encryption: what is trusted, and in words why a certificate is not.

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// Names that a certificate for another host is quoted with.
const MAX_NAMES: usize = 3;

/// A failed handshake in words.
pub(super) fn in_words(fault: &rustls::Error) -> String {
    match fault {
        rustls::Error::InvalidCertificate(fault) => {
            format!("the certificate is not trusted: {}", distrust(fault))
        }
        fault => format!("the TLS handshake failed: {fault}"),
    }
}

fn distrust(fault: &CertificateError) -> String {
    match fault {
        CertificateError::UnknownIssuer => {
            "its issuer is not known here, or the server leaves out a certificate \
             of the chain; extra_ca in the source file can name the missing one"
                .to_owned()
        }
        CertificateError::ExpiredContext { not_after, .. } => format!("it expired on {}", day(*not_after)),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("it is not valid before {}", day(*not_before))
        }
        CertificateError::NotValidForNameContext { presented, .. } => for_others(presented),
        CertificateError::BadSignature => {
            "its signature is not that of the issuer of this name whom tinsach trusts".to_owned()
        }
        fault => fault.to_string(),
    }
}

/// The certificate's day in UTC.
fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    time.strftime("%Y-%m-%d").to_string()
}

fn for_others(names: &[String]) -> String {
    let more = if names.len() > MAX_NAMES { " and others" } else { "" };
    match names {
        [] => "it names no host".to_owned(),
        names => {
            let told: Vec<&str> = names.iter().take(MAX_NAMES).map(|name| bare(name)).collect();
            format!("it is for {}{more}", told.join(", "))
        }
    }
}

/// A name without its kind, which rustls writes around it: `DnsName("portal.example")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

//! Certificates that are trusted besides the usual ones, from a PEM file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::checked::ExtraCa;
use super::value_error::{Value, ValueError};
use super::values;

/// Most bytes that are read of a file of certificates; all authorities that browsers know take a fifth of it.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Certificates in a PEM file, relative to `folder`.
pub(super) fn extra_ca(folder: &Path) -> impl Fn(&Value<'_>) -> Result<ExtraCa, ValueError> {
    move |value| {
        let text = values::text(value)?;
        let file = std::path::absolute(folder.join(&text)).map_err(|error| cannot_be_read(&text, &error))?;
        let pem = read(&file).map_err(|error| cannot_be_read(&file.display().to_string(), &error))?;
        let certificates = certificates(&pem)?;
        Ok(ExtraCa { file, certificates })
    }
}

fn read(file: &PathBuf) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    Ok(bytes)
}

fn cannot_be_read(file: &str, error: &io::Error) -> ValueError {
    ValueError::new(format!("names a file that cannot be read: {error}: {file}")).hint(
        "name a PEM file of certificates, relative to this file, that the user whom tinsach runs as may read",
    )
}

/// The certificates of a PEM file, each of which can be trusted.
fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, ValueError> {
    let sections: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = sections.map_err(|error| {
        ValueError::new(format!("names a file that is no well-formed PEM: {error}")).hint(
            "copy each certificate whole, from the line -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
        )
    })?;
    if found.is_empty() {
        return Err(ValueError::new("names a file that holds no certificate").hint(what_instead(pem)));
    }
    for (number, certificate) in (1..).zip(&found) {
        RootCertStore::empty().add(certificate.clone()).map_err(|error| {
            ValueError::new(format!("names a file whose certificate {number} cannot be used: {error}"))
                .hint("copy the certificate again from whoever issued it")
        })?;
    }
    Ok(found.into_iter().map(|certificate| certificate.to_vec()).collect())
}

/// What to do about a file without certificates, from what it seems to hold.
fn what_instead(bytes: &[u8]) -> &'static str {
    const KEY: &[u8] = b"PRIVATE KEY-----";
    if bytes.windows(KEY.len()).any(|window| window == KEY) {
        "it holds a private key, which belongs to nobody but its server; name the certificate"
    } else if bytes.starts_with(&[0x30, 0x82]) {
        "it seems to be DER; convert it: openssl x509 -inform der -in FILE -out FILE.pem"
    } else {
        "a certificate in PEM begins with the line -----BEGIN CERTIFICATE-----"
    }
}

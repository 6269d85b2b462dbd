//! `extra_ca`: what it reads, and what is said of a file that is of no use.

use std::fs;

use super::*;

/// A root of nobody's, as PEM.
pub(super) fn pem() -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(["portal.example".to_owned()]).expect("names");
    params.self_signed(&key).expect("a certificate").pem()
}

/// The source that names `content`, as `ca.pem` beside it; `None` if there is no such file.
fn with(content: Option<&[u8]>) -> (tempfile::TempDir, Result<Source, Diagnostics>) {
    let folder = tempfile::tempdir().expect("a folder");
    if let Some(content) = content {
        fs::write(folder.path().join("ca.pem"), content).expect("room");
    }
    let text = "id = \"a\"\ntitle = \"A\"\nhome = \"https://a.example/\"\nextra_ca = \"ca.pem\"\n\
                language = \"vi\"\ntimezone = \"UTC\"\n";
    let read = read_source(&folder.path().join("a.toml"), text);
    (folder, read)
}

#[test]
fn certificates_are_read_from_a_file_beside_the_source() {
    let bundle = format!("Our root, and another:\n{}\r\n{}", pem(), pem());
    let (folder, read) = with(Some(bundle.as_bytes()));
    let extra_ca = read.expect("no fault").extra_ca.expect("certificates");
    assert_eq!(extra_ca.file, folder.path().join("ca.pem"));
    assert_eq!(extra_ca.certificates.len(), 2);
    assert_ne!(extra_ca.certificates[0], extra_ca.certificates[1]);
}

#[test]
fn a_file_of_no_use_is_a_fault_of_its_line_with_a_hint() {
    let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let der = rcgen::KeyPair::generate().expect("a key").serialize_der();
    let der = [&[0x30, 0x82, 0x01, 0x00][..], &der].concat();
    let cut = pem().replace("-----END CERTIFICATE-----", "");
    let spoilt = pem().replacen("MII", "M!!", 1);
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let second = format!("{}{no_certificate}", pem());
    let large = vec![b'x'; (1 << 20) + 1];
    for (content, message, hint) in [
        (None, "cannot be read: No such file", "relative to this file"),
        (Some(&b""[..]), "holds no certificate", "-----BEGIN CERTIFICATE-----"),
        (Some(b"chung chi"), "holds no certificate", "-----BEGIN CERTIFICATE-----"),
        (Some(key.as_bytes()), "holds no certificate", "private key"),
        (Some(&der), "holds no certificate", "openssl x509 -inform der"),
        (Some(cut.as_bytes()), "no well-formed PEM", "copy each certificate whole"),
        (Some(spoilt.as_bytes()), "no well-formed PEM", "copy each certificate whole"),
        (Some(no_certificate.as_bytes()), "certificate 1 cannot be used", "whoever issued it"),
        (Some(second.as_bytes()), "certificate 2 cannot be used", "whoever issued it"),
        (Some(&large), "larger than 1 MiB", "relative to this file"),
    ] {
        let faults = with(content).1.expect_err(message);
        let all: Vec<&Diagnostic> = faults.iter().collect();
        let [fault] = all.as_slice() else { panic!("{faults}") };
        assert!(
            fault.message().starts_with("`extra_ca` names a file ") && fault.message().contains(message),
            "{fault:?}"
        );
        assert!(fault.help().is_some_and(|help| help.contains(hint)), "{fault:?}");
        assert_eq!(fault.position(), (4, 12), "{fault:?}");
    }
    let folder = source_with("extra_ca = \"/\"").expect_err("a folder");
    assert!(folder.to_string().contains("cannot be read"), "{folder}");
    source_with("extra_ca = 7").expect_err("no text");
}

#[test]
fn it_is_trusted_for_the_sites_that_the_source_names() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ca.pem"), pem()).expect("room");
    let text = "id = \"a\"\ntitle = \"A\"\nhome = \"https://www.a.example/\"\nextra_ca = \"ca.pem\"\n\
                language = \"vi\"\ntimezone = \"UTC\"\n[discover]\nfeeds = [\"/feed\", \"https://f.example/x\"]\n\
                listings = [{ url = \"https://a.example:8443/\" }]\n";
    fs::write(folder.path().join("a.toml"), text).expect("room");
    let main = folder.path().join("tinsach.toml");
    fs::write(&main, "sources = \"a.toml\"\n").expect("room");
    let (config, origins) = load_traced(Some(&main), &machine()).expect("no fault");
    let [trust] = config.fetch.trust.as_slice() else { panic!("one source") };
    assert_eq!(trust.sites, ["a.example", "a.example:8443", "f.example"]);
    let shown = show(&config, &origins);
    assert_eq!(read_text(&shown).expect(&shown), Config { file: None, ..config }, "{shown}");
}

//! Which addresses a provider may name: public ones, over https. Anything else could reach into this machine's network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rushes_engine::{Error, Result};

/// Resolves names to public addresses only. The connection is made to what it gives, so that a name cannot change its
/// mind between being checked and being used.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to a private address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Refuses all but https to what may be public. Names are looked at once more when they are resolved.
pub(super) fn check(url: &Url) -> Result<()> {
    let refuse = |why: &str| {
        // The path and the query may be secret; the host is what a person can judge.
        let host = url.host_str().unwrap_or_default().to_owned();
        Err(Error::system(format!("an address is refused: {why}"))
            .at(host)
            .help("it came from the provider; nothing was asked of it"))
    };
    if url.scheme() != "https" {
        return refuse("it is not https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it holds a name or a password");
    }
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) if !is_public(address) => refuse("it is private"),
        Err(_) if bare.is_empty() => refuse("it has no host"),
        Err(_) if is_this_machine(bare) => refuse("it is private"),
        _ => Ok(()),
    }
}

/// Whether a name is this machine's own, whatever a resolver would say of it (RFC 6761, 6.3).
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

/// Whether an address is one of the open internet's.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(a == 0
        || v4.is_private()
        || v4.is_loopback()
        // Link-local holds the metadata services of clouds.
        || v4.is_link_local()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 198 && (b == 18 || b == 19))
        || v4.is_documentation()
        || v4.is_multicast()
        || a >= 240)
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let first = v6.segments()[0];
    // Global unicast is 2000::/3; within it documentation and Teredo lead nowhere or elsewhere.
    (first & 0xe000) == 0x2000 && !(first == 0x2001 && matches!(v6.segments()[1], 0 | 0x0db8))
}

/// The address of the old protocol that one of the new stands for: mapped, compatible, translated or 6to4.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_over_https_pass() {
        for good in [
            "https://v3.fal.media/a.mp4",
            "https://localhost.example.com/a",
            "https://1.1.1.1/a",
            "https://[2606:4700::1111]/a?x=1",
        ] {
            check(&Url::parse(good).unwrap()).unwrap();
        }
        for bad in [
            "http://v3.fal.media/a.mp4",
            "file:///etc/passwd",
            "https://me:word@v3.fal.media/a",
            "https://localhost/a",
            "https://LOCALHOST./a",
            "https://media.localhost:9/a",
            "https://127.0.0.1/a",
            "https://2130706433/a",
            "https://10.1.2.3/a",
            "https://172.16.0.1/a",
            "https://192.168.1.1/a",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/a",
            "https://0.0.0.0/a",
            "https://224.0.0.1/a",
            "https://255.255.255.255/a",
            "https://[::1]/a",
            "https://[::]/a",
            "https://[fe80::1]/a",
            "https://[fd00::1]/a",
            "https://[fd00:ec2::254]/a",
            "https://[ff02::1]/a",
            "https://[::ffff:127.0.0.1]/a",
            "https://[::ffff:10.0.0.1]/a",
            "https://[64:ff9b::7f00:1]/a",
            "https://[2002:7f00:1::]/a",
        ] {
            assert!(check(&Url::parse(bad).unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_for_this_machine_is_not_resolved() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let name: Name = "localhost".parse().unwrap();
        assert!(runtime.block_on(PublicOnly.resolve(name)).is_err());
    }
}

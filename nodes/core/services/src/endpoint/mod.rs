//! Endpoints: engines as data, one file each in `assets/endpoints`.

mod field;
mod request;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rushes_engine::{Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Given, Provider};
use field::Field;

/// One engine at one provider: what a request may hold, what comes back, what it costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The name in graphs.
    pub id: String,
    /// The name for people.
    pub label: String,
    /// The provider's name, one of [`crate::PROVIDERS`].
    pub provider: String,
    /// The provider's own name for it.
    pub path: String,
    /// Where the facts in this file were read.
    pub source: String,
    /// The day they were read, `2026-11-22`.
    pub read: String,
    fields: Vec<Field>,
    /// Wire names that always go along with the same value.
    always: Map<String, Value>,
    result: Outcome,
    rate: (u32, u32),
    /// By resolution, every size that it makes.
    sizes: BTreeMap<String, Vec<(u32, u32)>>,
    usd_per_million_tokens: f64,
}

/// Where in the provider's answer things are, as JSON pointers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// The addresses of the files.
    pub files: Vec<String>,
    /// The seed that was used.
    pub seed: Option<String>,
}

/// The endpoint files that are built in.
const FILES: &[(&str, &str)] = &[
    ("seedance_1_pro", include_str!("../../../../../assets/endpoints/seedance_1_pro.json")),
    ("seedance_2", include_str!("../../../../../assets/endpoints/seedance_2.json")),
];

static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    let parsed = FILES.iter().map(|(name, text)| (name, serde_json::from_str::<Endpoint>(text)));
    parsed
        .filter_map(|(name, endpoint)| {
            // A test holds that all parse; a build that skipped it does without the one.
            endpoint.inspect_err(|e| log::error!("the endpoint file {name} cannot be read: {e}")).ok()
        })
        .collect()
});

/// Every endpoint.
pub fn endpoints() -> &'static [Endpoint] {
    &ENDPOINTS
}

/// The endpoint of this name.
pub fn endpoint(id: &str) -> Result<&'static Endpoint> {
    endpoints().iter().find(|endpoint| endpoint.id == id).ok_or_else(|| {
        let known: Vec<_> = endpoints().iter().map(|endpoint| endpoint.id.as_str()).collect();
        Error::usage(format!("there is no remote engine {id:?}"))
            .help(format!("the remote engines are: {}", known.join(", ")))
    })
}

impl Endpoint {
    /// Who runs it.
    pub fn provider(&self) -> &'static Provider {
        // A test holds that every endpoint names a known one.
        crate::provider(&self.provider).unwrap_or(&crate::PROVIDERS[0])
    }

    /// Whether it has a field for this neutral name.
    pub fn takes(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The least and the most that a number may be.
    pub fn range(&self, name: &str) -> Option<(f64, f64)> {
        let field = self.field(name)?;
        field.is_number().then_some((field.min?, field.max?))
    }

    /// What a choice may be.
    pub fn choices(&self, name: &str) -> &[String] {
        self.field(name).map_or(&[], |field| &field.values)
    }

    /// The most bytes that a picture may have, where there is a bound.
    pub fn max_bytes(&self, name: &str) -> Option<u64> {
        self.field(name)?.max_bytes
    }

    /// The frames a second that it makes, as a fraction.
    pub fn rate(&self) -> (u32, u32) {
        self.rate
    }

    /// The size to expect for a picture of this shape, width by height: the one of the resolution's that is nearest to
    /// it. An unknown resolution counts as the least.
    pub fn size(&self, resolution: &str, aspect: f64) -> (u32, u32) {
        let least = || self.sizes.get(self.choices("resolution").first()?);
        let rows = self.sizes.get(resolution).or_else(least);
        let away = |&(width, height): &(u32, u32)| {
            (f64::from(width) / f64::from(height.max(1))).ln() - aspect.max(f64::MIN_POSITIVE).ln()
        };
        rows.into_iter()
            .flatten()
            .min_by(|a, b| away(a).abs().total_cmp(&away(b).abs()))
            .copied()
            .unwrap_or((16, 16))
    }

    /// What a clip of this size and length costs.
    pub fn price_usd(&self, size: (u32, u32), seconds: f64) -> f64 {
        let fps = f64::from(self.rate.0) / f64::from(self.rate.1.max(1));
        let tokens = f64::from(size.0) * f64::from(size.1) * fps * seconds / 1024.0;
        tokens * self.usd_per_million_tokens / 1e6
    }

    /// The body of a request. Media are place-holders, `{"picture": "<name>"}`, until they are uploaded.
    pub fn request(&self, inputs: &BTreeMap<String, Given>) -> Result<Value> {
        request::body(self, inputs)
    }

    pub(crate) fn outcome(&self) -> &Outcome {
        &self.result
    }

    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::field::Kind;
    use super::*;
    use std::path::Path;

    #[test]
    fn every_endpoint_file_is_built_in_and_sound() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/endpoints");
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        assert_eq!(names, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for (name, text) in FILES {
            let endpoint: Endpoint = serde_json::from_str(text).unwrap();
            assert_eq!(endpoint.id, *name);
            assert_eq!(endpoint.provider().id, endpoint.provider);
            assert!(endpoint.rate.0 > 0 && endpoint.rate.1 > 0 && endpoint.usd_per_million_tokens > 0.0);
            assert_eq!(endpoint.sizes.keys().collect::<Vec<_>>().len(), endpoint.choices("resolution").len());
            for resolution in endpoint.choices("resolution") {
                assert!(!endpoint.sizes[resolution].is_empty());
            }
            for field in &endpoint.fields {
                assert_eq!(field.kind == Kind::Choice, !field.values.is_empty(), "{}", field.name);
                assert!(!endpoint.always.contains_key(&field.wire), "{}", field.name);
            }
        }
    }

    #[test]
    fn sizes_and_prices_are_those_that_are_published() {
        let one = endpoint("seedance_1_pro").unwrap();
        assert_eq!(one.size("1080p", 16.0 / 9.0), (1920, 1088));
        assert_eq!(one.size("720p", 0.5625), (704, 1248));
        assert_eq!(one.size("480p", 1.02), (640, 640));
        assert!((one.price_usd(one.size("1080p", 16.0 / 9.0), 5.0) - 0.612).abs() < 0.001);
        assert_eq!(one.size("4K", 1.0), (640, 640));
        let two = endpoint("seedance_2").unwrap();
        assert_eq!(two.size("720p", 1.5), (1112, 834), "nearer to 4:3 than to 16:9");
        assert!((two.price_usd(two.size("720p", 16.0 / 9.0), 1.0) - 0.3024).abs() < 1e-9);
        assert!(endpoint("seedance_9").unwrap_err().help_text().contains("seedance_1_pro"));
    }
}

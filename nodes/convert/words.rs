//! A number as text.
//!
//! Written as short as it can be read back. Of a number that changes, its first value.

use crate::docs::docs;
use rushes_engine::param::ParamTime;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{Desc, Error, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Words`]: none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordsParams {}

/// The conversion.
pub struct Words;

impl Tool for Words {
    type Params = WordsParams;

    fn spec() -> Spec {
        Spec::new("convert/words", 1, "Number as text", docs!())
            .input(Port::of(ValueType::Number))
            .output(Port::of(ValueType::Text))
            .class(Class::Value)
    }

    fn describe(_: &WordsParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let Some(Desc::Number(number)) = cx.inputs.first().map(|i| &i.desc) else {
            return Err(Error::usage("there is no number"));
        };
        let described = Described::one(Desc::Text(
            number.at(ParamTime { frame: 0, seconds: 0.0, frames: 1 }).to_string().into(),
        ));
        Ok(match number.constant {
            Some(_) => described,
            None => described.word("the number changes; the text is its first value"),
        })
    }
}

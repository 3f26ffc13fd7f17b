//! Ids: an indicator goes by its own, a second reading of it by `ID@NAME`.

use super::framework::Framework;
use super::indicator::{Indicator, Reading};

/// What stands between an indicator's id and the name of a reading.
const AT: char = '@';

impl Indicator {
    /// The id of one of its readings: `cs-04@same-carer`.
    pub fn id_of(&self, reading: &Reading) -> String {
        format!("{}{AT}{}", self.id.value, reading.name.value)
    }
}

impl Framework {
    /// The indicator that an id names, and the reading of it where the id is `ID@NAME`.
    ///
    /// # Example
    /// ```
    /// use staysafe::definition::read::read;
    ///
    /// let text = "id = \"a\"\ntitle = \"A\"\n[[reading]]\nname = \"linked\"\nparameters = { linked = true }";
    /// let (framework, _) = read([("indicators/a.toml", text)]);
    /// let (indicator, reading) = framework.named("a@linked").unwrap();
    /// assert_eq!(indicator.id.value, "a");
    /// assert_eq!(reading.unwrap().name.value, "linked");
    /// assert!(framework.named("a@other").is_none());
    /// ```
    pub fn named(&self, id: &str) -> Option<(&Indicator, Option<&Reading>)> {
        if let Some(indicator) = self.indicators.get(id) {
            return Some((indicator, None));
        }
        let (owner, name) = id.split_once(AT)?;
        let indicator = self.indicators.get(owner)?;
        let reading = indicator.readings.iter().find(|reading| reading.name.value == name)?;
        Some((indicator, Some(reading)))
    }

    /// The title of what an id names; that of a reading follows its indicator's.
    pub fn title_of(&self, id: &str) -> Option<String> {
        let (indicator, reading) = self.named(id)?;
        let title = indicator.title.value.clone();
        Some(match reading {
            Some(reading) => format!("{title}: {}", reading.words()),
            None => title,
        })
    }

    /// Every id that figures may go by: of indicators, and of their readings.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        self.indicators.values().flat_map(|indicator| {
            let readings = indicator.readings.iter().map(|reading| indicator.id_of(reading));
            std::iter::once(indicator.id.value.clone()).chain(readings)
        })
    }
}

impl Reading {
    /// Its title, or its name where it has none.
    pub fn words(&self) -> &str {
        self.title.as_ref().map_or(&self.name.value, |title| &title.value)
    }
}

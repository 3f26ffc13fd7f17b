//! What returns hold: records as they were read, columns that tables were loaded into, or both.

use std::sync::{Arc, OnceLock};

use staysafe::check::Checked;
use staysafe::period::Period;
use staysafe::plan::{financial_years_of, periods_inside};
use staysafe::record::fingerprint_of;
use staysafe_arrow::{LoadError, Loaded, Loading};
use staysafe_io::Returns;

use crate::framework;

/// Returns of whatever was read or handed over.
#[derive(Debug)]
pub(crate) struct Source {
    /// What there is to tell of the returns: of what lies in columns without its rows.
    told: Arc<Returns>,
    columns: Option<Arc<Loaded>>,
    /// The same with every row, made of the columns when somebody first asks about single rows.
    records: OnceLock<Arc<Returns>>,
    /// By whose datasets they were read.
    framework: Arc<framework::Loaded>,
}

impl Source {
    /// Returns with their records.
    pub(crate) fn read(returns: Returns, framework: Arc<framework::Loaded>) -> Self {
        let told = Arc::new(returns);
        Self { records: OnceLock::from(Arc::clone(&told)), told, columns: None, framework }
    }

    /// Returns whose rows lie in columns; `told` has none of them.
    pub(crate) fn loaded(told: Returns, columns: Loaded, framework: Arc<framework::Loaded>) -> Self {
        let fingerprint = fingerprint_of(columns.fingerprints());
        let told = Arc::new(Returns { fingerprint, ..told });
        Self { told, columns: Some(Arc::new(columns)), records: OnceLock::new(), framework }
    }

    /// No return, and no row.
    pub(crate) fn nothing(framework: &Arc<framework::Loaded>) -> Self {
        Self::read(Returns::default(), Arc::clone(framework))
    }

    /// By whose datasets they were read.
    pub(crate) fn framework(&self) -> &Arc<framework::Loaded> {
        &self.framework
    }

    /// What there is to tell of the returns, perhaps without their rows.
    pub(crate) fn told(&self) -> &Returns {
        &self.told
    }

    /// The columns, where the rows lie in some that a framework's datasets fit.
    pub(crate) fn columns(&self) -> Option<&Arc<Loaded>> {
        self.columns.as_ref()
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        let tables = || self.told.data.returns.iter().flat_map(|of| of.tables.values());
        self.columns.as_ref().map_or_else(|| tables().map(|table| table.rows.len()).sum(), |all| all.rows())
    }

    /// The returns with every row.
    pub(crate) fn records(&self) -> Result<Arc<Returns>, LoadError> {
        if let Some(made) = self.records.get() {
            return Ok(Arc::clone(made));
        }
        let Some(columns) = &self.columns else { return Ok(Arc::clone(&self.told)) };
        let data = columns.to_records(&self.framework.framework)?;
        let made = Arc::new(Returns { data, ..self.told.as_ref().clone() });
        Ok(Arc::clone(self.records.get_or_init(|| made)))
    }

    /// These and others, as if all had been read at once.
    pub(crate) fn and(&self, other: &Self) -> Result<Self, LoadError> {
        let framework = Arc::clone(&self.framework);
        if self.told.data.returns.is_empty() {
            let Self { told, columns, records, .. } = other;
            let (told, columns, records) = (Arc::clone(told), columns.clone(), records.clone());
            return Ok(Self { told, columns, records, framework: Arc::clone(&other.framework) });
        }
        if let (Some(one), Some(two)) = (&self.columns, &other.columns) {
            let mut loading = Loading::new(&framework.framework);
            loading.loaded(one)?;
            loading.loaded(two)?;
            if loading.is_settled().is_ok() {
                let columns = loading.finish()?;
                let told = self.told.as_ref().clone().and(other.told.as_ref().clone());
                return Ok(Self::loaded(told, columns, framework));
            }
        }
        let (one, two) = (self.records()?, other.records()?);
        Ok(Self::read(one.as_ref().clone().and(two.as_ref().clone()), framework))
    }

    /// The same with all rows in columns of a framework's datasets, or why they stay records.
    pub(crate) fn in_columns(
        &self,
        framework: &Arc<framework::Loaded>,
    ) -> Result<Result<Self, String>, LoadError> {
        let mut loading = Loading::new(&framework.framework);
        if self.columns.as_ref().is_none_or(|columns| loading.loaded(columns).is_err()) {
            loading = Loading::new(&framework.framework);
            for of in &self.records()?.data.returns {
                loading.add(of)?;
            }
        }
        if let Err(why) = loading.is_settled() {
            return Ok(Err(why.to_string()));
        }
        let columns = Some(Arc::new(loading.finish()?));
        let (told, records) = (Arc::clone(&self.told), self.records.clone());
        Ok(Ok(Self { told, columns, records, framework: Arc::clone(framework) }))
    }

    /// Every quarter and financial year inside the cover; beyond it, every financial year of the work that is told of.
    pub(crate) fn periods(&self, checked: &Checked, beyond_cover: bool) -> Vec<Period> {
        let mut periods = periods_inside(&self.told.data);
        if beyond_cover {
            let days = self.columns.as_ref().map(|columns| columns.first_days(&self.framework.framework));
            periods.extend(financial_years_of(checked, days.as_ref().unwrap_or(&self.told.data)));
        }
        periods
    }
}

//! What the columns of a published table are, told by their headers.

/// What a column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// The year.
    Year,
    /// What kind of year, or which part of it.
    Identifier,
    /// The level of areas.
    Level,
    /// A code of an area, a school, or another place.
    Code(Scale),
    /// A name of one.
    Name(Scale),
    /// Which people or things a row counts.
    Filter,
    /// Figures.
    Figure,
    /// Nothing: no header and no cell.
    Padding,
}

/// Of what sort of place a column speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scale {
    /// Of the row's own place, whatever that is.
    Own,
    Country,
    Region,
    Authority,
    Other(String),
}

/// The words of a header that stand between others.
pub(super) fn plain(header: &str) -> String {
    let lower = header.trim().trim_matches('\u{feff}').to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// What a column says, where its header alone tells: of a period or a place.
pub(super) fn role(header: &str) -> Option<Role> {
    let plain = plain(header);
    Some(match plain.as_str() {
        "time_period" | "timeperiod" | "year" | "period" | "reporting_year" | "collection_year"
        | "financial_year" | "academic_year" => Role::Year,
        "time_identifier" | "timeidentifier" => Role::Identifier,
        "geographic_level" | "geography_level" | "geographical_level" | "geog_l" | "geog_level"
        | "geography" | "geog_type" | "geographic_type" | "geography_type" | "area_type" | "area_level"
        | "level" => Role::Level,
        "geog_c" | "geog_code" | "geographic_code" | "location_code" | "area_cd" | "areacd"
        | "geography_code" | "area_code" | "new_geog_code" | "new_geography_code" | "new_area_code"
        | "ons_code" | "gss_code" | "new_code" | "old_code" | "code" => Role::Code(Scale::Own),
        "geog_n" | "geog_name" | "geographic_name" | "location_name" | "location" | "area_nm" | "areanm"
        | "geography_name" | "area_name" | "area" | "geography_area" | "name" => Role::Name(Scale::Own),
        "country_code" => Role::Code(Scale::Country),
        "country_name" | "country" => Role::Name(Scale::Country),
        "region_code" | "gor_code" | "government_office_region_code" | "region_9digit" | "gor_9digit" => {
            Role::Code(Scale::Region)
        }
        "region_name" | "region" | "gor_name" | "gor" | "government_office_region" => {
            Role::Name(Scale::Region)
        }
        "la_code"
        | "old_la_code"
        | "new_la_code"
        | "la_number"
        | "la_no"
        | "la_num"
        | "la_9digit"
        | "la_9_digit"
        | "la_9digit_code"
        | "lea"
        | "lea_code"
        | "lea_number"
        | "lea_no"
        | "local_authority_code"
        | "local_authority_number"
        | "la_gss_code"
        | "la_ons_code"
        | "new_la_9digit" => Role::Code(Scale::Authority),
        "la_name"
        | "lea_name"
        | "local_authority"
        | "local_authority_name"
        | "authority"
        | "authority_name" => Role::Name(Scale::Authority),
        other => return other_place(other),
    })
}

/// Places other than areas of government, by the first part of their columns' names.
const OTHER: &[&str] = &[
    "lad",
    "local_authority_district",
    "pcon",
    "parliamentary_constituency",
    "ward",
    "lep",
    "local_enterprise_partnership",
    "local_skills_improvement_plan_area",
    "lsip",
    "mca",
    "mayoral_combined_authority",
    "english_devolved_area",
    "opportunity_area",
    "rsc_region_lead",
    "planning_area",
    "police_force_area",
    "pfa",
    "trust",
    "multi_academy_trust",
    "sponsor",
    "school",
    "institution",
    "provider",
    "icb",
];

fn other_place(plain: &str) -> Option<Role> {
    let named = |end: &str| plain.strip_suffix(end).filter(|first| OTHER.contains(first)).map(str::to_owned);
    if let Some(first) = named("_name") {
        return Some(Role::Name(Scale::Other(first)));
    }
    ["_code", "_urn", "_ukprn", "_laestab", "_id"]
        .iter()
        .find_map(|end| named(end))
        .map(|first| Role::Code(Scale::Other(first)))
}

/// Columns that say whom a row counts, also where all they hold is numbers.
const FILTERS: &[&str] = &[
    "age",
    "age_start",
    "age_group",
    "year_group",
    "nc_year",
    "ncyear",
    "nc_year_group",
    "school_year",
    "sex",
    "gender",
    "characteristic",
    "category",
    "breakdown",
    "breakdown_topic",
    "version",
    "key_stage",
    "month",
    "week",
    "quarter",
];

/// Whether a column of numbers is a filter all the same.
pub(super) fn is_filter(header: &str) -> bool {
    FILTERS.contains(&plain(header).as_str())
}

/// Whether a row is the header: it names places, and more than one thing.
pub(super) fn is_header(cells: &[String]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let known = cells.iter().filter(|cell| role(cell).is_some()).count();
    let places =
        cells.iter().any(|cell| matches!(role(cell), Some(Role::Code(_) | Role::Name(_) | Role::Level)));
    places && (known >= 2 || filled >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_years_name_places() {
        for (header, expected) in [
            ("geog_l", Some(Role::Level)),
            ("New_geog_code", Some(Role::Code(Scale::Own))),
            ("LA Number", Some(Role::Code(Scale::Authority))),
            ("la_9digit", Some(Role::Code(Scale::Authority))),
            ("\u{feff}time_period", Some(Role::Year)),
            ("school_urn", Some(Role::Code(Scale::Other("school".into())))),
            ("pcon_name", Some(Role::Name(Scale::Other("pcon".into())))),
            ("number", None),
            ("LAC_2008", None),
        ] {
            assert_eq!(role(header), expected, "{header}");
        }
        let row =
            |cells: &[&str]| is_header(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        assert!(row(&["LA Number", "", "Number of boys", "Number of girls"]));
        assert!(!row(&["Table LA8: children by need, England", "", ""]));
        assert!(!row(&["E09000001", "LA", "201", "City of London", "9"]));
    }
}

//! Where people live: towns, streets, postcodes, telephone numbers.

use crate::draw::Draw;
use feed::{Field, Fields, Text};

/// A town with what its addresses and numbers begin with.
struct Town {
    name: &'static str,
    county: &'static str,
    /// Postcode area and the tens of its districts.
    postcode: &'static str,
    /// Of the range for drama, without the last three digits.
    phone: &'static str,
}

/// Ofcom, "Telephone numbers for use in TV and radio drama programmes": 1000 numbers for each of these places,
/// for all others 01632 960000 to 960999.
const NO_AREA: &str = "01632 960";

/// Ofcom, the same page: 07700 900000 to 900999.
const MOBILE: &str = "07700 900";

const fn town(name: &'static str, county: &'static str, postcode: &'static str, phone: &'static str) -> Town {
    Town { name, county, postcode, phone }
}

/// Larger ones first. The tens of the district are ones that Royal Mail does not use in that area (*assumed*:
/// checked against no list), so that a postcode is of the right town and nobody's.
const TOWNS: &[Town] = &[
    town("London", "", "SE6", "020 7946 0"),
    town("Birmingham", "West Midlands", "B5", "0121 496 0"),
    town("Leeds", "West Yorkshire", "LS6", "0113 496 0"),
    town("Glasgow", "", "G9", "0141 496 0"),
    town("Sheffield", "South Yorkshire", "S5", "0114 496 0"),
    town("Manchester", "Greater Manchester", "M7", "0161 496 0"),
    town("Liverpool", "Merseyside", "L5", "0151 496 0"),
    town("Bristol", "", "BS6", "0117 496 0"),
    town("Edinburgh", "", "EH6", "0131 496 0"),
    town("Leicester", "Leicestershire", "LE7", "0116 496 0"),
    town("Cardiff", "South Glamorgan", "CF5", "029 2018 0"),
    town("Belfast", "", "BT8", "028 9649 6"),
    town("Nottingham", "Nottinghamshire", "NG5", "0115 496 0"),
    town("Newcastle upon Tyne", "Tyne and Wear", "NE5", "0191 498 0"),
    town("Bradford", "West Yorkshire", "BD6", NO_AREA),
    town("Hull", "East Yorkshire", "HU6", NO_AREA),
    town("Coventry", "West Midlands", "CV6", NO_AREA),
    town("Stoke-on-Trent", "Staffordshire", "ST6", NO_AREA),
    town("Wolverhampton", "West Midlands", "WV6", NO_AREA),
    town("Plymouth", "Devon", "PL6", NO_AREA),
    town("Derby", "Derbyshire", "DE8", NO_AREA),
    town("Southampton", "Hampshire", "SO6", NO_AREA),
    town("Swansea", "West Glamorgan", "SA5", NO_AREA),
    town("Aberdeen", "", "AB6", NO_AREA),
    town("Reading", "Berkshire", "RG6", "0118 496 0"),
    town("Preston", "Lancashire", "PR6", NO_AREA),
    town("Norwich", "Norfolk", "NR6", NO_AREA),
    town("Sunderland", "Tyne and Wear", "SR6", "0191 498 0"),
    town("Bolton", "Lancashire", "BL6", NO_AREA),
    town("Ipswich", "Suffolk", "IP6", NO_AREA),
    town("York", "North Yorkshire", "YO7", NO_AREA),
    town("Peterborough", "Cambridgeshire", "PE6", NO_AREA),
    town("Gloucester", "Gloucestershire", "GL7", NO_AREA),
    town("Exeter", "Devon", "EX6", NO_AREA),
    town("Cambridge", "Cambridgeshire", "CB6", NO_AREA),
    town("Oxford", "Oxfordshire", "OX6", NO_AREA),
    town("Huddersfield", "West Yorkshire", "HD6", NO_AREA),
    town("Dundee", "", "DD6", NO_AREA),
    town("Middlesbrough", "North Yorkshire", "TS6", NO_AREA),
    town("Wakefield", "West Yorkshire", "WF6", NO_AREA),
    town("Carlisle", "Cumbria", "CA6", NO_AREA),
    town("Durham", "County Durham", "DH6", "0191 498 0"),
    town("Llandudno", "Conwy", "LL8", NO_AREA),
    town("Inverness", "", "IV7", NO_AREA),
    town("Truro", "Cornwall", "TR6", NO_AREA),
    town("Hereford", "Herefordshire", "HR6", NO_AREA),
];

const STREETS: &[&str] = &[
    "High",
    "Station",
    "Church",
    "Victoria",
    "Park",
    "London",
    "Albert",
    "Queens",
    "Manor",
    "Kings",
    "Mill",
    "New",
    "Alexandra",
    "Grange",
    "School",
    "Windsor",
    "Springfield",
    "George",
    "York",
    "North",
    "South",
    "West",
    "Chapel",
    "Green",
    "Grove",
    "Highfield",
    "Oak",
    "Beech",
    "Elm",
    "Ash",
    "Cedar",
    "Sycamore",
    "Willow",
    "Hawthorn",
    "Maple",
    "Woodlands",
    "Moorside",
    "Hillside",
    "Meadow",
    "Orchard",
    "Garden",
    "Bridge",
    "River",
    "Canal",
    "Wharf",
    "Market",
    "Castle",
    "Priory",
    "Abbey",
    "St John's",
    "St Mary's",
    "St Michael's",
    "All Saints",
    "Nelson",
    "Wellington",
    "Waterloo",
    "Trafalgar",
    "Gladstone",
    "Disraeli",
    "Churchill",
    "Attlee",
    "Lansbury",
    "Tennyson",
    "Byron",
    "Keats",
    "Shelley",
    "Milton",
    "Wordsworth",
    "Burns",
    "Coniston",
    "Windermere",
    "Ullswater",
    "Derwent",
    "Buttermere",
    "Kestrel",
    "Lapwing",
    "Skylark",
    "Curlew",
    "Harcourt",
    "Sandringham",
    "Balmoral",
    "Osborne",
    "Warwick",
    "Arundel",
    "Exmoor",
    "Dartmouth",
    "Cotswold",
    "Malvern",
    "Pendle",
    "Cheviot",
];

const STREET_KINDS: &[&str] = &[
    "Road", "Street", "Close", "Avenue", "Lane", "Drive", "Crescent", "Court", "Way", "Gardens", "Terrace",
    "Grove", "Place", "Walk", "Mews", "Rise",
];

/// Second words of the names of blocks of flats and housing schemes.
const BUILDINGS: &[&str] = &["House", "Court", "Lodge", "Gardens", "Heights", "View", "Place"];

/// Letters of the second half of a postcode: Royal Mail leaves out C, I, K, M, O and V.
const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

const QUARTERS: &[&str] = &["Central", "North", "South", "East", "West"];

pub(crate) struct Address {
    pub(crate) town: u16,
    /// Part of the town, for the field "area".
    pub(crate) quarter: &'static str,
    pub(crate) line_1: Text,
    pub(crate) line_2: Option<Text>,
    pub(crate) has_county: bool,
    pub(crate) postcode: Text,
}

/// A building whose flats are all looked after.
pub(crate) struct Scheme {
    building: Text,
    street: Text,
    town: u16,
    quarter: &'static str,
    postcode: Text,
}

pub(crate) fn n_towns() -> u32 {
    u32::try_from(TOWNS.len()).unwrap_or(u32::MAX)
}

pub(crate) fn town_name(idx: u32) -> &'static str {
    TOWNS[idx as usize % TOWNS.len()].name
}

pub(crate) fn address(draw: &mut Draw) -> Address {
    if draw.percent(12) {
        let scheme = scheme(draw);
        return scheme.flat(1 + draw.below(40) as usize);
    }
    let (town, quarter, postcode) = somewhere(draw);
    // Low numbers are the more frequent ones: not every street is long.
    let number = 1 + draw.below(80).min(draw.below(160));
    Address {
        town,
        quarter,
        line_1: Text::from(format!("{number} {}", street(draw))),
        line_2: None,
        has_county: draw.percent(60),
        postcode,
    }
}

pub(crate) fn scheme(draw: &mut Draw) -> Scheme {
    let (town, quarter, postcode) = somewhere(draw);
    Scheme {
        building: Text::from(format!("{} {}", draw.pick(STREETS), draw.pick(BUILDINGS))),
        street: Text::from(format!("{} {}", 1 + draw.below(120), street(draw))),
        town,
        quarter,
        postcode,
    }
}

impl Scheme {
    pub(crate) fn flat(&self, number: usize) -> Address {
        Address {
            town: self.town,
            quarter: self.quarter,
            line_1: Text::from(format!("Flat {number}, {}", self.building)),
            line_2: Some(self.street.clone()),
            has_county: false,
            postcode: self.postcode.clone(),
        }
    }
}

impl Address {
    pub(crate) fn write(&self, fields: &mut Fields) {
        let town = &TOWNS[usize::from(self.town) % TOWNS.len()];
        fields.set(Field::AddressLine1, self.line_1.clone());
        if let Some(line_2) = &self.line_2 {
            fields.set(Field::AddressLine2, line_2.clone());
        }
        fields.set(Field::AddressLine3, Text::from(town.name));
        if self.has_county && !town.county.is_empty() {
            fields.set(Field::County, Text::from(town.county));
        }
        fields.set(Field::Postcode, self.postcode.clone());
    }
}

fn street(draw: &mut Draw) -> String {
    format!("{} {}", draw.frequent(STREETS), draw.frequent(STREET_KINDS))
}

fn somewhere(draw: &mut Draw) -> (u16, &'static str, Text) {
    let towns: [u16; TOWNS.len()] = std::array::from_fn(|idx| u16::try_from(idx).unwrap_or(0));
    let town = draw.frequent(&towns);
    (town, draw.pick(QUARTERS), postcode(draw, &TOWNS[usize::from(town)]))
}

/// Eight or seven characters, for instance `LS63 4QT`.
fn postcode(draw: &mut Draw, town: &Town) -> Text {
    // G90 is in use, and so are BT80 to BT82: the upper half of the tens is free everywhere in the table.
    let district = 5 + draw.below(5);
    let sector = draw.below(10);
    let (one, two) = (char::from(draw.pick(INWARD)), char::from(draw.pick(INWARD)));
    Text::from(format!("{}{district} {sector}{one}{two}", town.postcode))
}

pub(crate) fn landline(draw: &mut Draw, town: u16) -> Text {
    let town = &TOWNS[usize::from(town) % TOWNS.len()];
    Text::from(format!("{}{:03}", town.phone, draw.below(1000)))
}

pub(crate) fn mobile(draw: &mut Draw) -> Text {
    Text::from(format!("{MOBILE}{:03}", draw.below(1000)))
}

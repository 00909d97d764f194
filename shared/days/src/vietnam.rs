//! Viet Nam's own days, by rule.
//!
//! Days off: Labour Code 2019, article 112; 24 November: Politburo resolution 80-NQ/TW of 2026. Of the five days of Tết
//! and the two of National Day, those are given that are off every year; the others are decided year by year. Great days:
//! Decree 145/2013/NĐ-CP, article 4. The day of the Vietnamese language: decision 930/QĐ-TTg of 2022.

use chrono::{Datelike, NaiveDate};

use crate::lunar::Year;
use crate::{Holiday, Kind, LunarDate, Name};

/// When a day falls.
#[derive(Clone, Copy)]
enum On {
    /// Month and day of the common calendar.
    Common(u32, u32),
    /// Month and day of the lunar calendar, never of a leap month.
    Lunar(u8, u8),
    /// The last day of the lunar year.
    LunarEve,
}

struct Rule(On, Kind, i32, &'static str, &'static str);

use Kind::{Commemoration, Diplomacy, Festival, Public};
use On::{Common, Lunar, LunarEve};

/// When, how, since which year, and the names. Days that are older than the lunar calendar here have its first year.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule(Common(1, 1),   Public,        1968, "Tết Dương lịch", "New Year’s Day"),
    Rule(LunarEve,       Public,        1968, "Giao thừa Tết Nguyên đán", "Lunar New Year’s Eve"),
    Rule(Lunar(1, 1),    Public,        1968, "Tết Nguyên đán", "Lunar New Year’s Day"),
    Rule(Lunar(1, 2),    Public,        1968, "Mùng 2 Tết Nguyên đán", "Second Day of the Lunar New Year"),
    Rule(Lunar(1, 3),    Public,        1968, "Mùng 3 Tết Nguyên đán", "Third Day of the Lunar New Year"),
    Rule(Lunar(1, 15),   Festival,      1968, "Tết Nguyên tiêu, Ngày thơ Việt Nam", "First Full Moon Festival, Viet Nam Poetry Day"),
    Rule(Common(2, 3),   Commemoration, 1968, "Ngày thành lập Đảng Cộng sản Việt Nam", "Founding Day of the Communist Party of Viet Nam"),
    Rule(Common(3, 8),   Commemoration, 1968, "Ngày Quốc tế Phụ nữ", "International Women’s Day"),
    Rule(Lunar(3, 10),   Public,        2007, "Giỗ Tổ Hùng Vương", "Hùng Kings Commemoration Day"),
    Rule(Common(4, 30),  Public,        1976, "Ngày Chiến thắng, thống nhất đất nước", "Liberation of the South and Reunification Day"),
    Rule(Common(5, 1),   Public,        1968, "Ngày Quốc tế Lao động", "International Labour Day"),
    Rule(Common(5, 7),   Commemoration, 1968, "Ngày Chiến thắng Điện Biên Phủ", "Điện Biên Phủ Victory Day"),
    Rule(Common(5, 19),  Commemoration, 1968, "Ngày sinh Chủ tịch Hồ Chí Minh", "President Hồ Chí Minh’s Birthday"),
    Rule(Lunar(4, 15),   Festival,      1968, "Lễ Phật đản", "Vesak"),
    Rule(Lunar(5, 5),    Festival,      1968, "Tết Đoan ngọ", "Midsummer Festival"),
    Rule(Common(6, 21),  Commemoration, 1985, "Ngày Báo chí Cách mạng Việt Nam", "Viet Nam Revolutionary Press Day"),
    Rule(Common(7, 27),  Commemoration, 1968, "Ngày Thương binh – Liệt sĩ", "War Invalids and Martyrs Day"),
    Rule(Common(7, 28),  Diplomacy,     1996, "Ngày Việt Nam gia nhập ASEAN", "Anniversary of Viet Nam’s Accession to ASEAN"),
    Rule(Common(8, 8),   Diplomacy,     1996, "Ngày ASEAN", "ASEAN Day"),
    Rule(Common(8, 19),  Commemoration, 1968, "Ngày Cách mạng Tháng Tám", "August Revolution Day"),
    Rule(Lunar(7, 15),   Festival,      1968, "Lễ Vu lan", "Vu Lan Festival"),
    Rule(Common(8, 28),  Diplomacy,     1968, "Ngày thành lập ngành Ngoại giao Việt Nam", "Founding Day of Viet Nam’s Diplomatic Service"),
    Rule(Common(9, 2),   Public,        1968, "Quốc khánh", "National Day"),
    Rule(Common(9, 8),   Diplomacy,     2023, "Ngày Tôn vinh tiếng Việt trong cộng đồng người Việt Nam ở nước ngoài", "Day of the Vietnamese Language among Vietnamese Abroad"),
    Rule(Common(9, 20),  Diplomacy,     1978, "Ngày Việt Nam gia nhập Liên hợp quốc", "Anniversary of Viet Nam’s Accession to the United Nations"),
    Rule(Lunar(8, 15),   Festival,      1968, "Tết Trung thu", "Mid-Autumn Festival"),
    Rule(Common(10, 10), Commemoration, 1968, "Ngày Giải phóng Thủ đô", "Liberation Day of the Capital"),
    Rule(Common(10, 20), Commemoration, 1968, "Ngày Phụ nữ Việt Nam", "Vietnamese Women’s Day"),
    Rule(Common(10, 24), Diplomacy,     1977, "Ngày Liên hợp quốc", "United Nations Day"),
    Rule(Common(11, 20), Commemoration, 1982, "Ngày Nhà giáo Việt Nam", "Vietnamese Teachers’ Day"),
    Rule(Common(11, 24), Public,        2026, "Ngày Văn hóa Việt Nam", "Viet Nam Culture Day"),
    Rule(Common(12, 22), Commemoration, 1968, "Ngày thành lập Quân đội nhân dân Việt Nam", "Founding Day of the Viet Nam People’s Army"),
    Rule(Lunar(12, 23),  Festival,      1968, "Lễ cúng ông Công, ông Táo", "Kitchen Gods’ Day"),
];

/// The days from `from` to `to`, both included, by date; none outside [`LunarDate::YEARS`].
pub fn between(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = Holiday> {
    let first = from.year().max(*LunarDate::YEARS.start());
    let last = to.year().min(*LunarDate::YEARS.end());
    (first..=last)
        .flat_map(in_year)
        .filter(move |day| (from..=to).contains(&day.date))
}

fn in_year(year: i32) -> Vec<Holiday> {
    // What the lunar year before still has to give, and this one.
    let lunar: Vec<Year> = [year - 1, year]
        .into_iter()
        .filter_map(|year| Year::new(year).ok())
        .collect();
    let mut days: Vec<Holiday> = RULES
        .iter()
        .filter(|rule| rule.2 <= year)
        .filter_map(|Rule(on, kind, _, vi, en)| {
            let date = match *on {
                Common(month, day) => NaiveDate::from_ymd_opt(year, month, day),
                Lunar(month, day) => falls(&lunar, year, |lunar| lunar.date(month, false, day)),
                LunarEve => falls(&lunar, year, Year::last_day),
            }?;
            Some(Holiday {
                date,
                name: Name {
                    en,
                    local: vi,
                    language: "vi",
                },
                kind: *kind,
                estimated: false,
            })
        })
        .collect();
    days.sort_by_key(|day| (day.date, day.kind));
    days
}

/// On which day of `year` something falls that happens once in each lunar year.
fn falls(lunar: &[Year], year: i32, date: impl Fn(&Year) -> Option<NaiveDate>) -> Option<NaiveDate> {
    lunar.iter().filter_map(date).find(|date| date.year() == year)
}

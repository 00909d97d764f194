//! People named in a remark: `@` and the name as it is in the list of people.

use chancery_contracts::ids::PersonId;
use unicode_normalization::UnicodeNormalization;

/// Somebody who may be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub person: PersonId,
    /// Their whole name.
    pub name: String,
    /// Whether they may see the item.
    pub may_see: bool,
}

/// Everybody whom `text` names, each once. Where one name begins with another, the longer one is meant.
#[must_use]
pub fn mentioned<'a>(text: &str, people: &'a [Known]) -> Vec<&'a Known> {
    let folded = |text: &str| text.nfc().collect::<String>().to_lowercase();
    let text = folded(text);
    let names: Vec<(String, &Known)> = people.iter().map(|known| (folded(&known.name), known)).collect();
    let mut found: Vec<&Known> = Vec::new();
    for after in text.split('@').skip(1) {
        let meant = names
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .filter(|(name, _)| {
                let rest = after.strip_prefix(name.as_str());
                rest.is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphanumeric))
            });
        // Two people of one name are both told: better one too many than the wrong one.
        let longest = meant.clone().map(|(name, _)| name.len()).max();
        for (name, known) in meant {
            if Some(name.len()) == longest && !found.iter().any(|other| other.person == known.person) {
                found.push(known);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_are_found_whole() {
        let known = |number, name: &str| Known {
            person: Uuid::from_u128(number).into(),
            name: name.into(),
            may_see: true,
        };
        let people = [
            known(1, "Lê Thảo"),
            known(2, "Lê Thảo Nguyên"),
            known(3, "Trần Hải Đăng"),
            known(4, "Trần Hải Đăng"),
        ];
        for (text, found) in [
            ("@Lê Thảo Nguyên xem giúp", vec![2]),
            ("@lê thảo, xem giúp", vec![1]),
            ("nhờ @Lê Thảo và @LÊ THẢO NGUYÊN.", vec![1, 2]),
            ("@Trần Hải Đăng", vec![3, 4]),
            ("@Lê Thảong", vec![]),
            ("Lê Thảo", vec![]),
            ("a@b.vn @ @@", vec![]),
        ] {
            let ids: Vec<_> = mentioned(text, &people)
                .iter()
                .map(|known| known.person.0.as_u128())
                .collect();
            assert_eq!(ids, found, "{text}");
        }
    }
}

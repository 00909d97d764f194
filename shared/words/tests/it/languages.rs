use crate::{database, finds};

#[tokio::test]
async fn every_language_is_found_by_its_words() {
    let database = database().await;
    for (text, typed) in [
        (
            "Đại sứ quán Việt Nam tại Lào tổ chức lễ kỷ niệm Quốc khánh",
            "quốc khánh",
        ),
        (
            "The Embassy celebrates National Day in Vientiane",
            "national day vient",
        ),
        ("ສະຖານທູດຫວຽດນາມປະຈຳລາວ ຈັດງານສະເຫຼີມສະຫຼອງວັນຊາດ", "ຫວຽດນາມ"),
        ("กระทรวงการต่างประเทศเวียดนามแถลงข่าว", "กระทรวงการต่างประเทศ"),
        ("ក្រសួងការបរទេសវៀតណាមបានធ្វើសន្និសីទសារព័ត៌មាន", "ក្រសួងការបរទេស"),
        ("越南外交部发言人举行例行记者会", "外交部"),
        ("ベトナム外務省の報道官が記者会見を行った", "外務省"),
        ("베트남 외교부는 정례 기자회견을 열었다", "기자회견"),
        ("베트남 외교부는 정례 기자회견을 열었다", "외교부"),
        ("Посольство Вьетнама отмечает День независимости", "вьетнама"),
        ("سفارة فيتنام تحتفل باليوم الوطني", "الوطنى"),
        ("سفارة فيتنام تُحْيِي اليومَ الوطنيَّ", "الوطني"),
    ] {
        assert!(finds(database.owner(), typed, text).await, "{typed} in {text}");
        assert!(!finds(database.owner(), typed, "Hà Nội mùa thu").await, "{typed}");
    }
}

#[tokio::test]
async fn vietnamese_is_found_with_and_without_diacritics() {
    let database = database().await;
    let text = "Thứ trưởng Nguyễn Thị Thuý dự lễ hội ở Đà Nẵng";
    for typed in [
        "thứ trưởng",
        "thu truong",
        "THU TRUONG",
        "nguyen thi thuy",
        "Thúy",
        "Thuý",
        "da nang",
        "đà nẵng",
        "Đà Nẵng",
        "Đa\u{300} Nẵng",
        "\"le hoi\"",
        "truong thu",
        "nguy",
    ] {
        assert!(finds(database.owner(), typed, text).await, "{typed}");
    }
    for typed in ["\"truong thu\"", "đa nang", "thứ trường", "nguyễn thi thùy"] {
        assert!(!finds(database.owner(), typed, text).await, "{typed}");
    }
    assert!(
        !finds(database.owner(), "việt nam", "Viet Nam").await,
        "marks that are typed are meant"
    );
}

#[tokio::test]
async fn words_go_on_until_a_space_ends_them() {
    let database = database().await;
    for (typed, text, found) in [
        ("nati", "National Day", true),
        ("nati ", "National Day", false),
        ("n", "National Day", false),
        ("toà", "toàn cảnh", true),
        ("toà", "toà nhà", true),
        ("toà", "tòa nhà", true),
        ("외", "외교부", true),
        ("부", "외교부", true),
        ("外", "外交部", true),
        ("", "National Day", false),
    ] {
        assert_eq!(
            finds(database.owner(), typed, text).await,
            found,
            "{typed} in {text}"
        );
    }
}

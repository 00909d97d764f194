# The public press room of each mission

press-room = Press room
press-rooms = Press rooms of the missions
press-rooms-description = Official information from embassies, consulates general and permanent missions.
press-room-description = Press releases and official information of the { $mission }.
press-ministry = Ministry of Foreign Affairs · Press room
press-no-rooms = There is no press room yet.
press-find = Mission or city
press-find-do = Find
press-find-none = No press room matches.
press-all-rooms = All press rooms
press-languages = Languages
press-skip = Skip to main content
press-latest = Latest information
press-older = Earlier information
press-to-latest = Back to the latest
press-to-older = Earlier information
press-pages = Pages
press-nothing-yet = Nothing has been published in this language yet.
press-feed = Atom feed
press-more = More information
press-official = What is published on this page is official information of the { $mission }.
press-official-all = What is published on these pages is official information of the missions.
press-revised = Updated
press-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
press-withdrawn = Withdrawn
press-withdrawn-on = This was withdrawn on
press-withdrawn-reason = Reason:
press-withdrawn-title = This release has been withdrawn
press-withdrawn-because-published_in_error = It was published in error.
press-withdrawn-because-superseded = A newer release has taken its place.
press-withdrawn-because-rights_ended = The rights to material in it have ended.
press-withdrawn-because-sensitive = It is no longer available to the public.
press-withdrawn-because-wrong_facts = It contained information that was not correct.
press-withdrawn-because-other = It has been taken down by the office that published it.
press-corrected-at = Corrected on
press-corrected-headquarters = { $time } on { $day }.{ $month } in the capital
press-demo = Demonstration.
press-demo-note = Every office, person and event on this page is fictional.

press-topic-general = Activities
press-topic-bilateral = Bilateral relations
press-topic-economy = Economy
press-topic-culture = Culture
press-topic-consular = Consular
press-topic-consular_emergency = Urgent consular notice
press-topic-high_level_visit = High-level visit
press-topic-sovereignty = Sovereignty
press-topic-human_rights = Human rights

press-region-southeast_asia = South-East Asia
press-region-northeast_asia = North-East Asia
press-region-south_asia = South and Central Asia
press-region-middle_east = Middle East
press-region-africa = Africa
press-region-europe = Europe
press-region-americas = Americas
press-region-oceania = Oceania
press-region-multilateral = International organisations
press-region-other = Elsewhere

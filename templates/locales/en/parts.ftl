# The files of an asset

parts-put-in = Add a file
parts-role = What it is
parts-role-hint = A better original takes the place of the present one; the earlier one is kept, and whoever uses it is told.
parts-role-original = A better original
parts-role-captions = Captions (SRT, VTT)
parts-role-subtitled = The film with subtitles in the picture
parts-role-source = Editable source (a project: as ZIP)
parts-role-consent = Consent or release (PDF or a photograph of it)
parts-language = Language
parts-language-choose = Choose a language
parts-language-hint = Needed for captions and for a film with subtitles.
parts-file = File
parts-version = version { $version }
parts-earlier =
    { $count ->
        [one] One earlier file
       *[other] { $count } earlier files
    }
parts-waiting = Being read
parts-received = The file has arrived. It takes its place when it has been read.
parts-put-back-do = Use this version again
parts-put-back-sure = Use version { $version } again? The present one is kept, and whoever uses it is told.
parts-put-back = The earlier version is being read again and then takes its place.
parts-remove = Remove
parts-remove-named = Remove { $name }
parts-remove-why = Why it is removed
parts-remove-do = Remove the file
parts-remove-only = This is the file of which the asset consists. Put in a better one, or withdraw the asset.
parts-removed = The file is removed. It stays under the earlier files, where it can be brought back.
parts-removed-by = Removed by { $person }, { $at }:
parts-bring-back-do = Bring it back
parts-bring-back-taken = Another file stands in its place now. Remove that one first.
parts-bring-back-gone = The content of this file is no longer kept. Put the file in again.
parts-brought-back = The file is back.
parts-consent-kept = Seen only by those who look after the asset.
parts-consent-offer = A consent is attached, but “Consent of those shown” does not say that it is given.
parts-consent-set = Say that it is given
parts-consent-given = The consent of those shown is noted as given.

# Why a file is not taken
parts-refused-role = This asset has no such files.
    .next = Choose what the file is.
parts-refused-language = Captions need a language.
    .next = Choose the language, then the file again.
parts-refused-not-yours = The file arrived when its sender no longer looked after this asset.
parts-refused-original = This file is of another kind than the asset, such as a film for a picture. Put it in as a new asset.
parts-refused-captions = These are no captions. Captions are SRT or VTT files.
parts-refused-subtitled = This is no film. A version with subtitles is a film.
parts-refused-consent = A consent is a PDF, a DOCX or a photograph of it.

# Notices
notice-asset-replaced = { $person } has replaced the { $role ->
    [captions] captions
    [subtitled] subtitled version
    [source] editable source
    [consent] consent
   *[other] original
} of “{ $name }” in the library.

notice-asset-part-removed = { $person } has removed a file of “{ $name }” in the library; the reason stands on its page.

# What is missing
assets-lacking = What is missing
assets-lacking-only = Something is missing
assets-facet-lack = Missing
assets-lack-caption = A caption in { $language }

# Countries, places
parts-country-none = Not said
parts-territory-add = Add a country
parts-keep-location-hint = The position and the name of the place that the original has inside stay in the copy that is given out. What is said of the camera is always taken out. Leave it off for places that are nobody’s business.

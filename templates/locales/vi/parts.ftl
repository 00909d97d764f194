# Các tệp của một tư liệu

parts-put-in = Bổ sung tệp
parts-role = Loại tệp
parts-role-hint = Bản gốc mới thay cho bản đang dùng; bản cũ vẫn được lưu và người sử dụng được thông báo.
parts-role-original = Bản gốc tốt hơn
parts-role-captions = Phụ đề (SRT, VTT)
parts-role-subtitled = Phim đã gắn phụ đề
parts-role-source = Tệp nguồn để biên tập (tệp dự án: nén ZIP)
parts-role-consent = Văn bản đồng ý (PDF hoặc ảnh chụp)
parts-language = Ngôn ngữ
parts-language-choose = Chọn ngôn ngữ
parts-language-hint = Cần chọn đối với phụ đề và phim đã gắn phụ đề.
parts-file = Tệp
parts-version = bản { $version }
parts-earlier = { $count } tệp trước đây
parts-waiting = Đang được đọc
parts-received = Đã nhận tệp. Tệp sẽ có hiệu lực sau khi được đọc xong.
parts-put-back-do = Dùng lại bản này
parts-put-back-sure = Dùng lại bản { $version }? Bản đang dùng vẫn được lưu, người sử dụng được thông báo.
parts-put-back = Bản cũ đang được đọc lại để đưa vào sử dụng.
parts-remove = Gỡ tệp
parts-remove-named = Gỡ tệp { $name }
parts-remove-why = Lý do gỡ
parts-remove-do = Xác nhận gỡ tệp
parts-remove-only = Đây là tệp chính của tư liệu. Hãy đưa bản tốt hơn vào, hoặc rút tư liệu.
parts-removed = Đã gỡ tệp. Tệp vẫn nằm trong mục tệp trước đây và có thể khôi phục.
parts-removed-by = { $person } đã gỡ, { $at }:
parts-bring-back-do = Khôi phục
parts-bring-back-taken = Hiện đã có tệp khác ở vị trí này. Xin gỡ tệp đó trước.
parts-bring-back-gone = Nội dung tệp không còn trong kho. Xin đưa tệp vào lại.
parts-brought-back = Đã khôi phục tệp.
parts-consent-kept = Chỉ người phụ trách tư liệu xem được.
parts-consent-offer = Văn bản đồng ý đã được đính kèm, nhưng mục “Sự đồng ý của người có mặt trong hình” chưa ghi là đã có.
parts-consent-set = Ghi là đã có
parts-consent-given = Đã ghi nhận sự đồng ý của người có mặt trong hình.

# Lý do không tiếp nhận
parts-refused-role = Tư liệu này không có loại tệp đã chọn.
    .next = Xin chọn lại loại tệp.
parts-refused-language = Cần chọn ngôn ngữ của phụ đề.
    .next = Xin chọn ngôn ngữ rồi chọn lại tệp.
parts-refused-not-yours = Tệp đến nơi khi người gửi không còn phụ trách tư liệu này.
parts-refused-original = Tệp này thuộc loại khác với tư liệu, ví dụ phim thay cho ảnh. Xin đưa vào kho như một tư liệu mới.
parts-refused-captions = Đây không phải tệp phụ đề. Phụ đề là tệp SRT hoặc VTT.
parts-refused-subtitled = Đây không phải tệp phim. Bản có phụ đề là một tệp phim.
parts-refused-consent = Văn bản đồng ý là tệp PDF, DOCX hoặc ảnh chụp.

# Thông báo
notice-asset-replaced = { $person } đã thay { $role ->
    [captions] phụ đề
    [subtitled] bản có phụ đề
    [source] tệp nguồn
    [consent] văn bản đồng ý
   *[other] bản gốc
} của “{ $name }” trong kho tư liệu.

notice-asset-part-removed = { $person } đã gỡ một tệp của “{ $name }” trong kho tư liệu; lý do được ghi tại trang tư liệu.

# Còn thiếu gì
assets-lacking = Còn thiếu thông tin
assets-lacking-only = Còn thiếu thông tin
assets-facet-lack = Còn thiếu
assets-lack-caption = Chú thích bằng { $language }

# Quốc gia, nơi chụp
parts-country-none = Chưa xác định
parts-territory-add = Thêm quốc gia
parts-keep-location-hint = Tọa độ và tên nơi chụp ghi trong tệp gốc được giữ lại trong bản giao ra. Thông tin về máy ảnh luôn bị xóa. Không bật đối với nơi cần giữ kín.

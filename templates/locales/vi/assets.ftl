# Kho tư liệu

# Vì sao không dùng được
assets-refusal-gone = Tư liệu này không còn trong kho.
assets-refusal-withdrawn = Tư liệu này đã được thu hồi.
assets-refusal-not_published = Tư liệu này chưa được quản lý kho duyệt đưa vào sử dụng.
assets-refusal-embargo = Tư liệu này chưa đến thời điểm được công bố.
assets-refusal-not_started = Quyền sử dụng tư liệu này chưa bắt đầu.
assets-refusal-ended = Quyền sử dụng tư liệu này đã hết hạn.
assets-refusal-territory = Tư liệu này không được sử dụng tại địa bàn của đơn vị.
assets-refusal-internal_only = Tư liệu này chỉ dùng trong nội bộ.
assets-refusal-licence = Chưa xác định quyền sử dụng của tư liệu này.
assets-refusal-consent = Chưa có văn bản đồng ý của người có mặt trong tư liệu này.
assets-refusal-channel = Tư liệu này không được sử dụng trên kênh đã chọn.

# Khi không lưu được
assets-stale = Có người khác vừa sửa tư liệu này.
    .kept = Phần vừa nhập vẫn còn trên trang.
    .next = Xem phiên bản mới, rồi lưu lại nếu vẫn cần.
assets-not-saved = Chưa lưu được: có chỗ cần sửa.
    .kept = Phần vừa nhập vẫn còn trên trang.
    .next = Sửa các mục được đánh dấu rồi lưu lại.
assets-storage-unavailable = Kho lưu trữ tệp hiện không phản hồi.
    .next = Xin thử lại sau ít phút.

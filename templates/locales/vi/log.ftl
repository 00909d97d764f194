# Hoạt động ngoài hệ thống, ghi nhận thủ công.

nav-log = Ghi nhận hoạt động
log-title = Ghi nhận hoạt động
log-eyebrow = Hoạt động trực tiếp hoặc thực hiện ở nơi khác
log-new = Ghi nhận
log-edit-title = Ghi nhận hoạt động
log-none = Chưa ghi nhận hoạt động nào.
log-none-found = Không có hoạt động nào phù hợp bộ lọc.
log-unit = Đơn vị thực hiện
log-kind = Loại hoạt động
log-kind-all = Tất cả
log-kind-interview = Trả lời phỏng vấn
log-kind-op_ed = Bài viết đăng báo
log-kind-event = Sự kiện
log-kind-exhibition = Triển lãm, trưng bày
log-kind-press_visit = Đoàn phóng viên
log-kind-co_production = Hợp tác sản xuất
log-kind-post = Bài đăng trực tiếp trên nền tảng
log-kind-other = Hoạt động khác
log-what = Tóm tắt trong một dòng
log-summary = Diễn biến
log-summary-hint = Có thể nêu tên cơ quan báo chí, đơn vị chủ nhà, đối tác. Không ghi tên cá nhân.
log-starts = Ngày
log-ends = Đến ngày, nếu nhiều ngày
log-from = Từ ngày
log-to = Đến ngày
log-partner = Cơ quan báo chí, đơn vị chủ nhà hoặc đối tác
log-link = Liên kết
log-results = Kết quả
log-reach = Tiếp cận
log-present = Tham dự
log-pieces = Tin, bài
log-reach-n = { $count ->
   *[other] { $shown } lượt tiếp cận
}
log-present-n = { $count ->
   *[other] { $shown } người dự
}
log-pieces-n = { $count ->
   *[other] { $count } tin, bài
}
log-evidence = Tư liệu minh chứng
log-evidence-open = Mở trong kho tư liệu
log-evidence-hint = Bản ghi, bản cắt báo, ảnh được lưu trong kho tư liệu và chọn từ đó.
log-saved = Đã lưu.
log-not-saved = Chưa lưu được.
    .kept = Nội dung vừa nhập vẫn còn trên trang này.
    .next = Xin sửa chỗ được đánh dấu rồi lưu lại.
log-stale = Có người khác đã sửa mục này trong lúc đang soạn.
    .kept = Nội dung vừa nhập vẫn còn trên trang này.
    .next = Xin đối chiếu trước khi lưu: lưu bây giờ sẽ thay thế bản kia.
log-title-missing = Xin tóm tắt hoạt động, tối đa 300 ký tự.
log-too-long = Phần diễn biến dài quá 10.000 ký tự, hoặc tên đối tác quá 300 ký tự.
log-link-refused = Liên kết bắt đầu bằng https:// hoặc http:// và không quá 2.000 ký tự.
log-figure-unlikely = Xin nhập số nguyên hoặc để trống.
log-csv-unit = Đơn vị
log-csv-kind = Loại
log-csv-title = Hoạt động
log-csv-starts = Từ ngày
log-csv-ends = Đến ngày
log-csv-programme = Chương trình
log-csv-campaign = Đợt truyền thông
log-csv-audience = Nhóm công chúng
log-csv-language = Ngôn ngữ
log-csv-partner = Cơ quan báo chí, đối tác
log-csv-link = Liên kết
log-csv-reach = Tiếp cận
log-csv-present = Tham dự
log-csv-pieces = Tin, bài
log-csv-summary = Diễn biến

audit-area-activity = Ghi nhận hoạt động
audit-activity-logged = Ghi nhận hoạt động
audit-activity-changed = Sửa hoạt động đã ghi nhận

# Đăng theo lệnh: nội dung đã duyệt, chờ lệnh của người có thẩm quyền.

item-state-ready = Sẵn sàng, chờ lệnh đăng
item-says-ready = Đã phê duyệt để đăng theo lệnh. Chưa có gì được đăng cho đến khi có lệnh; nếu hết khung giờ mà không có lệnh, nội dung được trả lại người soạn.
transition-release = Ra lệnh đăng
items-refused-release = { $state ->
    [submitted] Nội dung chưa được phê duyệt.
    [approved] Đã có lệnh đăng, hoặc nội dung tự đăng đúng giờ.
    [scheduled] Đã có lệnh đăng, hoặc nội dung tự đăng đúng giờ.
    [publishing] Nội dung đang được đăng.
    [published] Nội dung đã được đăng.
   *[other] Nội dung này không chờ lệnh đăng.
}

# Khi soạn
release-how = Cách đăng
release-hint = Đăng theo lệnh: duyệt trước, khi có lệnh mới đăng, từ giờ đã chọn đến hết khung giờ.
release-at-time = Tự động, đúng giờ đã chọn
release-within = { $minutes ->
    [30] Theo lệnh, trong vòng 30 phút
    [60] Theo lệnh, trong vòng 1 giờ
    [120] Theo lệnh, trong vòng 2 giờ
    [240] Theo lệnh, trong vòng 4 giờ
    [480] Theo lệnh, trong vòng 8 giờ
    [1440] Theo lệnh, trong vòng 1 ngày
    [2880] Theo lệnh, trong vòng 2 ngày
    [4320] Theo lệnh, trong vòng 3 ngày
   *[other] Theo lệnh, trong vòng { $minutes } phút
}
release-window-out-of-range = Khi đăng theo lệnh, xin chọn khung giờ từ 30 phút đến 3 ngày.
release-from = Sớm nhất
release-until = Muộn nhất
release-meaning = Nội dung chỉ được đăng khi có lệnh trong khung giờ này, không tự đăng.

# Khi duyệt
release-badge = Theo lệnh
release-how-on-command = Đăng theo lệnh
release-you-approve = Ông/bà phê duyệt để đăng theo lệnh, vào bất cứ lúc nào trong khung giờ này.
release-who = Người trình, Trưởng CQĐD, lãnh đạo Vụ hoặc người được ủy quyền ra lệnh đăng. Không có lệnh thì không có gì được đăng.
release-approve-confirm = Phê duyệt “{ $title }” để đăng theo lệnh vào bất cứ lúc nào trong khung giờ đang hiển thị, với đúng nội dung và kênh này?
release-approved = Đã phê duyệt để đăng theo lệnh. Nội dung đang chờ lệnh.

# Ra lệnh
release-title = Ra lệnh đăng
release-on-command-until = Theo lệnh, muộn nhất
release-open = Ra lệnh đăng…
release-question = Ra lệnh đăng ngay?
release-where = Các kênh sẽ đăng
release-read = Đọc văn bản
release-means = Lệnh được chuyển ngay và bài lên trong vòng một phút. Không thể rút lại lệnh.
release-now = Đăng ngay
release-behalf = Ông/bà ra lệnh thay { $person } theo ủy quyền. Hồ sơ ghi tên cả hai người.
release-paused = Việc đăng đang tạm dừng. Nếu ra lệnh, bài được giữ lại cho đến khi có người quyết định sau khi nối lại.
release-hindered = Còn { $count } điều cản trở nên chưa có gì được đăng.
    .tone = warning
release-done = Đã ra lệnh. Bài lên trong vòng một phút.
release-done-paused = Đã ra lệnh, nhưng việc đăng đang tạm dừng: bài được giữ lại chờ quyết định.
    .tone = warning
release-not-waiting = Nội dung này không chờ lệnh đăng.
    .tone = warning
release-refused-not-yours = Người trình, Trưởng CQĐD, lãnh đạo Vụ hoặc người được ủy quyền mới được ra lệnh đăng.
release-refused-changed = Nội dung đã thay đổi sau khi ông/bà mở trang nên lệnh không được thực hiện.
    .next = Xin mở lại trang và đọc bản hiện tại.
release-refused-early = Chưa đến khung giờ nên chưa thể ra lệnh đăng.
release-refused-over = Đã hết khung giờ nên không thể ra lệnh đăng nữa.
    .next = Mở lại để sửa, chọn khung giờ mới và trình duyệt lại.
timeline-released = đã ra lệnh đăng
timeline-release_lapsed = trả lại người soạn: hết khung giờ mà không có lệnh đăng
notice-item-ready = “{ $title }” đã được duyệt để đăng theo lệnh và đang chờ lệnh.
notice-item-released = { $person } đã ra lệnh đăng “{ $title }”; bài lên ngay.
notice-item-release-lapsed = Hết khung giờ của “{ $title }” mà không có lệnh nên chưa đăng. Xin chọn khung giờ mới và trình duyệt lại.
audit-item-released = Ra lệnh đăng nội dung
audit-item-release-lapsed = Nội dung bị trả lại: hết khung giờ mà không có lệnh đăng

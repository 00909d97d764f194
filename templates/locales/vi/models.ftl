# Mẫu gửi tới các cơ quan đại diện.

nav-models = Mẫu nội dung
models-title = Mẫu gửi tới CQĐD
models-eyebrow = Bộ soạn một lần, mỗi cơ quan đại diện sử dụng nhân danh cơ quan mình
models-page-title = Mẫu nội dung
models-new = Soạn mẫu
models-none = Chưa có mẫu nào.
models-untitled = Chưa có tên
models-state-draft = Bản thảo
models-state-sent = Đã gửi
models-state-withdrawn = Đã thu hồi
models-waits-for-release = Chờ gửi
models-answered = { $answered }/{ $total } cơ quan đại diện đã phản hồi
models-made-by = người soạn: { $person }
models-sent-by = phiên bản { $version } do { $person } gửi lúc { $time }
models-offered-by = { $person } đã trình gửi mẫu này lúc { $time }.
models-offer = Trình lãnh đạo gửi
models-offered = Đã trình lãnh đạo Vụ cho gửi mẫu.

# Soạn
models-edit-title = Soạn mẫu
models-edit-sent = Các cơ quan đại diện vẫn giữ phiên bản đã nhận. Thay đổi ở đây chỉ tới nơi khi mẫu được gửi lại; khi đó từng cơ quan xem phần thay đổi và quyết định.
models-name = Tên mẫu
models-name-hint = Tên hiển thị trong danh sách của các cơ quan đại diện, ví dụ “Quốc khánh 2/9”.
models-guidance = Định hướng cho các cơ quan đại diện
models-guidance-hint = Nội dung định hướng, thông tin nền, chỉ lưu hành nội bộ. Không ghi nội dung thuộc danh mục bí mật nhà nước.
models-texts = Nội dung
models-variation = Phương án { $number }
models-variation-short = một phương án
models-variation-add = Thêm phương án
models-variation-remove = Bỏ phương án này
models-short = Bản ngắn cho kênh giới hạn độ dài
models-short-hint = Dùng khi nội dung dài quá giới hạn của kênh. Nếu để trống, những kênh đó được bỏ qua.
models-language-add = Thêm ngôn ngữ
models-language-remove = Bỏ ngôn ngữ này
models-add = Thêm
models-same-text-title = Cùng một nội dung trên nhiều tài khoản
models-same-text = Các nền tảng coi việc nhiều tài khoản đăng cùng một nội dung là thư rác và có thể hạn chế tài khoản. Đề nghị soạn vài phương án: hệ thống phân bổ lần lượt cho các cơ quan đại diện, và mỗi cơ quan vẫn có thể diễn đạt lại.
models-passages = Đoạn giữ nguyên văn
models-passages-hint = Tên gọi, chức danh, lập trường chính thức mà mọi cơ quan đại diện phải giữ nguyên văn. Mỗi đoạn phải có trong nội dung cùng ngôn ngữ.
models-passage = Câu chữ giữ nguyên
models-passage-source = Nguồn của câu chữ
models-pictures-hint = Kho tư liệu được hỏi riêng cho từng cơ quan đại diện xem có được dùng ảnh hay không; nơi không được dùng thì ảnh được bỏ ra và có thông báo.
models-answer-by = Hạn phản hồi
models-answer-by-hint = Theo giờ Hà Nội.
models-clock-host = Giờ của từng cơ quan đại diện
models-clock-headquarters = Cùng một thời điểm: giờ Hà Nội
models-save-and-look = Lưu và xem lại
models-ready = Đã đầy đủ, có thể gửi.
models-not-ready-yet = Trước khi gửi cần hoàn thiện:
models-not-ready = Mẫu chưa hoàn thiện, còn thiếu { $count } mục.
models-missing-title = Đặt tên cho mẫu.
models-missing-texts = Thêm ít nhất một ngôn ngữ cùng nội dung.
models-missing-text = Nội dung { $language } còn thiếu tiêu đề hoặc phần chính{ $variation ->
    [1] .
   *[other] {" "}(phương án { $variation }).
}
models-missing-language = Phương án { $variation } chưa có nội dung { $language }.
models-missing-passage = Đoạn giữ nguyên văn “{ $passage }” chưa có trong nội dung{ $variation ->
    [1] .
   *[other] {" "}(phương án { $variation }).
}
models-saved = Đã lưu.
models-not-saved = Chưa lưu được mẫu.
    .kept = Nội dung vừa nhập vẫn còn trên trang này.
    .next = Xin sửa chỗ được đánh dấu rồi lưu lại.
models-stale = Có người khác đã lưu mẫu này trong lúc đang soạn.
    .kept = Nội dung vừa nhập vẫn còn trên trang này.
    .next = Xin đối chiếu với bản kia trước khi lưu: lưu bây giờ sẽ thay thế bản đó.
models-changed-meanwhile = Người khác vừa thay đổi.
models-guidance-too-long = Phần định hướng dài quá 20.000 ký tự.
models-passage-too-long = Có đoạn giữ nguyên văn dài quá 5.000 ký tự, hoặc nguồn dài quá 300 ký tự.
models-too-many = Tối đa 30 phương án, ngôn ngữ, đoạn giữ nguyên văn và ảnh.
models-language-twice = Một ngôn ngữ xuất hiện hai lần.

# Gửi
models-send = Gửi tới CQĐD
models-send-more = Gửi thêm
models-send-change = Gửi thay đổi
models-send-title = Gửi mẫu tới CQĐD
models-send-now = Gửi
models-send-change-note = { $count ->
   *[other] { $count } cơ quan đại diện đang giữ phiên bản trước cũng sẽ nhận thay đổi này.
}
models-to = Nơi nhận
models-to-all = Tất cả cơ quan đại diện ({ $count })
models-to-some = Các cơ quan được chọn dưới đây
models-to-kinds = Theo loại hình
models-to-region = Toàn bộ khu vực này
models-no-region = Khu vực khác
models-has-it = (đã nhận)
models-unit-missing = Xin chọn ít nhất một cơ quan đại diện.
models-unit-no-mission = Có đơn vị không phải là cơ quan đại diện.
models-sent = { $count ->
   *[other] Đang gửi tới { $count } cơ quan đại diện.
}
models-changed-unsent = Mẫu đã thay đổi sau lần gửi gần nhất. Các cơ quan đại diện chưa nhận được thay đổi này.
models-withdraw = Thu hồi mẫu
models-withdraw-reason = Lý do thu hồi
models-withdraw-now = Thu hồi
models-withdrawn = Đã thu hồi mẫu. Nội dung mà các cơ quan đại diện đã lập từ mẫu vẫn thuộc về cơ quan đó.
models-reason-missing = Xin nêu lý do.
models-refused-withdrawn = Bộ đã thu hồi mẫu này.
models-refused-withdraw = Mẫu này chưa được gửi hoặc đã được thu hồi.

# Bảng theo dõi
models-grid = Các cơ quan đại diện
models-filter = Lọc theo phản hồi
models-filter-all = Tất cả
models-filter-open = Chưa phản hồi
models-filter-behind = Chưa xem thay đổi
models-arriving = { $arrived }/{ $total } cơ quan đại diện đã nhận
models-none-here = Không có cơ quan đại diện nào phù hợp bộ lọc.
models-remind = Nhắc các cơ quan chưa phản hồi
models-reminded = { $count ->
    [0] Không nhắc cơ quan nào: tất cả đã phản hồi hoặc đã được nhắc trong vòng 12 giờ.
   *[other] Đã nhắc { $count } cơ quan đại diện.
}
models-reminded-at = đã nhắc lúc { $time }
models-behind = chưa xem thay đổi
models-open-item = Mở nội dung
models-csv = Tải bảng về máy
models-campaign-grid = Mọi mẫu của đợt truyền thông
models-campaign-title = Các mẫu của đợt truyền thông theo từng CQĐD
models-campaign-none = Chưa gửi mẫu nào của đợt truyền thông này.
models-progress-on_its_way = Đang gửi
models-progress-unseen = Chưa mở
models-progress-seen = Đã mở
models-progress-adopted = Đã sử dụng
models-progress-adapted = Đã điều chỉnh
models-progress-declined = Không sử dụng
models-progress-submitted = Chờ duyệt
models-progress-approved = Đã duyệt
models-progress-out = Đã đăng
models-progress-failed = Cần xử lý
models-progress-cancelled = Đã hủy tại CQĐD
models-csv-mission = Cơ quan đại diện
models-csv-region = Khu vực
models-csv-progress = Tiến độ
models-csv-reason = Lý do
models-csv-answered-by = Người phản hồi
models-csv-answered-at = Thời điểm phản hồi
models-csv-goes-out = Thời điểm đăng
models-csv-link = Liên kết

# Tại cơ quan đại diện
models-received-title = Mẫu từ Bộ
models-received-eyebrow = Sử dụng, điều chỉnh hoặc không sử dụng kèm lý do
models-received-none = Bộ chưa gửi mẫu nào tới cơ quan của ông/bà.
models-waiting = Mẫu cần phản hồi
models-to-answer = Chưa phản hồi
models-behind-here = Bộ đã thay đổi
models-answer-until = Hạn phản hồi { $time } (giờ Hà Nội)
models-at-title = Mẫu từ Bộ
models-is-withdrawn = Bộ đã thu hồi mẫu này nên không thể sử dụng nữa; nội dung mà cơ quan đã lập từ mẫu vẫn thuộc về cơ quan.
models-no-time = Bộ không ấn định giờ đăng: xin chọn giờ khi sử dụng.
models-have-item = Cơ quan đã sử dụng mẫu này.
models-you-declined = Cơ quan đã phản hồi không sử dụng. Vẫn có thể sử dụng mẫu sau này.
models-your-texts = Nội dung theo ngôn ngữ của cơ quan
models-locked = Phải giữ nguyên văn
models-locked-legend-sample = Đoạn được đánh dấu
models-locked-legend = phải giữ nguyên văn.
models-channels = Khi sử dụng, nội dung được chuẩn bị cho
models-picture = Ảnh kèm theo mẫu
models-picture-refused = { $why ->
    [territory] Bỏ ra: quyền sử dụng không bao gồm nước sở tại
    [withdrawn] Bỏ ra: ảnh đã được rút khỏi kho tư liệu
    [ended] Bỏ ra: quyền sử dụng đã hết hạn
   *[other] Bỏ ra: kho tư liệu không cho phép cơ quan dùng ảnh này trên mọi kênh
}
models-adopt = Lập bản thảo từ mẫu
models-adapt = Sử dụng và chỉnh sửa
models-adopt-submit = Sử dụng và trình duyệt
models-adopt-approve = Sử dụng và phê duyệt
models-approve-as-is = Phê duyệt nguyên văn của Bộ
models-approve-confirm = Phê duyệt “{ $title }” nhân danh ông/bà, nguyên văn như Bộ đã soạn? Nội dung sẽ đăng đúng giờ hẹn.
models-decline = Không sử dụng
models-decline-reason = Lý do mẫu chưa phù hợp với cơ quan
models-decline-now = Gửi phản hồi
models-declined = Đã phản hồi không sử dụng. Bộ sẽ thấy lý do.
models-adopted = Đã sử dụng mẫu: nội dung đã có trong lịch của cơ quan.
models-adopted-without = Đã sử dụng mẫu. { $count ->
   *[other] { $count } ảnh không được phép dùng tại cơ quan nên đã bỏ ra.
}
    .tone = warning
models-adopted-submitted = Đã sử dụng mẫu và trình duyệt.
models-adopted-not-ready = Đã sử dụng mẫu nhưng chưa trình duyệt được: danh sách nêu những mục còn thiếu.
    .tone = warning
models-approved = Đã sử dụng mẫu và phê duyệt nhân danh ông/bà. Nội dung sẽ đăng đúng giờ hẹn.
models-refused-decline = Cơ quan đã sử dụng mẫu này: nếu không đăng, xin hủy nội dung đã lập.
models-refused-take = Nội dung không còn mở để sửa: xin mở lại trước.
models-not-for-headquarters = Việc sử dụng mẫu do cơ quan đại diện quyết định.
models-tap-not-head = Nội dung do Thủ trưởng cơ quan đại diện phê duyệt.
models-tap-wrote = Ông/bà đã soạn hoặc sửa nội dung này nên cần người khác phê duyệt.
models-tap-edited = Nội dung đã được điều chỉnh tại cơ quan nên phê duyệt như mọi nội dung khác.

# Thay đổi về sau
models-change = Bộ đã thay đổi mẫu
models-change-out = Bộ đã thay đổi mẫu sau khi nội dung của cơ quan được đăng
models-change-by = { $person } gửi lúc { $time }.
models-change-time = Giờ đăng cũng thay đổi.
models-change-pictures = Ảnh cũng thay đổi.
models-change-theirs = Phần Bộ thay đổi
models-change-own = Nội dung của cơ quan
models-change-take = Cập nhật theo Bộ
models-change-take-confirm = Thay nội dung của cơ quan bằng nội dung của Bộ? Nội dung của cơ quan được giữ lại thành một bản sao.
models-change-keep = Giữ nội dung của cơ quan
models-change-noted = Đã biết
models-change-reopen = Muốn cập nhật, xin mở lại nội dung trước; khi đó cần phê duyệt mới.
models-change-out-hint = Xin xem nội dung đã đăng có cần đính chính hay không.
models-change-taken = Đã cập nhật theo nội dung mới của Bộ.
models-change-kept = Đã ghi nhận. Nội dung của cơ quan giữ nguyên.

timeline-adopted = sử dụng mẫu của Bộ
timeline-put_forward = đưa nguyên văn của Bộ ra phê duyệt
timeline-model_taken = cập nhật theo thay đổi của Bộ

notice-model-received = Bộ gửi mẫu “{ $title }”.
notice-model-changed = Bộ đã thay đổi mẫu “{ $title }” mà cơ quan đang sử dụng.
notice-model-changed-out = Bộ đã thay đổi “{ $title }” sau khi nội dung của cơ quan được đăng. Xin xem có cần đính chính hay không.
notice-model-offered = { $person } trình gửi mẫu “{ $title }”.
notice-model-reminder = { $person } nhắc phản hồi mẫu “{ $title }”.
notice-model-withdrawn = { $person } đã thu hồi mẫu “{ $title }”.

audit-area-model = Mẫu nội dung
audit-model-created = Lập mẫu
audit-model-edited = Soạn mẫu
audit-model-offered = Trình gửi mẫu
audit-model-sent = Gửi mẫu tới CQĐD
audit-model-withdrawn = Thu hồi mẫu
audit-model-reminded = Nhắc phản hồi mẫu
audit-model-declined = Không sử dụng mẫu
audit-model-kept-own = Giữ nội dung của cơ quan
audit-item-adopted = Sử dụng mẫu
audit-item-put-forward = Đưa nguyên văn của Bộ ra phê duyệt
audit-item-model-taken = Cập nhật theo thay đổi của Bộ

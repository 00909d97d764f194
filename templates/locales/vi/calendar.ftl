# Lịch: nội dung, phê duyệt, đợt truyền thông.

# Danh mục
item-kind-statement = Tuyên bố
item-kind-press_release = Thông cáo báo chí
item-kind-news = Tin hoạt động
item-kind-greeting = Thư, điện chúc mừng
item-kind-notice = Thông báo công dân
item-kind-hint-statement = Phát biểu chính thức nhân danh cơ quan
item-kind-hint-press_release = Văn bản gửi báo chí
item-kind-hint-news = Đưa tin một hoạt động, sự kiện
item-kind-hint-greeting = Quốc khánh, Tết, chúc mừng hoặc chia buồn
item-kind-hint-notice = Hướng dẫn, khuyến cáo cho công dân
topic-general = Chủ đề chung
topic-bilateral = Quan hệ song phương
topic-economy = Kinh tế, thương mại, du lịch
topic-culture = Văn hóa, di sản
topic-consular = Lãnh sự
topic-consular_emergency = Lãnh sự khẩn cấp
topic-high_level_visit = Chuyến thăm cấp cao
topic-sovereignty = Chủ quyền, lãnh thổ
topic-human_rights = Quyền con người
item-scope-internal = Nội bộ
item-scope-public = Công khai
item-clock-host = Giờ nước sở tại
item-clock-headquarters = Giờ Hà Nội

# Trạng thái
item-state-draft = Bản thảo
item-state-changes_requested = Cần chỉnh sửa
item-state-submitted = Chờ phê duyệt
item-state-approved = Đã phê duyệt
item-state-scheduled = Đã hẹn giờ
item-state-publishing = Đang đăng
item-state-published = Đã đăng
item-state-partly = Đăng một phần
item-state-failed = Không đăng được
item-state-needs_person = Cần người xử lý
item-state-stopping = Đang dừng…
item-state-cancelled = Đã hủy
item-says-draft = Đang soạn. Khi đã đủ nội dung, hãy trình duyệt.
item-says-changes_requested = Cần chỉnh sửa theo nội dung nêu trong phần diễn biến, sau đó trình duyệt lại.
item-says-submitted = Đã trình, đang chờ phê duyệt. Chưa có gì được đăng.
item-says-approved = Đã phê duyệt. Lệnh đăng đang được chuyển đi.
item-says-scheduled = Sẽ tự động đăng đúng giờ hẹn. Không cần làm gì thêm.
item-says-held = Đang bị giữ lại và không tự đăng. Khi việc đăng được nối lại, người có thẩm quyền xem từng bài rồi cho đăng, chọn giờ mới hoặc hủy.
item-says-publishing = Đang đăng lên các kênh.
item-says-published = Đã đăng trên tất cả các kênh.
item-says-partly = Một số kênh đã đăng, một số kênh không đăng được. Xem từng kênh bên dưới.
item-says-failed = Không kênh nào đăng được. Có thể mở lại, chọn giờ mới và trình duyệt lại.
item-says-needs_person = Chưa rõ bài đã lên hay chưa. Cần người kiểm tra trên kênh và xác nhận; phần mềm không tự đăng lại.
item-says-stopping = Đang dừng. Chỉ báo “Đã hủy” khi bộ phận đăng bài xác nhận chưa có gì được đăng.
item-says-cancelled = Đã hủy. Nội dung này sẽ không được đăng.
item-station-draft = Soạn
item-station-submitted = Trình duyệt
item-station-approved = Phê duyệt
item-station-scheduled = Hẹn giờ
item-station-published = Đăng
item-delivery-waiting = chờ đến giờ
item-delivery-held = đang tạm dừng
item-delivery-publishing = đang đăng
item-delivery-published = đã đăng
item-delivery-unknown = chưa rõ kết quả, đang tra cứu
item-delivery-needs_person = cần người kiểm tra
item-delivery-failed = bị kênh từ chối
item-delivery-missed = đã lỡ giờ đăng
item-delivery-cancelled = đã hủy

# Danh sách
items-title = Nội dung
items-page-title = Nội dung
items-eyebrow = Tất cả những gì cơ quan chuẩn bị, đang chờ và đã đăng
items-new = Soạn nội dung
items-new-title = Soạn nội dung mới
items-new-unit = Nhân danh đơn vị
items-new-kind = Chọn thể loại để bắt đầu
items-new-nowhere = Vai trò hiện tại của ông/bà chưa được soạn nội dung cho đơn vị nào.
items-unit-missing = Xin chọn đơn vị.
items-untitled = Chưa có tiêu đề
items-mine = Việc của tôi
items-mine-none = Chưa có bản thảo nào.
items-all = Xem tất cả
items-filter-state = Lọc theo trạng thái
items-group-all = Tất cả
items-group-open = Đang soạn
items-group-waiting = Chờ duyệt
items-group-planned = Sắp đăng
items-group-out = Đã đăng
items-group-trouble = Cần chú ý
items-group-stopped = Đã dừng
items-search = Tìm trong tiêu đề
items-unit = Đơn vị
items-unit-all = Mọi đơn vị
items-filter = Lọc
items-none = Chưa có nội dung nào.
items-none-found = Không có nội dung nào khớp với bộ lọc.
items-show-all = Bỏ bộ lọc

# Soạn
items-compose = Soạn nội dung
items-headline = Tiêu đề
items-headline-hint = Một câu ngắn, nói điều quan trọng nhất
items-body = Nội dung
items-body-hint = Để một dòng trống giữa các đoạn. Mọi kênh dùng văn bản này, trừ kênh có văn bản riêng.
items-language = Ngôn ngữ
items-when = Giờ đăng
items-time = Ngày và giờ
time-clock = Theo giờ
time-agree = Giờ nước sở tại và giờ Hà Nội đang trùng nhau.
time-none = Chưa chọn giờ đăng.
time-passed = Giờ này đã qua. Xin chọn giờ khác.
time-too-soon = Giờ này quá gần: cần ít nhất một phút để chuẩn bị.
time-gap = Ngày này đồng hồ tại đó được vặn nhanh nên không có giờ đã chọn. Bài sẽ đăng vào phút đầu tiên sau khi vặn giờ, như ghi ở trên.
time-overlap = Ngày này đồng hồ tại đó được vặn chậm nên giờ đã chọn đến hai lần. Bài sẽ đăng vào lần thứ nhất.
items-channels = Kênh đăng
channels-none = Chưa chọn kênh nào.
channels-add = Thêm kênh
channels-gone = Kênh không còn nữa
channels-own = Viết riêng cho kênh này
channels-translate = Kênh này dùng ngôn ngữ khác: xin nhập bản dịch.
channels-images = Kèm ảnh
channels-remove = Bỏ kênh
channels-meter = { $count } / { $max } ký tự
items-images = Ảnh
items-asset-refused = Kho tư liệu không có ảnh này để cơ quan đại diện sử dụng lúc này.
images-library = Chọn từ kho tư liệu
images-library-title = Ảnh trong kho tư liệu
images-from-library = Lấy từ kho tư liệu
images-add = Thêm ảnh
images-hint = JPEG, PNG hoặc WebP, không quá { $megabytes } MB. Thông tin vị trí trong ảnh được xóa.
images-alt = Mô tả ảnh { $number }
images-unused = Chưa có kênh nào kèm ảnh.
images-remove = Bỏ ảnh
images-remove-confirm = Bỏ ảnh này khỏi nội dung?
items-about = Phân loại
items-needs-translation = Cần dịch
items-from-model = Tiếp nhận từ mẫu
items-scope = Phạm vi phổ biến
items-scope-hint = Mặc định là Nội bộ. Chỉ nội dung Công khai mới được trình để đăng.
items-topic = Chủ đề
items-topic-hint = Một số chủ đề cần thêm bước duyệt của Bộ.
items-kind = Thể loại
items-audience = Nhóm công chúng
items-campaign = Đợt truyền thông
items-campaign-none = Không thuộc đợt nào
items-programme = Đề án, chương trình
items-programme-none = Không thuộc chương trình nào
items-window = Được đăng muộn tối đa (phút)
items-window-hint = Quá thời gian này, bài không tự đăng nữa mà chờ chọn giờ mới.
items-message = Lời nhắn cho người duyệt (không bắt buộc)
items-submit = Trình duyệt
items-save = Lưu
items-autosave-on = Tự động lưu
items-preview = Xem trước
preview-none = Chưa có kênh nào để xem trước.
preview-empty = (chưa có văn bản)
preview-alt = Mô tả: { $text }
preview-alt-missing = Chưa có mô tả ảnh
items-approver-writes = Lưu ý: nếu ông/bà sửa nội dung này, người khác sẽ phải phê duyệt. Không ai tự duyệt bài mình viết.

# Những việc còn thiếu
checklist-ready = Đã đủ để trình duyệt
checklist-missing = { $count ->
   *[other] Còn { $count } việc trước khi trình duyệt
}
checklist-make-public = Chuyển sang Công khai
checklist-chain = Người phê duyệt:
check-title-missing = Chưa có tiêu đề.
check-channel-missing = Chưa chọn kênh đăng.
check-channel-gone = Một kênh không còn tồn tại: bỏ kênh đó hoặc chọn kênh khác.
check-channel-disabled = Kênh { $channel } đang bị tắt.
check-channel-needs-reauth = Kênh { $channel } cần được kết nối lại trước khi đăng.
check-text-missing = Kênh { $channel } chưa có văn bản.
check-headline-missing = Kênh { $channel } chưa có tiêu đề.
check-headline-untranslated = Kênh { $channel } chưa có tiêu đề bằng { $language }.
check-translation-missing = Kênh { $channel } chưa có bản dịch { $language }.
check-asset-refused = Ảnh { $number } lấy từ kho tư liệu không được dùng { $platform ->
    [press_room] trên trang báo chí
    [bluesky] trên Bluesky
   *[other] ở đó
}: { $why ->
    [withdrawn] ảnh đã bị thu hồi
    [gone] ảnh không còn trong kho
    [not_published] ảnh chưa được phát hành trong kho
    [embargo] vào lúc đó ảnh chưa được công bố
    [not_started] quyền sử dụng bắt đầu muộn hơn
    [ended] đến lúc đó quyền sử dụng đã hết
    [territory] quyền sử dụng không bao gồm nước này
    [internal_only] ảnh chỉ dùng nội bộ
    [licence] chưa rõ giấy phép
    [consent] chưa có sự đồng ý của người trong ảnh
    [channel] quyền sử dụng không bao gồm kênh này
   *[other] kho tư liệu không cho phép
}. Đề nghị chọn ảnh khác.
check-text-too-long = Văn bản cho { $channel } dài hơn { $over } ký tự (tối đa { $limit }): viết riêng một bản ngắn cho kênh này.
check-text-too-heavy = Văn bản cho { $channel } nặng { $bytes } byte (tối đa { $limit }): viết riêng một bản ngắn hơn.
check-images-too-many = Kênh { $channel } nhận tối đa { $limit } ảnh, đang có { $count }.
check-alt-missing = Ảnh { $number } chưa có mô tả bằng { $language }.
check-item-too-large = Tổng độ dài các văn bản vượt mức một lệnh đăng có thể chuyển: tách thành nhiều nội dung.
check-scope-internal = Phạm vi phổ biến đang là Nội bộ.
check-time-missing = Chưa chọn giờ đăng.
check-time-passed = Giờ đăng đã qua: chọn giờ khác.
check-time-too-soon = Giờ đăng quá gần: cần ít nhất một phút.
check-time-gap = Giờ đã chọn không có trên đồng hồ ngày hôm đó (đổi giờ mùa hè); bài sẽ đăng ngay sau khi vặn giờ.
check-time-overlap = Giờ đã chọn đến hai lần trong ngày hôm đó (đổi giờ mùa hè); bài sẽ đăng lần thứ nhất.
check-approver-missing = { $role ->
    [native_reviewer] Chưa có ai có thể hiệu đính văn bản: chưa có người hiệu đính ngôn ngữ này, hoặc người đó đã tham gia viết.
    [desk_officer] Chưa có chuyên viên Vụ nào có thể thẩm định: người giữ vai trò đã tham gia viết hoặc chưa được bổ nhiệm.
    [headquarters_approver] Chưa có ai ở Bộ có thể duyệt: người giữ quyền duyệt đã tham gia viết hoặc chưa được bổ nhiệm.
   *[other] Chưa có ai có thể duyệt: Trưởng CQĐD đã tham gia viết hoặc chưa được bổ nhiệm.
}

# Kết quả thao tác
items-saved = Đã lưu.
items-submitted = Đã trình duyệt. Người duyệt đã được báo.
items-not-submitted = { $count ->
   *[other] Đã lưu, chưa trình được: còn { $count } việc cần làm.
}
    .tone = warning
items-reopened = Đã mở lại để sửa. Phê duyệt trước đó (nếu có) không còn hiệu lực.
    .tone = warning
items-stopping = Đang dừng. Xin chờ bộ phận đăng bài xác nhận.
    .tone = warning
items-cancelled = Đã hủy.
items-commented = Đã gửi ý kiến.
items-frozen = Nội dung này đã được trình nên không sửa trực tiếp được. Bấm “Mở lại để sửa” nếu cần.
    .tone = warning
items-kept = Có người đã lưu trước. Văn bản của ông/bà được giữ thành một bản riêng.
    .tone = warning
    .kept = Không mất gì: bản của ông/bà nằm trong trang soạn, có thể dùng hoặc bỏ.
    .next = Tải lại nội dung mới nhất rồi lưu lại.
items-kept-changed = { $person } đã lưu nội dung này sau khi ông/bà mở. Bản của ông/bà đã được giữ riêng; tải lại trang để so sánh.
items-kept-frozen = Nội dung này không còn là bản thảo (do { $person } thao tác). Văn bản của ông/bà đã được giữ thành bản riêng.
items-copy-taken = Đã dùng bản của ông/bà. Bản vừa được thay thế được giữ lại cho người đã viết.
items-copy-discarded = Đã bỏ bản riêng.
items-blocked = { $count ->
   *[other] Chưa trình duyệt được: còn { $count } việc cần làm.
}
    .kept = Bản thảo đã được lưu.
items-not-saved = Có giá trị không hợp lệ nên chưa lưu.
    .kept = Những gì đã nhập vẫn còn nguyên trên trang.
items-stale = Nội dung đã thay đổi sau khi ông/bà mở trang.
    .next = Tải lại trang, xem lại rồi thực hiện lại.
items-if-match-missing = Thiếu tiêu đề If-Match với số lần lưu đã đọc.
items-value-unknown = Giá trị không có trong danh mục.
items-title-too-long = Tiêu đề dài quá 300 ký tự.
items-body-too-long = Văn bản dài quá 100.000 ký tự.
items-alt-too-long = Mô tả ảnh dài quá 2.000 ký tự.
items-time-unreadable = Không đọc được ngày giờ.
items-time-unlikely = Ngày này nằm ngoài khoảng cho phép.
items-window-out-of-range = Thời gian cho phép từ 1 đến 1.440 phút.
items-language-unknown = Mã ngôn ngữ không hợp lệ.
items-audience-unknown = Nhóm công chúng không có trong danh mục.
items-programme-unknown = Chương trình không có trong danh mục.
items-campaign-unknown = Đợt truyền thông không thuộc đơn vị này.
items-channels-too-many = Quá nhiều kênh cho một nội dung.
items-channel-twice = Mỗi kênh chỉ dùng một lần cho mỗi ngôn ngữ.
items-channel-foreign = Kênh này không thuộc đơn vị.
items-comment-missing = Xin nhập ý kiến.
items-comment-too-long = Ý kiến dài quá 5.000 ký tự.
items-image-missing = Chưa chọn tệp ảnh.
items-image-too-many = Mỗi nội dung có tối đa 20 ảnh.
items-image-twice = Ảnh này đã có trong nội dung.
items-image-unreadable = Không đọc được tệp gửi lên.
items-image-not-an-image = Tệp này không phải ảnh JPEG, PNG hoặc WebP.
items-refused-save = { $state ->
    [submitted] Nội dung đang chờ phê duyệt nên không sửa được. Hãy mở lại để sửa.
   *[other] Nội dung không còn là bản thảo nên không sửa được.
}
items-refused-submit = { $state ->
    [submitted] Nội dung đã được trình và đang chờ duyệt.
   *[other] Chỉ bản thảo mới trình duyệt được.
}
items-refused-decide = { $state ->
    [ready] Nội dung đã được phê duyệt.
    [approved] Nội dung đã được phê duyệt.
    [scheduled] Nội dung đã được phê duyệt.
    [draft] Nội dung đã được rút về để sửa.
    [changes_requested] Đã có yêu cầu chỉnh sửa.
    [cancelled] Nội dung đã bị hủy.
   *[other] Nội dung không còn chờ phê duyệt.
}
items-refused-reopen = { $state ->
    [published] Nội dung đã được đăng nên không mở lại được; có thể đính chính.
    [withdrawn] Nội dung đã đăng và đã gỡ. Xin soạn nội dung mới.
    [publishing] Nội dung đang được đăng. Hãy dừng trước nếu cần.
    [needs_person] Chưa rõ bài đã lên hay chưa: cần người kiểm tra trước.
    [stopping] Đang dừng: xin chờ xác nhận.
   *[other] Nội dung đang là bản thảo, có thể sửa ngay.
}
items-refused-cancel = { $state ->
    [published] Nội dung đã được đăng nên không hủy được nữa.
    [partly] Một phần đã được đăng; không còn gì để dừng.
    [withdrawn] Nội dung đã đăng và đã gỡ; không còn gì để hủy.
    [stopping] Đang dừng: xin chờ xác nhận.
   *[other] Nội dung đã được hủy.
}
items-refused-report = Báo cáo này đến muộn, trạng thái không đổi.

# Một nội dung
items-edit = Sửa
items-open = Xem nội dung
items-review = Đọc và phê duyệt
items-reopen = Mở lại để sửa
items-reopen-confirm = { $state ->
    [submitted] Rút về để sửa? Sau khi sửa phải trình duyệt lại.
   *[other] Mở lại để sửa? Phê duyệt hiện tại mất hiệu lực, bài sẽ không đăng cho đến khi được duyệt lại.
}
items-cancel = Hủy, không đăng
items-discard = Bỏ bản thảo
items-cancel-reason = Lý do (không bắt buộc)
items-cancel-now = Hủy nội dung này
items-stopping-order = Bản đã duyệt trước đó đang được dừng; chờ bộ phận đăng bài xác nhận.
items-changes-asked = { $person } yêu cầu chỉnh sửa:
items-deliveries = Chi tiết từng lượt đăng
items-content = Nội dung theo kênh
items-see-it = Xem bài đã đăng
items-comment = Ý kiến
items-comment-send = Gửi ý kiến
items-editing-too = { $person } cũng đang mở nội dung này.
items-editing-too-kept = Nếu cả hai cùng sửa, bản lưu sau được giữ riêng; không mất gì.
items-frozen-meanwhile = Nội dung này vừa được trình hoặc thay đổi trạng thái nên không sửa được nữa.
items-copy-title = Bản riêng của ông/bà
items-copy-text = Lưu lúc { $time }, khi người khác đã lưu trước. Chọn dùng hoặc bỏ.
items-copy-frozen = Văn bản này được giữ lại vì khi lưu, nội dung không còn là bản thảo.
items-copy-show = Xem bản riêng
items-copy-take = Dùng bản của tôi
items-copy-take-confirm = Thay nội dung hiện tại bằng bản của ông/bà? Bản hiện tại được giữ cho người đã viết.
items-copy-discard = Bỏ bản của tôi

# Diễn biến
timeline-title = Diễn biến
timeline-system = Hệ thống
timeline-created = đã tạo
timeline-edited = đã sửa
timeline-submitted = đã trình duyệt
timeline-approved = đã phê duyệt
timeline-changes_requested = yêu cầu chỉnh sửa
timeline-retimed = đã chọn giờ đăng mới
timeline-reopened = đã mở lại để sửa
timeline-cancel_requested = yêu cầu hủy, đang dừng
timeline-cancelled = đã hủy
timeline-stop_confirmed = { $count ->
    [0] xác nhận đã dừng, không có gì được đăng
   *[other] xác nhận đã dừng; { $count } lượt đăng không kịp dừng
}
timeline-asset_held = tạm giữ nội dung: { $why ->
    [withdrawn] một ảnh đã bị thu hồi khỏi kho tư liệu
    [ended] quyền sử dụng một ảnh đã hết
    [embargo] một ảnh chuyển sang chưa được công bố
   *[other] kho tư liệu không còn cho phép dùng một ảnh
}
timeline-asset_replaced = kho tư liệu có bản mới của một ảnh; nội dung này vẫn dùng bản cũ
timeline-asset_live = đề nghị gỡ bài: { $why ->
    [withdrawn] một ảnh đã bị thu hồi khỏi kho tư liệu
    [ended] quyền sử dụng một ảnh đã hết
   *[other] kho tư liệu không còn cho phép dùng một ảnh
}
timeline-commented = có ý kiến
timeline-delivered = đã đăng trên { $account }
timeline-delivery_failed = không đăng được trên { $account }
timeline-delivery_missed = lỡ giờ đăng trên { $account }
timeline-delivery_needs_person = chưa rõ kết quả trên { $account }, cần người kiểm tra
timeline-delivery_held = tạm dừng trên { $account }

# Phê duyệt
approvals-title = Chờ tôi phê duyệt
approvals-page-title = Phê duyệt
approvals-eyebrow = Gấp nhất ở trên cùng
approvals-waiting = Chờ tôi phê duyệt
approvals-none = Không có nội dung nào chờ ông/bà phê duyệt.
approvals-see-waiting = Xem tất cả nội dung đang chờ duyệt
approvals-urgent = Sắp đến giờ
approvals-late = Đã quá giờ
approvals-goes-out = Giờ đăng
approvals-window = Chậm nhất { $minutes } phút sau giờ này; quá hạn sẽ không đăng.
approvals-asked-by = { $person } trình lúc { $time }
approvals-channels = Nội dung theo kênh
approvals-chain = Các bước phê duyệt
approvals-hash = Mã văn bản: { $hash }
approvals-confirm = Phê duyệt “{ $title }” với đúng nội dung, kênh và giờ đăng đang hiển thị?
approvals-approve = Phê duyệt
approvals-approve-new-time = Phê duyệt với giờ mới
approvals-new-time = Giờ đăng mới
approvals-request-changes = Yêu cầu chỉnh sửa
approvals-what-to-change = Cần sửa những gì?
approvals-send-back = Gửi yêu cầu
approvals-open-item = Xem nội dung
approvals-late-title = Giờ đăng đã qua: chọn giờ mới.
approvals-late-text = Không có gì tự đăng khi duyệt muộn. Giờ mới tạo thành một phiên bản mới, nội dung giữ nguyên; phê duyệt của ông/bà áp dụng cho phiên bản đó. Người soạn cũng có thể mở lại và chọn giờ rồi trình lại.
approvals-late-restart = Vì bước trước đã duyệt giờ cũ, bước đó cần duyệt lại giờ mới trước ông/bà.
approvals-approved = Đã phê duyệt. Bài sẽ đăng đúng giờ hẹn.
approvals-approved-next = Đã phê duyệt. Chuyển sang bước duyệt tiếp theo.
approvals-restarted = Đã chọn giờ mới. Bước đầu cần duyệt lại giờ này trước.
    .tone = warning
approvals-changes-requested = Đã gửi yêu cầu chỉnh sửa cho người soạn.
approvals-not-waiting = Nội dung này không còn chờ phê duyệt.
    .tone = warning
approvals-comment-missing = Xin cho biết cần sửa gì.
approvals-objection-own = Ông/bà đã tham gia viết hoặc trình nội dung này nên người khác phải phê duyệt.
approvals-objection-twice = Ông/bà đã quyết định về phiên bản này; bước còn lại thuộc về người khác.
approvals-objection-head-of-mission = Nội dung đang chờ Trưởng CQĐD phê duyệt.
approvals-objection-headquarters = Nội dung đang chờ lãnh đạo Vụ phê duyệt.
approvals-objection-changed = Nội dung hoặc giờ đăng đã thay đổi sau khi ông/bà mở trang, nên phê duyệt này không được ghi nhận.
    .next = Mở lại trang, đọc bản hiện tại rồi quyết định.
approvals-objection-late = Giờ đăng đã qua nên chưa phê duyệt được.
    .next = Mở lại trang và chọn giờ mới.
approval-role-head_of_mission = Trưởng CQĐD
approval-role-headquarters_approver = Lãnh đạo Vụ
approval-status-approved = Đã phê duyệt
approval-status-changes = Yêu cầu chỉnh sửa
approval-status-waiting = Đang chờ
approval-status-later = Bước sau

# Đợt truyền thông
campaigns-title = Đợt truyền thông
campaigns-page-title = Đợt truyền thông
campaigns-edit-title = Đợt truyền thông
campaigns-eyebrow = Nhóm nội dung quanh một sự kiện, chuyến thăm, ngày kỷ niệm
campaigns-new = Lập đợt truyền thông
campaigns-edit = Sửa đợt truyền thông
campaigns-none = Chưa có đợt truyền thông nào.
campaigns-count = { $count } nội dung, { $out } đã đăng
campaigns-name = Tên
campaigns-goal = Mục tiêu
campaigns-starts = Từ ngày
campaigns-ends = Đến ngày
campaigns-colour = Màu
campaigns-owner = Phụ trách
campaigns-items = Nội dung của đợt
campaigns-items-none = Chưa có nội dung nào.
campaigns-saved = Đã lưu đợt truyền thông.
campaigns-not-saved = Có giá trị không hợp lệ nên chưa lưu.
    .kept = Những gì đã nhập vẫn còn nguyên trên trang.
campaigns-stale = Người khác đã sửa đợt này.
campaigns-changed-meanwhile = Người khác đã sửa trong lúc này; mở lại trang để xem bản mới.
campaigns-day-unreadable = Xin nhập ngày.
campaigns-name-missing = Xin đặt tên.
campaigns-name-too-long = Tên dài quá 200 ký tự.
campaigns-goal-too-long = Mục tiêu dài quá 2.000 ký tự.
campaigns-ends-before-it-starts = Ngày kết thúc phải từ ngày bắt đầu trở đi.
colour-blue = Lam
colour-azure = Xanh da trời
colour-indigo = Chàm
colour-purple = Tím
colour-pink = Hồng
colour-red = Đỏ
colour-orange = Cam
colour-yellow = Vàng
colour-lime = Lá mạ
colour-green = Lục
colour-teal = Xanh mòng két
colour-cyan = Lục lam

# Thông báo
notice-item-submitted = { $person } trình duyệt “{ $title }”.
notice-item-approved = { $person } đã phê duyệt “{ $title }”; bài sẽ đăng đúng giờ hẹn.
notice-item-changes = { $person } yêu cầu chỉnh sửa “{ $title }”.
notice-item-voided = { $person } mở lại “{ $title }” để sửa; phê duyệt của ông/bà không còn hiệu lực.
notice-item-cancelled = { $person } hủy “{ $title }”.
notice-item-commented = { $person } có ý kiến về “{ $title }”.
notice-item-published = “{ $title }” đã đăng trên tất cả các kênh.
notice-item-partly = “{ $title }” chỉ đăng được trên một số kênh.
notice-item-failed = “{ $title }” không đăng được. Xin mở xem cần làm gì.
notice-item-needs-person = Chưa rõ “{ $title }” đã lên hay chưa. Cần người kiểm tra.
notice-item-asset-held = “{ $title }” đang được tạm giữ: kho tư liệu không còn cho phép dùng một ảnh. Đề nghị chọn ảnh khác và trình duyệt lại.
notice-item-asset-replaced = Kho tư liệu có bản mới của một ảnh trong “{ $title }”. Nội dung này vẫn dùng bản cũ; muốn dùng bản mới, xin chọn lại ảnh.
notice-item-asset-live = “{ $title }” đã đăng kèm một ảnh hết quyền sử dụng: đề nghị gỡ bài ở những kênh mà trang báo chí không tự ẩn được.
notice-item-stopped = “{ $title }” đã được dừng, không có gì được đăng.

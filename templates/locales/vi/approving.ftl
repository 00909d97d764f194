# Phê duyệt: bước của ai, việc đang chờ, ủy quyền, đoạn được đánh dấu, quy trình.

approval-role-native_reviewer = Người hiệu đính
approval-role-desk_officer = Chuyên viên Vụ
approvals-objection-native-reviewer = Nội dung đang chờ người hiệu đính thông qua văn bản.
approvals-objection-desk = Nội dung đang chờ chuyên viên Vụ thẩm định.
approvals-on-behalf = { $person } thay mặt { $behalf }
approvals-for = Thay { $person }
approvals-you-stand-in = Ông/bà quyết định thay { $person } theo ủy quyền. Hồ sơ ghi tên cả hai người.
approvals-overdue = Quá hạn
approvals-until = Cần quyết định trước { $time }
approvals-age-minutes = { $count ->
    [0] vừa trình
   *[other] đã chờ { $count } phút
}
approvals-age-hours = đã chờ { $count } giờ
approvals-age-days = đã chờ { $count } ngày
approvals-pass = Thông qua văn bản
approvals-read-here = Đọc văn bản tại đây
approvals-pictures = { $count } ảnh
approvals-tick = Chọn “{ $title }”
approvals-several = Phê duyệt các nội dung đã chọn
approvals-several-confirm = Phê duyệt tất cả nội dung đã chọn, với đúng văn bản, kênh và giờ đăng đang hiển thị?
approvals-several-none = Chưa chọn nội dung nào nên chưa phê duyệt gì.
approvals-several-results = Kết quả từng nội dung
approvals-several-unnamed = Một nội dung
approvals-several-failed = Hiện chưa phê duyệt được nội dung này. Đề nghị mở ra và thử lại.
approvals-several-unreadable = Không đọc được danh sách nên chưa phê duyệt gì. Đề nghị mở lại trang.
approvals-several-too-many = Mỗi lần phê duyệt tối đa { $count } nội dung.

# Đoạn được đánh dấu
passages-title = Các đoạn được đánh dấu
passages-add = Đánh dấu một đoạn
passages-hint = Bôi chọn chữ trong văn bản ở trên, hoặc chọn một câu trong danh sách.
passages-sentence = Câu
passages-choose = Chọn một câu
passages-comment = Cần sửa gì ở đoạn này?
passages-mark = Đánh dấu
passages-remove = Bỏ đánh dấu
passages-marked = Đã đánh dấu. Người soạn sẽ thấy khi ông/bà yêu cầu chỉnh sửa.
passages-removed = Đã bỏ đánh dấu.
passages-settled = Đã ghi nhận là xử lý xong.
passages-are-sent = Các đoạn đã đánh dấu được gửi kèm yêu cầu; có thể ghi thêm lời nhắn.
passages-not-marked = Chưa đánh dấu được.
passages-nothing-chosen = Xin bôi chọn chữ trong văn bản hoặc chọn một câu.
passages-not-in-text = Văn bản không có những chữ này.
passages-too-long = Xin không quá 2.000 ký tự.
passages-too-many = Tối đa 50 đoạn đang chờ xử lý.
passages-to-settle = Có { $count } đoạn cần sửa
passages-still-there = Những chữ này vẫn còn trong văn bản.
passages-gone = Những chữ này không còn trong văn bản.
passages-show = Xem trong văn bản
passages-settle = Đã xử lý

# Những việc có thể làm
transitions-title = Hiện có thể làm gì?
transitions-allowed = có thể làm ngay
transition-edit = Sửa nội dung
transition-submit = Trình duyệt
transition-approve = Phê duyệt
transition-request_changes = Yêu cầu chỉnh sửa
transition-reopen = Mở lại để sửa
transition-cancel = Hủy

# Ủy quyền
delegations-title = Ủy quyền duyệt
delegations-intro = Khi vắng mặt, Trưởng CQĐD hoặc lãnh đạo Vụ ủy quyền cho một cán bộ cùng đơn vị quyết định thay, từ ngày đến ngày. Hồ sơ ghi tên cả hai người, và không ai duyệt bài do một trong hai người viết.
delegations-new = Ủy quyền
delegations-who = Ai quyết định thay ông/bà?
delegations-choose = Chọn cán bộ
delegations-first = Từ ngày
delegations-last = Đến ngày
delegations-reason = Lý do
delegations-make = Ủy quyền duyệt
delegations-no-colleagues = Đơn vị không còn cán bộ nào khác nên chưa thể ủy quyền.
delegations-none = Hiện không có ủy quyền nào.
delegations-says = { $to } quyết định thay { $from }
delegations-days = { $first } đến { $last }
delegations-standing-now = Đang có hiệu lực
delegations-standing-to_come = Sắp có hiệu lực
delegations-standing-over = Đã hết hạn
delegations-standing-revoked = Kết thúc trước hạn
delegations-ended-by = { $person } kết thúc
delegations-end = Kết thúc ủy quyền
delegations-end-confirm = Kết thúc việc { $to } quyết định thay?
delegations-made = Đã ủy quyền và thông báo cho người được ủy quyền.
delegations-ended = Ủy quyền đã kết thúc.
delegations-not-made = Chưa ủy quyền được: có thông tin cần sửa.
    .kept = Những gì đã nhập vẫn còn nguyên.
delegations-nobody-chosen = Xin chọn cán bộ.
delegations-not-yours = Ông/bà không giữ vai trò này tại đơn vị đó.
delegations-no-colleague = Người được ủy quyền phải là cán bộ cùng đơn vị.
delegations-no-second-factor = Người quyết định thay phải đăng nhập bằng mã xác thực một lần. Đề nghị đồng chí này thiết lập mã tại trang tài khoản trước khi được ủy quyền.
delegations-reason-missing = Xin nêu lý do.
delegations-reason-too-long = Xin không quá 500 ký tự.
delegations-first-passed = Ngày bắt đầu đã qua.
delegations-last-refused = Ngày kết thúc phải từ ngày bắt đầu trở đi và trong vòng một năm.

# Quy trình
policy-title = Quy trình phê duyệt
policy-eyebrow = Ai phải duyệt nội dung nào
policy-intro = Trưởng CQĐD phê duyệt mọi nội dung của cơ quan, và thông thường chỉ một mình. Quy tắc thêm các bước: người hiệu đính ở trước, cấp Bộ ở sau. Nội dung đã trình giữ nguyên các bước lúc trình.
policy-ask = Ai sẽ duyệt nội dung này?
policy-ask-hint = Nêu loại nội dung để xem ai duyệt. Đánh dấu các bước để xem quy tắc mới thay đổi điều gì trước khi lưu.
policy-any-unit = Toàn Bộ
policy-any-topic = Mọi chủ đề
policy-any-kind = Mọi thể loại
policy-language = Ngôn ngữ
policy-language-hint = Mã ngôn ngữ, ví dụ lo hoặc km; để trống là mọi ngôn ngữ.
policy-adds = Quy tắc này thêm
policy-show = Xem ai sẽ duyệt
policy-save = Lưu quy tắc
policy-who = Những người sẽ duyệt
policy-as-it-is = Như hiện nay
policy-with-this = Khi có quy tắc này
policy-same = Quy tắc không thay đổi gì ở đây.
policy-nobody = Hiện chưa có ai giữ vai trò này: nội dung như vậy không trình được.
policy-rules = Các quy tắc
policy-rules-hint = Quy tắc theo chủ đề luôn được cộng thêm. Trong các quy tắc của cùng một ngôn ngữ, quy tắc gần nhất được áp dụng: của đơn vị trước của Bộ, sau đó là quy tắc nêu rõ thể loại.
policy-adds-these = Thêm:
policy-adds-nothing = Ở đây không cần thêm bước nào.
policy-changed = { $person } thay đổi ngày { $date }
policy-remove = Bỏ quy tắc
policy-remove-confirm = Bỏ quy tắc này? Nội dung đã trình giữ nguyên các bước.
policy-none = Chưa có quy tắc nào: chỉ Trưởng CQĐD phê duyệt.
policy-saved = Đã lưu quy trình.
policy-removed = Đã bỏ quy tắc.
policy-deadlines = Thời hạn quyết định
policy-deadlines-hint = Mỗi bước cần xong trước giờ đăng bấy nhiêu phút. Quá hạn, người kế tiếp được báo; khi nửa thời gian còn lại trôi qua, chuyên viên Vụ cũng được báo.
policy-minutes-out-of-range = Xin nhập từ 2 phút đến một tuần (10.080 phút).
policy-reviewers = Người hiệu đính
policy-reviewers-hint = Mỗi người hiệu đính những ngôn ngữ nào: các mã ngôn ngữ, cách nhau bằng dấu phẩy.
policy-no-reviewers = Chưa có ai giữ vai trò người hiệu đính. Giao vai trò này ở mục Cán bộ.
policy-reviewer-without-language = Người hiệu đính thông qua văn bản của một ngôn ngữ: xin nêu ngôn ngữ.
policy-headquarters-for-all = Không đưa mọi nội dung về Bộ duyệt: xin nêu chủ đề hoặc thể loại.
policy-topic-without-step = Quy tắc theo chủ đề phải thêm ít nhất một bước.
policy-head-always = Trưởng CQĐD luôn có trong quy trình, không cần quy tắc.

timeline-escalated = ghi nhận quá hạn quyết định và đã báo người kế tiếp
timeline-passage_settled = đã xử lý một đoạn được đánh dấu
timeline-on-behalf = (thay mặt { $person })
notice-item-overdue = “{ $title }” đã quá hạn mà chưa có quyết định.
notice-item-overdue-again = “{ $title }” vẫn chưa có quyết định, giờ đăng đã gần.
notice-approval-delegated = { $person } ủy quyền cho ông/bà quyết định thay.
notice-approval-delegation-ended = { $person } kết thúc một ủy quyền liên quan đến ông/bà.

# Phê duyệt kèm sửa đổi
amendments-title = Phê duyệt kèm sửa đổi
amendments-open = Sửa chữ và phê duyệt
amendments-hint = Không ai tự duyệt chữ của mình, nên cần một người soạn đồng ý với sửa đổi. Khi đó phê duyệt của ông/bà có hiệu lực và hồ sơ ghi tên cả hai người.
amendments-comment = Lời nhắn cho người soạn (không bắt buộc)
amendments-propose = Phê duyệt với các sửa đổi này
amendments-proposed = Đã chuyển sửa đổi cho người soạn. Phê duyệt của ông/bà có hiệu lực khi một người soạn đồng ý.
amendments-nothing-changed = Chưa có chữ nào khác với bản đã trình.
amendments-proposed-by = { $person } phê duyệt với các sửa đổi sau
amendments-before = Bản đã trình
amendments-accept = Đồng ý với sửa đổi
amendments-accept-confirm = Nhận các sửa đổi này nhân danh ông/bà? Nội dung được phê duyệt với đúng những chữ này.
amendments-accepted = Đã đồng ý. Cùng với phê duyệt đã có, bài sẽ đăng đúng giờ hẹn.
amendments-accepted-next = Đã đồng ý và được phê duyệt. Bước tiếp theo đã được báo.
amendments-accepted-restarted = Đã đồng ý. Vì văn bản đã thay đổi, bước đầu tiên được báo để duyệt lại.
timeline-amended = đề nghị sửa đổi và phê duyệt trước với các sửa đổi đó
timeline-amendment_accepted = đồng ý với sửa đổi
notice-item-amended = { $person } phê duyệt “{ $title }” kèm sửa đổi; đề nghị đồng ý hoặc mở lại để sửa.

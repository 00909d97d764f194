# Kiểm tra trước đăng, danh mục tên gọi, từ cần lưu ý, các phiên bản.

# Kết quả kiểm tra
check-token-ends = Kênh { $channel } sẽ từ chối: quyền truy cập hết hạn lúc { $when }, trước giờ đăng. Đề nghị quản trị viên kết nối lại, hoặc chọn giờ sớm hơn.
check-word-blocked = Không được dùng “{ $word }”. { $advice } Hãy thay bằng từ khác.
check-word-minded = Lưu ý từ “{ $word }”. { $advice }
check-name-locked = “{ $found }” không phải tên gọi đã được duyệt: viết “{ $approved }”. { $reason }
check-name-otherwise = “{ $found }” khác với cách viết đã được duyệt: viết “{ $approved }”. { $reason }
check-passage-altered = Văn bản { $language } không còn giữ nguyên văn đoạn của Bộ: “{ $passage }…” { $named ->
    [no] Khôi phục đúng nguyên văn.
   *[other] Khôi phục đúng như trong “{ $source }”.
}
check-link-broken = { $url } { $why ->
    [gone] không dẫn đến trang nào
    [failing] bị lỗi ở máy chủ
    [private] dẫn vào mạng nội bộ mà bạn đọc không vào được
   *[other] không phản hồi
} ({ $answered ->
    [no] kiểm tra lúc { $time }
   *[other] { $status }, kiểm tra lúc { $time }
}): sửa hoặc bỏ liên kết.
check-text-echoed = { $out ->
    [yes] Văn bản này đã đăng trên { $places }
   *[other] Văn bản này đang chờ đăng trên { $places }
}{ $others ->
    [no] { "" }
   *[other] { " " }và { $more } kênh khác
} trong vòng một tuần. Nền tảng có thể coi là thư rác: hãy viết khác đi, hoặc đăng lại bài gốc.
check-day-host = { $date } là { $vi } ở nước sở tại: cân nhắc giọng văn và giờ đăng.
check-day-home = { $date } là { $vi } ở Việt Nam: cân nhắc giọng văn và giờ đăng.
check-day-mourning = { $date } là ngày tang: { $name }. Không đăng nội dung vui, chúc mừng: chọn ngày khác hoặc giọng văn khác. { $note }
check-day-sensitive = { $date } được ghi là ngày nhạy cảm: { $name }. Cân nhắc kỹ câu chữ. { $note }
check-day-off = { $date } là ngày nghỉ: { $name }. Xem có người trực để trả lời không. { $note }
check-translation-outdated = Bản gốc đã thay đổi sau khi dịch sang { $language }: đối chiếu và cập nhật bản dịch.

# Nội dung không được tiếp nhận
items-marked = Văn bản mang dấu “{ $level }”. Không được lưu nội dung bí mật nhà nước trên hệ thống này: chưa lưu và không giữ lại gì. Văn bản vẫn ở trên màn hình; hãy bỏ phần mang dấu mật, hoặc đóng trang.
    .kept = Không giữ lại nội dung nào.
    .next = Bỏ phần mang dấu mật rồi lưu lại.
items-marked-here = Dấu mật “{ $level }” nằm ở đây.
items-marked-file = Tên tệp mang dấu “{ $level }”. Không được lưu tệp bí mật nhà nước trên hệ thống này: tệp không được tiếp nhận.
    .kept = Không giữ lại nội dung nào.

# Liên kết
notice-item-link-broken = Một liên kết trong “{ $title }” hiện không mở được: { $url }
timeline-link_broken = ghi nhận một liên kết trong bài hiện không mở được

# Danh mục tên gọi, chức danh
nav-names = Tên gọi, chức danh
names-title = Danh mục tên gọi, chức danh
names-eyebrow = Theo cách viết Bộ đã duyệt
names-lead = Cách viết tên gọi, chức danh, địa danh theo từng ngôn ngữ. Mọi văn bản được đối chiếu với danh mục khi soạn; mục đã khóa phải viết đúng nguyên văn.
names-new = Thêm mục
names-search = Tìm tên gọi, cách viết cần tránh, mã
names-language-all = Mọi ngôn ngữ
names-find = Tìm
names-locked = Đã khóa
names-not = Không viết:
names-change = Sửa
names-count = { $found } trên { $count } mục
names-none = Danh mục chưa có mục nào.
names-none-found = Không có mục nào phù hợp.
names-show-all = Xem toàn bộ danh mục
names-edit-title = Tên gọi, chức danh
names-approved = Cách viết đã duyệt
names-term = Mã
names-term-hint = Giống nhau ở mọi ngôn ngữ: east_sea, foreign_minister
names-language-hint = Mã ngôn ngữ: vi, en, lo
names-avoid = Cách viết cần tránh
names-avoid-hint = Mỗi dòng một cách viết. Lý do ghi sau dấu bằng: biển Nam Trung Hoa = không phải tên gọi của ta
names-lock = Khóa: không trình duyệt được văn bản viết khác
names-remove = Đưa ra khỏi danh mục
names-remove-confirm = Đưa “{ $name }” ra khỏi danh mục?
names-import = Nhập từ tệp
names-import-how = Tệp CSV, mã UTF-8, có dòng tiêu đề. Mục trùng mã và ngôn ngữ được thay thế; dòng không nhận được sẽ được nêu rõ, các dòng khác vẫn được lưu.
names-file = Tệp CSV
names-import-go = Nhập
names-saved = Đã lưu. Từ nay văn bản được đối chiếu với mục này.
names-removed = Đã đưa ra khỏi danh mục.
names-imported = Đã lưu { $count } mục.
names-imported-partly = Đã lưu { $count } mục; các dòng sau không nhận được:
names-row = Dòng { $line }:
names-row-unreadable = không đọc được theo dạng CSV.
names-term-length = Mã cần 1 đến 100 ký tự.
names-language-unknown = Đây không phải mã ngôn ngữ (vi, en, lo).
names-approved-length = Cách viết đã duyệt cần 1 đến 300 ký tự.
names-avoid-length = Tối đa 50 cách viết cần tránh, mỗi cách tối đa 300 ký tự, lý do tối đa 500.
names-avoid-approved = Cách viết đã duyệt nằm trong danh sách cần tránh.
names-twice = Mã này đã có mục trong ngôn ngữ này.
names-not-yours = Danh mục tên gọi do chuyên viên Vụ và quản trị viên phụ trách.
names-file-missing = Hãy chọn một tệp CSV.
names-file-encoding = Tệp không ở mã UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8”.
names-file-heading = Dòng đầu phải nêu các cột term, language và approved.
names-file-rows = Mỗi lần tối đa 5.000 dòng và 2 MB.
names-lookup = Tra tên gọi, chức danh
names-lookup-label = Một phần tên gọi, viết cách nào cũng được
names-insert = Chèn
names-whole-list = Toàn bộ danh mục
say-inserted = Đã chèn: { $word }

# Từ cần lưu ý
nav-words = Từ cần lưu ý
words-title = Từ cần lưu ý
words-eyebrow = Trước khi đăng
words-lead = Những từ cần thận trọng của đơn vị này và các đơn vị trực thuộc. Khi kiểm tra trước đăng, hệ thống chỉ ra các từ này trong mọi văn bản.
words-of = Đơn vị
words-show = Xem
words-blocking = Chặn
words-notice = Lưu ý
words-every-language = Mọi ngôn ngữ
words-with-marks = phân biệt dấu
words-without-marks = có dấu hay không dấu
words-inherited = của
words-remove = Bỏ
words-remove-confirm = Không cần lưu ý từ “{ $word }” nữa?
words-none = Chưa có từ nào.
words-add = Thêm từ
words-word = Từ hoặc cụm từ
words-language-hint = Mã ngôn ngữ; để trống: mọi ngôn ngữ
words-advice = Hướng xử lý
words-marks = Dấu phải đúng như đã ghi
words-block = Không trình duyệt được văn bản có từ này
words-add-go = Thêm
words-saved = Đã lưu. Từ nay văn bản được đối chiếu với từ này.
words-removed = Đã bỏ.
words-word-length = Hãy nhập 1 đến 100 ký tự, có ít nhất một từ.
words-advice-length = Hướng xử lý dài quá 500 ký tự.
words-nowhere = Vai trò hiện tại của bạn không cho xem nội dung của đơn vị nào.

# Các phiên bản
versions-title = Các phiên bản
versions-link = So sánh, khôi phục phiên bản
versions-changes = Nội dung thay đổi
versions-list = Ai soạn, khi nào
versions-from = Từ bản
versions-to = Đến bản
versions-compare = So sánh
versions-legend = Đánh dấu:
versions-gone = đã bỏ
versions-new = thêm mới
versions-no-change = Hai bản giống nhau.
versions-none = Chưa có gì được soạn.
versions-present = Bản hiện tại
versions-reason-written = soạn
versions-reason-submitted = trình duyệt
versions-reason-restored = khôi phục một bản trước
versions-restore = Khôi phục bản này
versions-restore-confirm = Thay văn bản hiện tại bằng bản lúc { $time }? Văn bản hiện tại vẫn còn trong danh sách.
versions-restored = Đã khôi phục bản trước. Bản bị thay vẫn còn trong danh sách.
versions-stale = Có người vừa lưu. Hãy xem bản mới nhất rồi khôi phục lại.
    .tone = warning
versions-frozen = Nội dung không còn là bản nháp. Muốn khôi phục, trước hết hãy mở lại để soạn.
versions-field-title = Tiêu đề
versions-field-body = Văn bản
versions-field-time = Thời gian
versions-field-variant = Văn bản của kênh

# Tài khoản: thời hạn truy cập
account-access-ends = Hết quyền truy cập
account-access-ends-on = Ngày hết quyền truy cập (nếu nền tảng có nêu)
account-access-ends-hint = Người soạn bài đăng sau ngày này sẽ được báo rằng kênh sẽ từ chối. Kết nối lại tài khoản sẽ xóa ngày này.
accounts-access-saved = Đã lưu.
accounts-day-unreadable = Không đọc được ngày này.

# Bản dịch
translation-title = Bản dịch
translation-list = Các bản dịch
translation-into = Bản dịch { $language }
translation-standing-missing = Chưa có
translation-standing-in_work = Đang dịch
translation-standing-translated = Đã dịch
translation-standing-reviewed = Đã hiệu đính
translation-standing-outdated = Bản gốc đã thay đổi
translation-since = Bản gốc đã thay đổi sau khi dịch:
translation-paragraph = Đoạn { $number }
translation-no-source = Bản gốc chưa có văn bản.
translation-counted = tính đến lần lưu gần nhất
translation-mark = Đã dịch xong
translation-pass = Tôi đã hiệu đính, đồng ý
translation-pass-hint = Người hiệu đính đối chiếu với bản gốc, không phải người dịch.
translation-done = Đã đánh dấu dịch xong. Người khác có thể hiệu đính.
translation-passed = Đã hiệu đính.
translation-own = Người dịch không tự hiệu đính bản dịch của mình.
translation-not-complete = Bản dịch chưa xong, hoặc bản gốc đã thay đổi.
timeline-translated = hoàn thành một bản dịch
timeline-translation_passed = đã hiệu đính một bản dịch

# Ý kiến trao đổi
remarks-title = Ý kiến trao đổi
remarks-mention = Nhắc đến ai đó
remarks-mention-hint = Gõ @ và họ tên để báo cho người đó.
remarks-nobody = Không có ai khác xem được nội dung này.
remarks-none = Chưa có ý kiến nào.
remarks-reply = Trả lời
remarks-reply-label = Ý kiến trả lời
remarks-reply-send = Gửi trả lời
remarks-resolve = Đã giải quyết
remarks-reopen = Mở lại
remarks-resolved-by = { $person } đã đánh dấu giải quyết
remarks-told = Đã thêm ý kiến. Đã báo cho: { $people }.
remarks-not-told = Đã thêm ý kiến. { $people } không có quyền xem nội dung này nên không gửi thông báo.
    .tone = warning
remarks-resolved = Đã đánh dấu giải quyết.
remarks-reopened = Đã mở lại.
timeline-replied = trả lời một ý kiến
timeline-remark_resolved = đánh dấu đã giải quyết một ý kiến
timeline-remark_reopened = mở lại một ý kiến
notice-item-mentioned = { $person } nhắc đến bạn trong ý kiến về “{ $title }”.
notice-item-replied = { $person } trả lời ý kiến về “{ $title }”.

# Đang soạn
presence-language = { $person } đang soạn văn bản { $language }.

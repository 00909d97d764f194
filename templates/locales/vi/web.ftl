# Phần chung của mọi trang: khung trang, thông báo lỗi và lời nhắc.

product-name = Chancery
product-tagline = Tòa soạn đối ngoại của Bộ Ngoại giao
skip-to-content = Đến nội dung chính
close = Đóng
cancel = Hủy bỏ
go-home = Về trang tổng quan

# Khung trang
nav-main = Điều hướng chính
nav-home = Hôm nay
nav-items = Nội dung
nav-approvals = Phê duyệt
nav-deliveries = Lượt đăng
nav-more = Thêm
nav-assets = Kho tư liệu
nav-campaigns = Đợt truyền thông
nav-accounts = Tài khoản, kênh
nav-stops = Tạm dừng đăng
nav-press = Trang báo chí
nav-units = Đơn vị
nav-people = Cán bộ
nav-policy = Quy trình phê duyệt
nav-audit = Nhật ký thao tác
nav-queue = Tác vụ nền
nav-heading-planning = Công cụ
nav-heading-channels = Kênh đăng
nav-heading-organisation = Tổ chức
nav-person = Tài khoản:
nav-profile = Hồ sơ và đăng nhập
nav-notifications = Thông báo
nav-sign-in = Đăng nhập
nav-sign-out = Đăng xuất
nav-preferences = Ngôn ngữ và giao diện
nav-language = Ngôn ngữ
nav-theme = Giao diện
theme-light = Sáng
theme-dark = Tối
theme-auto = Theo thiết bị
next-page = Trang sau
loading = Đang tải…

demo-label = Bản trình diễn
demo-banner = Bản trình diễn: mọi dữ liệu đều là giả định.
demo-switch-role = Đổi vai trò

# Tổng quan
home-welcome = Xin chào { $name }
home-today = Hôm nay, { $date }
home-new-item = Soạn nội dung mới
home-waiting = Chờ phê duyệt
home-attention = Lượt đăng cần xử lý
home-mine = Bản thảo của tôi
home-recent = Vừa đăng

# Thời gian
clocks-both = { $place } và { $headquarters }

# Hộp thoại
confirm-title = Xin xác nhận
confirm-go = Đồng ý, tiếp tục
session-ended-title = Phiên đăng nhập đã kết thúc
session-ended-kept = Trang này vẫn mở và nội dung đang soạn được giữ trong trình duyệt. Xin đăng nhập lại ở thẻ mới rồi quay lại đây để tiếp tục.
session-ended-later = Để sau
session-ended-sign-in = Đăng nhập ở thẻ mới
session-renewed-title = Đã đăng nhập lại
session-renewed-text = Có thể đóng thẻ này và tiếp tục công việc đang làm. Nội dung đang soạn vẫn còn nguyên.

# Lời nhắc
say-offline = Máy chủ không phản hồi. Nội dung trên trang vẫn còn nguyên; xin kiểm tra đường truyền và thử lại.
say-renewed = Đã đăng nhập lại.
say-characters = ký tự
say-bytes = byte
say-over = Vượt { $count } { $unit }
say-look-up = Gõ để tìm
say-look-up-in = Tìm trong danh sách: { $list }
say-look-up-found = Tìm thấy: { $count }. Đang chọn: { $first }
say-look-up-none = Không tìm thấy; danh sách hiện đầy đủ trở lại.
autosave-waiting = Chưa lưu
autosave-saving = Đang lưu…
autosave-saved = Đã lưu lúc { $time }
autosave-offline = Mất kết nối. Nội dung được giữ trong trình duyệt và sẽ lưu khi có kết nối.
autosave-signed-out = Phiên đăng nhập đã kết thúc. Nội dung được giữ trong trình duyệt.
autosave-conflict = Có người khác vừa sửa nội dung này. Phần đang soạn được giữ trong trình duyệt.
autosave-refused = Chưa lưu: có thông tin chưa hợp lệ.
autosave-restored = Đã khôi phục phần soạn lúc { $time } chưa kịp lưu.
autosave-older = Trình duyệt còn giữ phần soạn lúc { $time } chưa lưu, dựa trên phiên bản cũ hơn.
autosave-restore = Khôi phục
autosave-discard = Bỏ phần này
autosave-conflict-question = Có người khác vừa lưu phiên bản mới hơn. Không nội dung nào bị ghi đè.
autosave-save-mine = Vẫn lưu bản của tôi

# Lý do không được phép
action-name =
    { $action ->
        [item-read] xem nội dung
        [item-write] soạn nội dung
        [item-approve] phê duyệt với tư cách Thủ trưởng cơ quan đại diện
        [item-approve_headquarters] phê duyệt ở cấp Bộ
        [model-write] soạn mẫu cho các cơ quan đại diện
        [model-send] gửi mẫu tới các cơ quan đại diện
        [item-check_headquarters] thẩm định ở cấp Bộ
        [item-review] hiệu đính văn bản
        [policy-manage] thay đổi quy trình phê duyệt
        [webhook-manage] quản lý webhook
        [account-read] xem tài khoản, kênh
        [account-manage] quản lý tài khoản, kênh
        [delivery-read] xem lượt đăng
        [delivery-decide] xử lý lượt đăng
        [stop-place] tạm dừng đăng
        [stop-ministry] tạm dừng đăng trong toàn Bộ
        [asset-read] xem kho tư liệu
        [asset-contribute] đưa tư liệu vào kho
        [asset-steward] quản lý kho tư liệu
        [asset-use] sử dụng tư liệu
        [unit-read] xem đơn vị
        [unit-manage] thay đổi đơn vị
        [person-manage] quản lý cán bộ
        [audit-read] xem nhật ký thao tác
        [queue-manage] quản lý tác vụ nền
       *[other] thực hiện việc này
    }
refused-no-role = Các vai trò hiện có không được phép { action-name }.
refused-elsewhere = Vai trò hiện có được phép { action-name }, nhưng ở đơn vị khác.
refused-ended = Nhiệm kỳ cho phép { action-name } đã kết thúc.
refused-not-yet = Nhiệm kỳ cho phép { action-name } chưa bắt đầu.
refused-out-of-scope = Mã truy cập này không có phạm vi phù hợp ({ $action }).
refused-token-on-page = Mã truy cập chỉ dành cho chương trình. Xin đăng nhập để dùng trang này.

# Lỗi: điều gì đã xảy ra; .kept: điều gì được giữ lại; .next: cần làm gì
problem-number = Mã yêu cầu { $id }
problem-bad-request = Không đọc được yêu cầu.
    .title = Chưa thực hiện được
    .kept = Chưa có gì thay đổi.
    .next = Xin quay lại và thử lần nữa.
problem-unauthenticated = Chưa đăng nhập hoặc phiên đăng nhập đã kết thúc.
    .title = Xin đăng nhập
    .kept = Bản thảo được giữ trong trình duyệt này.
    .next = Đăng nhập rồi tiếp tục công việc đang làm.
problem-forbidden = Không được phép thực hiện việc này.
    .title = Không được phép
    .kept = Chưa có gì thay đổi.
    .next = Nếu đây là nhiệm vụ được giao, xin đề nghị quản trị viên của đơn vị cấp vai trò phù hợp.
problem-not-found = Địa chỉ này không có nội dung, hoặc nội dung không mở cho tài khoản này.
    .title = Không tìm thấy
    .kept = Chưa có gì thay đổi.
    .next = Xin kiểm tra địa chỉ hoặc bắt đầu lại từ trang tổng quan.
problem-gone = Nội dung này không còn được mở.
    .title = Đã hết hiệu lực
    .kept = {""}
    .next = Xin liên hệ người đã gửi địa chỉ này.
problem-method-not-allowed = Địa chỉ này không dùng được theo cách đó.
    .title = Chưa thực hiện được
    .kept = Chưa có gì thay đổi.
    .next = Xin quay lại và thử lần nữa.
problem-conflict = Có người khác vừa thay đổi nội dung này.
    .title = Vừa có thay đổi
    .kept = Không nội dung nào bị ghi đè.
    .next = Xin tải lại trang để xem tình trạng hiện tại.
problem-invalid = Một số thông tin vừa nhập chưa hợp lệ.
    .title = Xin kiểm tra lại thông tin
    .kept = Những gì đã nhập vẫn còn trong biểu mẫu.
    .next = Xin sửa các mục được đánh dấu rồi gửi lại.
problem-too-large = Dung lượng vượt mức cho phép.
    .title = Quá lớn
    .kept = Chưa có gì thay đổi. Nội dung đã soạn được giữ trong trình duyệt.
    .next = Xin rút gọn nội dung hoặc chọn tệp nhỏ hơn.
problem-too-many = Thao tác quá nhiều lần trong thời gian ngắn.
    .title = Xin chờ giây lát
    .kept = Chưa có gì thay đổi.
    .next = Xin chờ một lúc rồi thử lại.
problem-timeout = Xử lý lâu hơn thời gian chờ.
    .title = Hết thời gian chờ
    .kept = Việc này có thể vẫn đã được thực hiện.
    .next = Xin tải lại trang và kiểm tra trước khi làm lại.
problem-unavailable = Một bộ phận của hệ thống tạm thời không phản hồi.
    .title = Tạm thời gián đoạn
    .kept = Chưa có gì thay đổi. Các lượt đăng đã hẹn giờ không bị mất.
    .next = Xin thử lại sau một phút. Nếu vẫn không được, xin báo quản trị viên.
problem-precondition = Chương trình gửi yêu cầu dùng phiên bản giao thức hoặc phiên bản dữ liệu khác.
    .title = Không đúng phiên bản
    .kept = Chưa có gì thay đổi.
    .next = Xin tải lại trang. Với chương trình: xin xem tiêu đề của câu trả lời và tài liệu API.
problem-unsupported-type = Dữ liệu gửi đến thuộc loại không được tiếp nhận ở đây.
    .title = Sai loại dữ liệu
    .kept = Chưa có gì thay đổi.
    .next = Xin gửi đúng loại nêu trong tài liệu API.
problem-locked = Nội dung này đang được xử lý trong một thao tác khác.
    .title = Đang được sử dụng
    .kept = Chưa có gì thay đổi.
    .next = Xin thử lại sau vài giây.
problem-mangled = Dữ liệu đến nơi không giống dữ liệu đã gửi.
    .title = Dữ liệu bị sai lệch trên đường truyền
    .kept = Phần đã nhận đúng trước đó vẫn được giữ.
    .next = Xin gửi lại phần vừa rồi.
problem-full = Ổ đĩa lưu trữ tệp đã đầy.
    .title = Hết dung lượng lưu trữ
    .kept = Phần đã nhận trước đó vẫn được giữ.
    .next = Xin báo quản trị viên. Khi có chỗ trống, việc tải lên tiếp tục từ chỗ dừng.
problem-internal = Hệ thống gặp lỗi khi xử lý.
    .title = Lỗi hệ thống
    .kept = Những gì đã lưu trước đó vẫn an toàn.
    .next = Xin thử lại. Nếu lỗi lặp lại, xin báo quản trị viên kèm mã yêu cầu.
problem-database-unavailable = Cơ sở dữ liệu tạm thời không phản hồi.
problem-csrf = Trang đã quá cũ hoặc yêu cầu không xuất phát từ trang này.
    .next = Xin tải lại trang và thực hiện lại.
problem-foreign-origin = Yêu cầu đến từ một trang khác nên bị từ chối.
    .next = Nếu đúng là thao tác của mình, xin mở Chancery và thực hiện lại tại đó.
problem-unreadable-text = Nội dung có ký tự không đọc được.
    .next = Xin dán lại nội dung dưới dạng văn bản thuần.
problem-unexpected-value = Biểu mẫu hoặc dữ liệu không đúng như yêu cầu.
    .next = Xin tải lại trang và thực hiện lại.
problem-not-a-form = Ở đây cần dữ liệu biểu mẫu.
problem-not-json = Ở đây cần dữ liệu JSON.
problem-bad-cursor = Trang này của danh sách không còn nữa.
    .next = Xin bắt đầu lại từ trang đầu.

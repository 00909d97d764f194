# Thư điện tử: nội dung thư, lựa chọn của cán bộ và trang của quản trị viên.

# Trong thư
mail-deadline = Hạn quyết định:
mail-due = Giờ đăng:
mail-open = Mở trang
mail-sign-in = Hệ thống sẽ yêu cầu đăng nhập rồi mở đúng trang này. Không thể quyết định trực tiếp từ thư.
mail-why = Ông/bà nhận thư này theo lựa chọn trong hồ sơ của mình.
mail-settings = Chọn nội dung nhận qua thư
mail-test-subject = Thư thử của Chancery
mail-test-body = Thư điện tử hoạt động tốt. Thư này được lập lúc { $at }.
mail-weekly-subject = Tuần làm việc của { $unit }
mail-weekly-lead = Bảy ngày trước { $date } và bảy ngày tới.
mail-weekly-out = Đã đăng
mail-weekly-troubled = Chưa đăng được như dự kiến
mail-weekly-troubled-hint = Mỗi trang cho biết tình hình và việc có thể làm: kiểm tra bài đã lên hay chưa, chọn giờ mới, hoặc hủy.
mail-weekly-waiting = Đang chờ phê duyệt
mail-weekly-planned = Dự kiến đăng
mail-weekly-age-hours =
    { $count ->
       *[other] Đã chờ { $count } giờ
    }
mail-weekly-age-days =
    { $count ->
       *[other] Đã chờ { $count } ngày
    }
mail-weekly-more =
    { $count ->
       *[other] và { $count } nội dung khác
    }
mail-weekly-calendar = Lịch truyền thông

# Trên trang cá nhân
mail-title = Thư điện tử
mail-lead = Những gì được gửi tới { $email }. Mọi nội dung đều có trong mục thông báo.
mail-language = Ngôn ngữ của thư
mail-kinds = Nội dung nhận qua thư
mail-kind-approval = Có nội dung chờ tôi phê duyệt
mail-kind-decided = Nội dung tôi soạn được phê duyệt, bị dừng hoặc bị hủy
mail-kind-changes = Nội dung tôi soạn được yêu cầu chỉnh sửa
mail-kind-needs_person = Có nội dung chưa đăng được như dự kiến
mail-kind-mentions = Có người nhắc đến hoặc trả lời tôi
mail-kind-weekly = Thư hằng tuần của đơn vị, vào sáng thứ Hai
mail-kind-test = Thư thử
mail-saved = Đã lưu. Thư sẽ được gửi theo lựa chọn này.
mail-off = Hệ thống này chưa được cấu hình thư điện tử nên chưa gửi thư. Lựa chọn của ông/bà có hiệu lực ngay khi được cấu hình.
mail-bouncing = Địa chỉ của ông/bà từ chối thư của hệ thống nên hệ thống đã ngừng gửi. Nếu địa chỉ sai, đề nghị liên hệ quản trị viên.
mail-bouncing-again = Gửi lại tới địa chỉ này
mail-cleared = Thư lại được gửi tới địa chỉ này.
mail-error-kind = Đề nghị chọn trong danh sách.

# Trang của quản trị viên
nav-mail = Thư điện tử
mail-admin-lead = Thư đã gửi trong bảy ngày qua và những thư bị máy chủ từ chối.
mail-admin-on = Thư được gửi qua { $place }, từ địa chỉ { $address }.
mail-admin-off = Hệ thống không gửi thư: chưa cấu hình máy chủ thư. Cán bộ chỉ xem thông báo trên trang. Người vận hành cần khai báo mục “mail” trong cấu hình.
mail-admin-waiting = Đang gửi
mail-admin-sent = Đã gửi
mail-admin-failed = Không gửi được
mail-admin-test = Gửi cho tôi một thư thử
mail-admin-tested = Thư thử đang được gửi tới ông/bà.
mail-admin-failures = Thư không gửi được
mail-admin-no-failures = Không có thư nào.
mail-admin-again = Gửi lại
mail-admin-sent-again = Thư đang được gửi lại.
mail-admin-bouncing = Địa chỉ từ chối thư
mail-admin-bouncing-hint = Sau ba lần bị từ chối liên tiếp, hệ thống ngừng gửi tới địa chỉ đó cho đến khi địa chỉ được thay đổi hoặc được yêu cầu gửi lại.
mail-admin-no-bouncing = Không có địa chỉ nào.
mail-admin-since = Từ { $time }

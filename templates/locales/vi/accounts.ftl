# Tổng quan các tài khoản.

accounts-filter = Đơn vị, tên tài khoản
accounts-filter-do = Lọc
accounts-filter-none = Hiện tất cả
accounts-counted = { $count } trên tổng số { $total } tài khoản
accounts-of-region = { $count } tài khoản
accounts-calling = { $count } tài khoản cần xử lý
accounts-region-none = Nơi khác
accounts-none-found = Không có tài khoản nào phù hợp.
account-attention-reconnect = Nền tảng không còn chấp nhận thông tin đăng nhập: cần kết nối lại.
account-attention-ended = Quyền truy cập đã hết hạn lúc { $time }: cần kết nối lại.
account-attention-failing = { $count } lượt đăng gặp sự cố trong 7 ngày qua.
account-attention-ends_soon = Quyền truy cập hết hạn lúc { $time }: cần gia hạn trước thời điểm đó.
account-attention-limited = Nền tảng yêu cầu chờ trước khi đăng tiếp.

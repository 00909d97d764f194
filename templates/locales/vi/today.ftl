# Một ngày làm việc.

today-out = Đăng trong hôm nay
today-out-none = Hôm nay không có nội dung nào được đăng.
today-next = Tiếp theo
today-asked = Việc cần trả lời
today-asked-changes = Cần chỉnh sửa
today-asked-named = Có người nhắc tên

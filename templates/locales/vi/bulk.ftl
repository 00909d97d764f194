# Xử lý nhiều nội dung cùng lúc, và kết quả của từng nội dung.

bulk-cancel-title = Hủy các nội dung này
bulk-cancel-hint = Nội dung đã có lệnh đăng sẽ được dừng trước; nội dung đã đăng không thay đổi. Việc này không hoàn tác được tại đây.
bulk-cancel = Hủy các nội dung đã đánh dấu
bulk-back = Về danh sách
bulk-said-shifted = Giờ mới: { $time }.
bulk-said-again = Giờ mới: { $time }; đã trình lại.
bulk-said-back = Đã trở về giờ cũ.
bulk-said-duplicated = Đã tạo bản nháp cùng nội dung, chưa có ngày đăng.
bulk-said-discarded = Đã bỏ bản sao.
bulk-said-labelled = Đã đổi nhãn.
bulk-said-cancelled = Đã hủy.
bulk-said-stopping = Đang dừng: hệ thống đăng đã nhận lệnh và sẽ xác nhận.

# Tải trọn gói, bảng ảnh và liên kết cho người ngoài.

# Trong tệp văn bản đi kèm
giving-notes-name = Ghi công và quyền sử dụng.txt
giving-taken = Tải xuống lúc { $at }
giving-credit = Ghi công: { $credit }
giving-licence = Quyền sử dụng: { $licence }
giving-until = Được sử dụng đến { $at }
giving-left-out = Không kèm theo:
giving-left-out-count = { $count } tư liệu. { $why }

# Liên kết cho người ngoài
giving-from = { $unit } chia sẻ
giving-zip = Tải tất cả ({ $size })
giving-zip-counts = Tải tất cả được tính là một lượt tải.
collections-zip-nothing = Trong bộ sưu tập hiện không có tư liệu nào được phép sử dụng.
    .title = Không có gì để tải
    .kept = {""}
    .next = Xin chọn bộ sưu tập khác hoặc hỏi đơn vị đã lập bộ sưu tập này.
shares-over-now = Liên kết này đã hết hiệu lực.
    .title = Tư liệu không còn được chia sẻ
    .kept = {""}
    .next = Nếu vẫn cần tư liệu, xin liên hệ người đã gửi liên kết.

# Bảng ảnh
giving-sheet = Bảng ảnh (PDF)
giving-sheet-first = Bảng này có { $most } tư liệu đầu tiên trong số { $count } tư liệu.
giving-sheet-lacking = Một số chữ không hiển thị được vì máy chủ thiếu phông chữ.
giving-sheet-no-font = Chưa lập được bảng ảnh vì máy chủ thiếu phông chữ Noto Sans.
    .next = Xin báo quản trị viên chạy lệnh “chancery doctor”.

# Đưa tư liệu vào kho

uploads-title = Đưa tư liệu vào kho
uploads-unit = Cho đơn vị
uploads-batch = Tên đợt tải lên
uploads-batch-hint = Tên sự kiện hoặc thư mục, ví dụ “Chiêu đãi Quốc khánh”. Quản lý kho duyệt theo từng đợt.
uploads-batch-unnamed = Đợt chưa đặt tên
uploads-content = Loại tệp
uploads-content-file = Ảnh, phim, âm thanh, tài liệu (hoặc tệp ZIP chứa các tệp đó)
uploads-content-addresses = Danh sách (CSV) địa chỉ web để hệ thống tải tệp về
uploads-drop = Kéo thả tệp hoặc thư mục vào đây, hoặc chọn:
uploads-choose = Tệp
uploads-choose-folder = Cả thư mục
uploads-camera = Máy ảnh
uploads-limit = Mỗi tệp tối đa { $gigabytes } GB.
uploads-resume-hint = Mất kết nối hoặc tắt máy cũng không mất dữ liệu: xin mở lại trang này, chọn lại đúng các tệp đó, việc tải lên sẽ tiếp tục từ chỗ dừng.
uploads-submit = Tải lên
uploads-under-way = Các tệp đang tải lên
uploads-nowhere = Tài khoản chưa được phép đưa tư liệu vào kho cho đơn vị nào. Xin liên hệ quản trị viên để được giao vai trò.
uploads-lately = Tải lên gần đây
uploads-batch-lately = Đợt tải lên này
uploads-none = Chưa có tệp nào.
uploads-open = Mở
uploads-pause = Tạm dừng
uploads-resume = Tiếp tục
uploads-again = Thử lại
uploads-remove = Bỏ
uploads-received = Đã nhận { $files } tệp. Kết quả xử lý hiển thị bên dưới.

# Thông báo trong khi tải lên
uploads-say-waiting = Đang chờ
uploads-say-sending = { $percent } %
uploads-say-paused = Tạm dừng
uploads-say-retrying = Mất kết nối. Việc tải lên sẽ tự tiếp tục khi có kết nối trở lại.
uploads-say-sent = Đã nhận
uploads-say-trying = Tệp vẫn ở đây, phần đã nhận được lưu lại và hệ thống sẽ tự gửi tiếp.
uploads-say-failed = Tải lên không thành công.
uploads-say-too-large = Tệp lớn hơn { $gigabytes } GB.
uploads-say-empty = Tệp rỗng.
uploads-say-all = Đã nhận { $sent }/{ $total } tệp.
uploads-say-leaving = Vẫn còn tệp đang tải lên.

# Tình trạng của tệp
upload-state-receiving = Chưa nhận đủ: xin chọn lại đúng tệp này để tiếp tục
upload-state-received = Đã nhận, đang xử lý
upload-state-expanding = Đang giải nén
upload-state-waiting = Đang chờ
upload-state-done = Đã vào kho
upload-state-refused = Không được tiếp nhận

# Lý do từ chối yêu cầu
uploads-refused-header = Thiếu hoặc sai tiêu đề { $word }.
uploads-refused-metadata = Thông tin về tệp bị thiếu hoặc sai: { $word }.
uploads-refused-gone = Lượt tải lên này đã kết thúc hoặc không tồn tại.
    .next = Xin chọn lại tệp.
uploads-refused-locked = Tệp này đang được gửi qua một kết nối khác.
    .next = Việc tải lên sẽ tự tiếp tục trong giây lát.
uploads-refused-offset = Vị trí tiếp tục của tệp không khớp với phần vừa gửi.
    .next = Việc tải lên sẽ tự tiếp tục từ đúng vị trí.
uploads-refused-too-large = Tệp lớn hơn { $megabytes } MB hoặc lớn hơn dung lượng đã khai báo.
    .kept = Phần đã nhận trước đó vẫn được giữ.
    .next = Xin chọn bản có dung lượng nhỏ hơn.
uploads-refused-too-many = Có quá nhiều tệp đang tải lên.
    .next = Xin chờ một số tệp tải xong hoặc bỏ bớt.
uploads-refused-full = Không đủ chỗ cho tệp này: ổ đĩa của máy chủ đã đầy.
    .kept = Phần đã nhận vẫn được giữ.
    .next = Xin báo quản trị viên. Khi có chỗ trống, xin chọn lại tệp, việc tải lên sẽ tiếp tục từ chỗ dừng.
uploads-refused-pieces = Tệp được gửi thành quá nhiều phần nhỏ.
    .next = Xin chọn lại tệp khi đường truyền tốt hơn.
uploads-refused-form = Không đọc được biểu mẫu.
    .next = Xin chọn lại tệp.
uploads-refused-no-file = Chưa chọn tệp nào.
    .next = Xin chọn một hoặc nhiều tệp.
uploads-unit-missing = Xin chọn đơn vị.

# Lý do không tiếp nhận tệp ZIP
uploads-refused-archive = Tệp ZIP bị hỏng: không đọc được mục lục.
uploads-refused-too-many-entries = Tệp ZIP chứa hơn 5.000 tệp.
uploads-refused-bomb = Dung lượng sau khi giải nén lớn bất thường. Các tệp đã tiếp nhận trước đó vẫn được giữ.
uploads-refused-nothing-inside = Không có tệp nào trong tệp ZIP.

# Lý do không tiếp nhận tệp bên trong
uploads-entry-damaged = Tệp này bị hỏng trong tệp ZIP.
uploads-entry-nested = Không mở tệp ZIP nằm trong tệp ZIP khác.
uploads-entry-too-large = Tệp này quá lớn.
uploads-entry-encrypted = Tệp này được đặt mật khẩu.
uploads-entry-no-file = Đây là liên kết hoặc thiết bị, không phải tệp.
uploads-entry-method = Không hỗ trợ cách nén của tệp này.
uploads-entry-name-hidden = Tên tệp có ký tự ẩn, có thể bị hiểu thành tên khác.
uploads-entry-name-path = Tên tệp trỏ ra ngoài tệp nén.
uploads-entry-name-long = Tên tệp trống hoặc dài quá 255 byte.

# Lý do không tiếp nhận danh sách
uploads-refused-list-long = Danh sách dài quá 1.000 dòng hoặc 1 MB.
uploads-refused-list-encoding = Danh sách không ở dạng UTF-8. Xin lưu lại dạng “CSV UTF-8”.
uploads-refused-list-unreadable = Không đọc được danh sách CSV.
uploads-refused-list-empty = Không có địa chỉ nào trong danh sách.

# Lý do không tiếp nhận một dòng
uploads-address-unreadable = Đây không phải địa chỉ web.
uploads-address-twice = Địa chỉ này đã có trong danh sách.
uploads-address-private = Địa chỉ này thuộc mạng riêng nên không được truy cập.
uploads-address-gone = Không có nội dung tại địa chỉ này.
uploads-address-forbidden = Địa chỉ này chỉ dành cho người đã đăng nhập ở đó.
uploads-address-refused = Máy chủ tại địa chỉ này từ chối.
uploads-address-silent = Máy chủ tại địa chỉ này không phản hồi sau ba lần gọi.

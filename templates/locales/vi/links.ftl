# Liên kết khi đăng: gắn thông số đo lường, địa chỉ rút gọn, số lượt mở.

links-style = Liên kết trên mạng xã hội
links-style-hint = Phòng báo chí luôn giữ liên kết như đã viết. Bản xem trước hiển thị và đếm ký tự của nội dung sẽ đăng; văn bản ở đây giữ nguyên như đồng chí viết.
item-links-as_written = Giữ nguyên
item-links-marked = Gắn thông số đo lường
item-links-short = Gắn thông số và rút gọn địa chỉ
links-lead-to = dẫn tới
links-title = Liên kết
links-counted = Số lượt mở của từng địa chỉ rút gọn. Hệ thống không lưu thông tin về người mở.
links-followed = { $count ->
    [0] chưa có lượt mở
   *[other] { $count } lượt mở
}
links-policy = Liên kết trong nội dung mới
links-policy-hint = Cách xử lý mặc định khi đơn vị này và các đơn vị trực thuộc soạn nội dung. Người soạn có thể chọn khác cho từng nội dung.

press-short-gone = Liên kết này không còn dẫn tới nội dung nào
press-short-gone-text = Nội dung có liên kết này đã được gỡ.

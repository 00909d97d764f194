# Một tháng của lịch, bản để in.

month-pdf = Lịch tháng dạng PDF
month-made = lập lúc { $time }
month-filtered = đã lọc
month-left-out = Hiển thị { $shown } nội dung, còn { $count } nội dung chưa nêu. Thu hẹp bộ lọc để xem đủ.
month-lacking = Một số ký tự không có trong phông chữ của máy chủ nên bị thiếu ở đây.
month-no-font = Máy chủ chưa cài phông chữ Noto Sans nên chưa lập được bản in. Xin báo quản trị viên.

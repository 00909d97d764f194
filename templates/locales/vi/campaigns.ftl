# Tình trạng của đợt truyền thông và các thao tác.

campaigns-all = Đang sử dụng
campaign-state-planned = Dự kiến
campaign-state-running = Đang triển khai
campaign-state-ended = Đã kết thúc
campaign-state-put_away = Đã cất
campaign-change-begin = Bắt đầu ngay
campaign-change-end = Kết thúc
campaign-change-resume = Tiếp tục triển khai
campaign-change-put_away = Cất đi
campaign-change-take_back = Lấy lại
campaigns-state-refused = Thao tác không phù hợp với tình trạng hiện tại của đợt truyền thông. Xin mở lại trang để xem.
campaigns-days-over = Ngày cuối đã qua. Xin đặt ngày cuối muộn hơn trước.

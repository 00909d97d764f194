# Bản chuyển đổi từ tư liệu: khuôn ảnh, phim, phụ đề, âm thanh

# Trang
renditions-adapt = Chuyển đổi
renditions-title = Chuyển đổi tư liệu
renditions-for = Cho { $unit }
renditions-refused = Hiện chưa thể chuyển đổi tư liệu này cho đơn vị
renditions-picture = Ảnh
renditions-poster = Ảnh đại diện của phim
renditions-page-picture = Trang tài liệu thành ảnh
renditions-wave = Âm thanh thành ảnh
renditions-wave-lead = Ảnh dạng sóng của âm thanh, dùng cho trang và bài đăng chỉ nhận ảnh.
renditions-wave-order = Tạo ảnh
renditions-purpose = Mục đích sử dụng
renditions-frame = Phần được giữ lại
renditions-frame-focus = Quanh điểm chính của ảnh
renditions-frame-drawn = Khung tự chọn
renditions-crop = Khung cắt ảnh
renditions-crop-hint = Kéo khung hoặc góc khung. Dùng bàn phím: phím mũi tên để di chuyển, Shift và phím mũi tên để đổi kích thước.
renditions-crop-says = Trái { $left } %, trên { $top } %, rộng { $width } %, cao { $height } %
renditions-focal = Điểm chính của ảnh
renditions-left = Cạnh trái, %
renditions-top = Cạnh trên, %
renditions-width = Chiều rộng, %
renditions-height = Chiều cao, %
renditions-numbers = Nhập khung bằng số
renditions-format = Định dạng
renditions-format-jpeg = JPEG: ảnh chụp, dùng được trên mọi nền tảng
renditions-format-webp = WebP: dung lượng nhỏ hơn, dùng cho trang thông tin
renditions-format-png = PNG: không giảm chất lượng, dùng cho hình vẽ
renditions-mark = Đặt ở góc ảnh
renditions-mark-none = Không đặt gì
renditions-mark-words = Dòng chữ
renditions-mark-logo = Biểu trưng: { $name }
renditions-words = Dòng chữ
renditions-corner = Vị trí
renditions-corner-bottom_right = Góc dưới bên phải
renditions-corner-bottom_left = Góc dưới bên trái
renditions-corner-top_right = Góc trên bên phải
renditions-corner-top_left = Góc trên bên trái
renditions-page = Trang
renditions-page-of = trên tổng số { $count } trang
renditions-second = Tại giây thứ
renditions-second-hint = Để trống thì hệ thống chọn một hình ở đoạn đầu phim. Giây cuối là { $last }.
renditions-film = Phim
renditions-film-lead = Phim MP4 (H.264, AAC) trong giới hạn của từng nền tảng.
renditions-captions-burnt = Phụ đề gắn vào hình
renditions-captions-none = Không gắn
renditions-sound = Âm thanh
renditions-sound-lead = Chỉ lấy phần âm thanh, dạng MP3.
renditions-captions = Phụ đề
renditions-captions-language = Ngôn ngữ
renditions-order = Tạo bản chuyển đổi
renditions-logo = Dùng làm biểu trưng
renditions-logo-lead = { $unit } và các đơn vị trực thuộc được đặt ảnh này ở góc ảnh của mình.
renditions-logo-offer = Cho dùng làm biểu trưng
renditions-logo-withdraw = Thôi dùng làm biểu trưng

# Đã tạo
renditions-made = Các bản đã chuyển đổi
renditions-made-none = Chưa có yêu cầu chuyển đổi nào.
renditions-ready-files = Tệp có sẵn
renditions-meant = Dùng cho
renditions-download = Tải xuống
renditions-download-named = Tải xuống: { $what }
renditions-state-waiting = Đang chờ xử lý
renditions-state-being-made = Đang tạo, bắt đầu từ { $since }
renditions-state-failed = Không tạo được
renditions-percent = { $percent } %
renditions-progress = Phần đã tạo
renditions-again = Làm lại
renditions-again-named = Làm lại: { $what }
renditions-seconds = { $seconds } giây
renditions-translation = Gói tài liệu để dịch
renditions-translation-lead = Một tệp zip gồm mọi thứ người dịch cần: bản dùng chung, phụ đề, tệp nguồn chỉnh sửa được và phần lời dạng XLIFF.
renditions-translation-into = Dịch sang ngôn ngữ
renditions-translation-hint = Nhập mã ngôn ngữ, ví dụ lo, fr, zh-Hans. Phần lời đã có ở các ngôn ngữ khác luôn được kèm theo.
renditions-translation-get = Tải gói tài liệu

# Xem
renditions-player = Xem phim
renditions-player-audio = Nghe
renditions-player-failed = Không phát được tại đây. Hãy tải tệp xuống để xem.
renditions-player-waiting = Phim đang được chuẩn bị để xem trước và sẽ tự hiện ra tại đây.
renditions-player-waiting-audio = Âm thanh đang được chuẩn bị và sẽ tự hiện ra tại đây.

# Mục đích
rendition-purpose-web = Trang thông tin, cả ảnh
rendition-purpose-card = Thẻ liên kết 1.91:1
rendition-purpose-wide = Ngang 16:9
rendition-purpose-square = Vuông 1:1
rendition-purpose-portrait = Dọc 4:5
rendition-purpose-story = Dọc 9:16
rendition-purpose-film_small = Đường truyền yếu (360p)
rendition-purpose-film_web = Trang thông tin (720p)
rendition-purpose-film_full = YouTube, Facebook, trình chiếu (1080p)
rendition-purpose-film_x = X: 140 giây, 512 MB
rendition-purpose-film_instagram = Instagram: 15 phút, 1 GB
rendition-purpose-film_tiktok = TikTok: 4 GB
rendition-purpose-film_bluesky = Bluesky: 300 MB
rendition-purpose-film_mastodon = Mastodon: 99 MB
rendition-purpose-film_telegram = Telegram: 50 MB
rendition-purpose-film_zalo = Zalo: 50 MB
rendition-purpose-sound = Âm thanh (MP3)
rendition-purpose-srt = Phụ đề dạng SRT
rendition-purpose-vtt = Phụ đề dạng WebVTT

# Kết quả
rendition-ordered = Đã ghi nhận yêu cầu. Bản chuyển đổi sẽ hiện trong danh sách khi tạo xong.
rendition-logo-offered = Ảnh đã được đưa vào danh sách biểu trưng.
rendition-logo-withdrawn = Ảnh không còn trong danh sách biểu trưng.
rendition-not-ready = Bản chuyển đổi này chưa tạo xong.
    .next = Chờ đến khi danh sách báo đã xong rồi tải xuống.

# Chưa hợp lệ
rendition-purpose-unfit = Không tạo được bản này từ tệp hiện có. Hãy chọn mục đích khác.
rendition-number-unreadable = Giá trị này không phải là số.
rendition-cut-outside = Khung vượt ra ngoài ảnh. Cạnh trái cộng chiều rộng, cạnh trên cộng chiều cao không được quá 100.
rendition-words-too-long = Dòng chữ có tối đa 80 ký tự, trên một dòng.
rendition-logo-gone = Hiện không được dùng biểu trưng này. Hãy chọn biểu trưng khác.
rendition-no-such-page = Tài liệu không có trang này.
rendition-no-such-second = Phim ngắn hơn thời điểm đã chọn.
rendition-film-too-long = Phim dài hơn mức nền tảng cho phép. Cắt ngắn phim trước, hoặc chọn mục đích khác.
rendition-captions-missing = Chưa có phụ đề bằng ngôn ngữ này. Đề nghị đơn vị có tư liệu bổ sung, hoặc chọn ngôn ngữ khác.
rendition-language-unknown = Mã ngôn ngữ không đúng, ví dụ đúng: lo, fr, zh-Hans.

# Vì sao không tạo được
rendition-failed-machine = Máy chủ đã thử nhiều lần nhưng không tạo được. Hãy yêu cầu lại; nếu vẫn không được, báo bộ phận vận hành hệ thống.
rendition-failed-cannot-fit = Không thể thu phim xuống { $megabytes } MB mà vẫn xem được. Cắt ngắn phim trước, hoặc chọn mục đích khác.
rendition-failed-unfit = Không tạo được bản này từ tệp hiện có. Hãy chọn mục đích khác.
rendition-failed-gone = Tệp không còn trong kho. Đề nghị đơn vị có tư liệu đưa tệp vào lại.

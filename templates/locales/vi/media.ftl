# Tệp tư liệu: loại tệp và lý do không tiếp nhận

media-kind-picture = Ảnh
media-kind-film = Phim
media-kind-audio = Âm thanh
media-kind-document = Tài liệu
media-kind-captions = Phụ đề
media-kind-archive = Tệp nén

media-refused-empty = Tệp không có nội dung.
media-refused-unknown = Không tiếp nhận loại tệp này. Xin gửi ảnh (JPEG, PNG, WebP, AVIF, HEIC, TIFF, SVG, GIF), phim (MP4, MOV, WebM), âm thanh (MP3, WAV), tài liệu (PDF, DOCX, PPTX, XLSX) hoặc phụ đề (SRT, VTT).
media-refused-extension = Tên tệp có đuôi “.{ $extension }” nhưng nội dung là { $actual }. Xin đổi lại tên hoặc chọn đúng tệp.
media-refused-polyglot = Bên trong tệp có ẩn một tệp khác. Xin lưu lại tệp bằng phần mềm đã tạo ra nó rồi gửi bản mới.
media-refused-playlist = Đây là danh sách dẫn tới các tệp khác, không phải bản phim. Xin gửi chính tệp phim.
media-refused-too-large = Tệp lớn quá { $megabytes } MB.
media-refused-too-many-pixels = Ảnh có kích thước { $width } × { $height } điểm ảnh, vượt quá { $megapixels } triệu điểm ảnh. Xin thu nhỏ ảnh rồi gửi lại.
media-refused-too-many-pages = Tài liệu có { $pages } trang, vượt quá { $limit } trang. Xin chia tài liệu thành nhiều phần.
media-refused-too-long = Thời lượng vượt quá { $minutes } phút. Xin chia thành nhiều phần.
media-refused-bomb = Dữ liệu sau khi giải nén lớn bất thường so với kích thước tệp nên tệp không được mở.
media-refused-too-slow = Việc đọc tệp tốn thời gian hoặc bộ nhớ vượt mức bình thường. Xin lưu lại tệp bằng phần mềm đã tạo ra nó rồi gửi bản mới.
media-refused-locked = Tệp được bảo vệ bằng mật khẩu. Xin bỏ mật khẩu rồi gửi lại.
media-refused-programs = Tài liệu có chứa macro hoặc chương trình khác. Xin lưu bản không có các thành phần này rồi gửi lại.
media-refused-entities = Bản vẽ khai báo thực thể riêng, không được chấp nhận. Xin xuất lại dưới dạng SVG thuần.
media-refused-encoding = Văn bản không dùng bảng mã Unicode (UTF-8). Xin lưu lại theo bảng mã này rồi gửi lại.
media-refused-marked = Tệp mang dấu mật “{ $level }”. Không được lưu tệp bí mật nhà nước trên hệ thống này: hãy gỡ bỏ, chỉ gửi tài liệu được phép công bố.
media-refused-damaged = Tệp bị hỏng hoặc không đầy đủ. Xin gửi lại hoặc tìm bản khác còn nguyên vẹn.

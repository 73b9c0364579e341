"""Why a file cannot be read as an annex, in sentences.

The sentences are translated where they are displayed: the readers run without Django's settings.
"""


def gettext_noop(message):
    """Return the message; marks it for makemessages, as the function of that name of Django."""
    return message


class AnnexRefused(Exception):
    """The file cannot be read.

    message: Vietnamese sentence, a msgid. params: its values.
    """

    def __init__(self, message, **params):
        super().__init__(message % params if params else message)
        self.message, self.params = message, params


PASSWORD = gettext_noop("Tệp có mật khẩu: hãy bỏ mật khẩu rồi tải lại.")
SCAN = gettext_noop(
    "Tệp PDF này là bản quét (ảnh chụp giấy), không có chữ để đọc. Hãy dùng tệp Word, Excel hoặc"
    " PDF xuất từ Word."
)
DAMAGED = gettext_noop("Tệp bị hỏng, không đọc được.")
NO_TABLE = gettext_noop(
    "Không thấy bảng sản phẩm nào: bảng cần có kẻ khung và một hàng tiêu đề có cột “Tên sản phẩm”."
)
UNKNOWN = gettext_noop("Tệp không phải là DOCX, XLSX hay PDF.")
OLD_OFFICE = gettext_noop(
    "Đây là tệp Word hoặc Excel kiểu cũ (.doc, .xls). Hãy lưu lại thành .docx hoặc .xlsx."
)
BOMB = gettext_noop("Tệp nén giải ra quá lớn.")
MACROS = gettext_noop("Tệp có macro: hãy lưu lại thành .docx hoặc .xlsx không có macro.")
TOO_LARGE = gettext_noop("Tệp lớn hơn %(most)d MB.")
TOO_SLOW = gettext_noop(
    "Đọc tệp này quá lâu hoặc cần quá nhiều bộ nhớ; hãy tách thành tệp nhỏ hơn."
)

"""What went wrong outside the program, in words: files, disks, databases. The rest is a fault of ours and says so."""

import errno
from typing import Any

FILES = {
    errno.ENOENT: "找不到 {file}；请核对路径，所在的文件夹须先建好",
    errno.EISDIR: "{file} 是文件夹，请写到具体的文件名",
    errno.ENOTDIR: "{file} 的上级不是文件夹，请核对路径",
    errno.EEXIST: "{file} 已经存在，请另选一个名字",
    errno.EACCES: "没有读写 {file} 的权限；请换一个位置，或请管理员授权",
    errno.EPERM: "没有读写 {file} 的权限；请换一个位置，或请管理员授权",
    errno.EROFS: "{file} 所在的磁盘只能读取，请换一个位置",
    errno.ENOSPC: "磁盘空间不足，{file} 没有写成；请清理磁盘后重试",
    errno.EDQUOT: "磁盘配额已满，{file} 没有写成；请清理后重试",
    errno.EFBIG: "{file} 超过了允许的文件大小，没有写成；请清理磁盘或请管理员放宽限制后重试",
    errno.ENAMETOOLONG: "文件名过长，请缩短后重试",
}
DATABASES = (
    ("disk is full", "磁盘空间不足，没有写入任何数据；请清理磁盘后重试"),
    ("disk I/O error", "读写磁盘出错，没有写入任何数据；请检查磁盘空间和磁盘状况后重试"),
    ("No space left", "数据库服务器磁盘空间不足，没有写入任何数据；请清理后重试"),
    ("not a database", "数据目录中的数据库文件已损坏或不是科枢的数据；请由备份恢复（keshu restore），或换一个数据目录"),
    ("malformed", "数据库文件已损坏；请由备份恢复（keshu restore）"),
    ("unable to open", "打不开数据库文件；请检查数据目录是否存在、能否写入"),
    ("readonly", "数据库只能读取；请检查数据目录的写入权限"),
    ("locked", "数据库正被其他操作占用；请稍后重试"),
    ("connection", "连接不上数据库服务器；请检查 KESHU_DATABASE_URL、服务器是否启动、账号是否正确"),
)


def in_words(error: Exception) -> str:
    """A sentence with what to do; for what we do not know, the error itself and how to see more of it."""
    inside = error.args[0] if error.args else None  # xlsxwriter wraps what the disk said
    if isinstance(error, OSError) or isinstance(inside, OSError):
        return _of_file(error if isinstance(error, OSError) else inside)
    if type(error).__module__ in ("django.db.utils", "sqlite3", "psycopg.errors", "psycopg"):
        return _of_database(str(error))
    text = str(error) or type(error).__name__
    if any("\u4e00" <= character <= "\u9fff" for character in text):
        return text
    return f"未能完成：{type(error).__name__}: {text}（KESHU_TRACE=1 可看详情）"


def _of_file(error: OSError) -> str:
    if error.strerror is None:
        return str(error)
    named: Any = error.filename2 or error.filename
    words = FILES.get(error.errno or 0, "读写 {file} 时出错（" + error.strerror + "）；请检查后重试")
    return words.format(file=named if named is not None else "文件")


def _of_database(text: str) -> str:
    found = next((words for part, words in DATABASES if part in text), "")
    return found or f"数据库出错，没有写入任何数据：{text.strip()}"

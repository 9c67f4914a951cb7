"""Every change of importing: hand a file in, name its columns, check it, agree, import, undo."""

from .asking import agree_to_import, ask_import, name_columns, read_times_otherwise
from .importing import import_programme
from .undoing import undo_import
from .working import forget_old_imports, refuse_import, work_off_import

__all__ = [
    "agree_to_import",
    "ask_import",
    "forget_old_imports",
    "import_programme",
    "name_columns",
    "read_times_otherwise",
    "refuse_import",
    "undo_import",
    "work_off_import",
]

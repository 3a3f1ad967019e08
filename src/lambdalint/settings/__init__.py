"""What the user asked for: where a project begins, its configuration, which codes count."""

from lambdalint.settings.load import load, load_for
from lambdalint.settings.locate import find_root
from lambdalint.settings.merge import merge
from lambdalint.settings.model import CallRow, HandlerSpec, Settings, SettingsError, TableIndex, TableKeys
from lambdalint.settings.select import ignored_in, is_safe, is_selected

__all__ = [
    "CallRow",
    "HandlerSpec",
    "Settings",
    "SettingsError",
    "TableIndex",
    "TableKeys",
    "find_root",
    "ignored_in",
    "is_safe",
    "is_selected",
    "load",
    "load_for",
    "merge",
]

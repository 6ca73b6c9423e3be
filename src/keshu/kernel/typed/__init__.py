"""What people type into cells, read: each reader takes a cell's value and returns a Read."""

from keshu.kernel.typed.choices import read_bool, read_choice
from keshu.kernel.typed.dates import read_date, read_month, read_span, read_year
from keshu.kernel.typed.names import core_name, former_name, normal_name, read_names
from keshu.kernel.typed.numbers import read_number
from keshu.kernel.typed.read import Problem, Read, cell_text, is_missing
from keshu.kernel.typed.units import Unit, read_unit

__all__ = [
    "Problem", "Read", "Unit", "cell_text", "core_name", "former_name", "is_missing", "normal_name", "read_bool",
    "read_choice", "read_date", "read_month", "read_names", "read_number", "read_span", "read_unit", "read_year",
]  # fmt: skip

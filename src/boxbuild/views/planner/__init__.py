"""The planner's workbook: results to read, inputs to edit, and a record by which it is known when it returns."""

from boxbuild.views.planner.workbook import write_planner_workbook

__all__ = ["write_planner_workbook"]

// The grid of the report: sorted, filtered and drawn row by row; nothing that edits or loads.
import { FilterModule, FormatModule, SortModule, Tabulator } from "tabulator-tables";

Tabulator.registerModule([FilterModule, FormatModule, SortModule]);

export { Tabulator };

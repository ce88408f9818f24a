// What the report draws with: these charts, these components, and SVG, which prints sharp.
import { init, registerMap, use } from "echarts/core";
import { BarChart, CustomChart, LineChart, LinesChart, SankeyChart, ScatterChart } from "echarts/charts";
import { GeoComponent, GridComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, CustomChart, LineChart, LinesChart, SankeyChart, ScatterChart,
  GeoComponent, GridComponent, TooltipComponent, LabelLayout, SVGRenderer,
]);

export { init, registerMap };

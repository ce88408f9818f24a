// A waterfall that runs downwards: names whole, values beside the bars, totals on the axis.
// Where the axis begins for a closer look: below every step but the first, which reaches from nothing.
function closeBegin(steps) {
  const inner = steps.slice(1).filter((step) => step.kind !== "total").flatMap((step) => [step.begin, step.end]);
  const low = Math.min(...inner), high = Math.max(...steps.map((step) => step.end));
  return inner.length > 2 && low > 0.5 * high ? Math.max(low - 0.1 * (high - low), 0) : 0;
}

function waterfallOption(data, unit, ink, width, off, view) {
  const steps = ends(data.steps), from0 = view.close ? closeBegin(steps) : 0, narrow = width < 520;
  const whole = Math.max(...steps.map((step) => Math.abs(step.end)), 1e-9);
  const colour = (step) => (step.kind === "total" ? ink.colours[6] : step.value < 0 ? ink.colours[2] : ink.colours[0]);
  const render = (params, api) => {
    const step = steps[api.value(0)];
    const from = api.coord([Math.max(step.begin, from0), api.value(0)]), to = api.coord([step.end, api.value(0)]);
    const high = Math.min(api.size([0, 1])[1] * 0.66, 20), left = Math.min(from[0], to[0]), wide = Math.max(Math.abs(to[0] - from[0]), 1.5);
    const room = params.coordSys.x + params.coordSys.width - (left + wide) > 76 || left < params.coordSys.x + 80;
    const share = step.kind !== "total" && !narrow ? `  ${percent(step.value / whole)}` : "";
    const next = params.dataIndex + 1 < steps.length ? [{ type: "line", shape: { x1: to[0], y1: to[1] + high / 2, x2: to[0], y2: to[1] + api.size([0, 1])[1] - high / 2 }, style: { stroke: ink.soft, lineWidth: 0.75 } }] : [];
    return {
      type: "group",
      children: [
        ...next,
        { type: "rect", shape: { x: left, y: from[1] - high / 2, width: wide, height: high, r: 2 }, style: { fill: colour(step), decal: step.value < 0 ? { ...PATTERNS[1], color: ink.ground } : undefined } },
        {
          type: "text",
          style: {
            text: `${step.value > 0 && step.kind !== "total" ? "+" : ""}${short(step.value)}${share}`, x: room ? left + wide + 6 : left - 6, y: from[1], textAlign: room ? "left" : "right", textVerticalAlign: "middle",
            fill: ink.ink, fontSize: 11.5, fontFamily: ink.font, fontWeight: step.kind === "total" ? 700 : 400, stroke: ink.ground, lineWidth: 3,
          },
        },
      ],
    };
  };
  return {
    animation: false, textStyle: { fontFamily: ink.font },
    grid: { left: 4, right: narrow ? 72 : 120, top: 22, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(ink, (found) => {
      const step = steps[found.dataIndex];
      return [bold(step.name), full(step.value, unit), ...(step.kind === "total" ? [] : [`${full(step.end, unit)} so far`])].join("\n");
    }),
    xAxis: { type: "value", position: "top", min: from0 || undefined, name: from0 ? `from ${short(from0)}` : "", nameTextStyle: { color: ink.bad, fontSize: 11, align: "left" }, splitNumber: narrow ? 3 : 5, axisLabel: { color: ink.soft, fontSize: 11, formatter: tick }, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: "category", inverse: true, data: steps.map((step) => step.name), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: ink.ink, fontSize: 12, interval: 0, formatter: (text) => cut(text, narrow ? 16 : 46) } },
    series: [{ type: "custom", renderItem: render, data: steps.map((step, place) => [place, Math.max(step.begin, from0), step.end]), encode: { x: [1, 2], y: 0 } }],
  };
}

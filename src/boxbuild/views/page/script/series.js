// Bars and lines over the same axis.
const LINES = 14;

function seriesOption(kind, data, unit, ink, width, off) {
  const narrow = width < 520, series = data.series;
  const has = series.map((one) => one.kind || (kind === "bars" ? "bar" : "line"));
  const drawn = series.flatMap((one, place) => (off.has(place) ? [] : [seriesOf(one, place, has[place], kind, data, ink)]));
  if (data.limit) drawn.push(limitOf(data, ink));
  return {
    animation: false,
    textStyle: { fontFamily: ink.font },
    grid: { left: 4, right: 12, top: 26, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(ink, (found) => seriesWords(found, data, unit), "axis"),
    xAxis: {
      type: "category", data: data.across, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.soft } },
      axisLabel: { color: ink.soft, fontSize: 11, hideOverlap: true, formatter: (text) => cut(text, narrow ? 10 : 18), rotate: 0 },
      boundaryGap: has.some((one) => one === "bar") || Boolean(data.limit),
    },
    yAxis: {
      type: "value", name: unit, nameTextStyle: { color: ink.soft, fontSize: 11, align: "left", padding: [0, 0, 0, -4] }, nameGap: 10, splitNumber: 4,
      axisLabel: { color: ink.soft, fontSize: 11, formatter: tick }, splitLine: { lineStyle: { color: ink.line } },
    },
    series: drawn,
  };
}

function seriesOf(one, place, shape, kind, data, ink) {
  const colour = ink.colours[place % COLOURS];
  const common = { id: String(place), name: one.name, data: one.values, itemStyle: { color: colour }, emphasis: { disabled: true } };
  if (shape === "bar") {
    return {
      ...common, type: "bar", stack: (kind === "bars" ? data.stacked && "all" : one.stack) || undefined, barMaxWidth: 44, barCategoryGap: "22%",
      itemStyle: { color: colour, borderColor: ink.ground, borderWidth: 0.75, decal: decal(place, ink.ground) },
    };
  }
  const area = shape === "area";
  return {
    ...common, type: "line", stack: one.stack || undefined, symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 5, showSymbol: data.across.length <= 30,
    lineStyle: { color: colour, width: area ? 1.25 : 2.25, type: area ? "solid" : DASHES[place % DASHES.length] },
    areaStyle: area ? { color: colour, opacity: 0.55, decal: decal(place, ink.ground) } : undefined, connectNulls: false, z: 3,
  };
}

function limitOf(data, ink) {
  return {
    id: "limit", name: "limit", type: "line", step: "middle", data: data.limit, symbol: "none", z: 5,
    lineStyle: { color: ink.ink, width: 1.75, type: [5, 3] }, itemStyle: { color: ink.ink }, emphasis: { disabled: true },
  };
}

function seriesWords(found, data, unit) {
  const place = found[0].dataIndex, rows = [];
  for (const one of found) {
    if (one.value === null || one.value === undefined || Number.isNaN(one.value) || (one.value === 0 && found.length > 3)) continue;
    rows.push(`${full(one.value, unit)}   ${clean(cut(one.seriesName, 40))}`);
  }
  const more = rows.length - LINES;
  const total = data.stacked && found.length > 1 ? [`${full(data.series.reduce((sum, one) => sum + (one.values[place] || 0), 0), unit)}   in all`] : [];
  return [bold(data.across[place]), ...rows.slice(0, LINES), ...(more > 0 ? [`and ${more} more: see the table`] : []), ...total].join("\n");
}

function seriesKeys(kind, data, ink) {
  const keys = data.series.map((one, place) => ({ text: one.name, place, colour: ink.colours[place % COLOURS], line: (one.kind || (kind === "bars" ? "bar" : "line")) === "line" }));
  return data.limit ? [...keys, { text: "limit", place: 1, colour: ink.ink, line: true, fixed: true }] : keys;
}

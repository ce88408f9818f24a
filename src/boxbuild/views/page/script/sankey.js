// A Sankey diagram: layers from left to right, bands as wide as what flows.
function sankeyOption(data, unit, ink, width) {
  const titles = new Map(data.nodes.map((node) => [node.name, node.title]));
  const last = Math.max(...data.nodes.map((node) => node.layer));
  const through = new Map();
  for (const link of data.links) {
    for (const [end, side] of [[link.source, 0], [link.target, 1]]) {
      const both = through.get(end) || [0, 0];
      both[side] += link.value;
      through.set(end, both);
    }
  }
  const value = (name) => Math.max(...(through.get(name) || [0]));
  const room = Math.max(10, Math.floor(width / (last + 1) / 7.5));
  return {
    animation: false, textStyle: { fontFamily: ink.font },
    tooltip: tooltip(ink, (found) =>
      found.dataType === "edge"
        ? [bold(`${titles.get(found.data.source)} → ${titles.get(found.data.target)}`), full(found.data.value, unit)].join("\n")
        : [bold(titles.get(found.data.name)), full(value(found.data.name), unit)].join("\n")),
    series: [{
      type: "sankey", left: 2, right: Math.min(width * 0.2, 150), top: 8, bottom: 8, nodeWidth: 12, nodeGap: 14, draggable: false, layoutIterations: 48, nodeAlign: "left",
      emphasis: { focus: "adjacency" },
      label: { color: ink.ink, fontSize: 11.5, fontFamily: ink.font, textBorderColor: ink.ground, textBorderWidth: 2.5, formatter: (found) => `${clean(cut(titles.get(found.name), room))}  ${short(value(found.name))}` },
      lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
      data: data.nodes.filter((node) => through.has(node.name)).map((node) => ({ name: node.name, depth: node.layer, itemStyle: { color: ink.colours[node.layer % COLOURS], borderWidth: 0 } })),
      links: data.links.filter((link) => link.value > 0).map(({ source, target, value: amount }) => ({ source, target, value: amount })),
    }],
  };
}

function sankeyHeight(data) {
  const layers = new Map();
  for (const node of data.nodes) layers.set(node.layer, (layers.get(node.layer) || 0) + 1);
  return Math.min(Math.max(320, Math.max(...layers.values()) * 34 + 40), 900);
}

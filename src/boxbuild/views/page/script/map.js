// The network on a map of coasts: places by shape, flows as wide as what they carry, dashed by mode.
const SHAPES = { plant: "rect", supplier: "circle", hub: "diamond", market: "triangle" };
const GLYPHS = { plant: "■", supplier: "●", hub: "◆", market: "▲" };
const MARGIN = 4;

function frame(places) {
  const longitudes = places.map((place) => place.longitude), latitudes = places.map((place) => place.latitude);
  const box = [Math.min(...longitudes) - MARGIN * 2, Math.max(...latitudes) + MARGIN, Math.max(...longitudes) + MARGIN * 2, Math.min(...latitudes) - MARGIN];
  return { box, squeeze: Math.max(Math.cos(((box[1] + box[3]) / 2) * (Math.PI / 180)), 0.3) };
}

function coastName(coast) {
  const name = `coast-${coast.length}-${coast.reduce((sum, ring) => sum + ring.length, 0)}`;
  const features = coast.map((ring, place) => ({ type: "Feature", properties: { name: `r${place}` }, geometry: { type: "Polygon", coordinates: [ring] } }));
  echarts.registerMap(name, { type: "FeatureCollection", features });
  return name;
}

const modes = (data) => [...new Set(data.flows.map((flow) => flow.mode || "other"))].sort();
const kinds = (data) => Object.keys(SHAPES).filter((kind) => data.places.some((place) => place.kind === kind));

function mapOption(data, unit, ink, width, off, view) {
  const { box, squeeze } = frame(data.places), narrow = width < 520;
  const at = new Map(data.places.map((place) => [place.name, place]));
  const by = view.by || "money", all = modes(data);
  const flows = data.flows.filter((flow) => at.has(flow.origin) && at.has(flow.destination) && flow[by] > 0 && !off.has(all.indexOf(flow.mode || "other")));
  const most = Math.max(...flows.map((flow) => flow[by]), 1e-9), largest = Math.max(...data.places.map((place) => place.value || 0), 1e-9);
  const point = (name) => [at.get(name).longitude, at.get(name).latitude];
  const colour = (mode) => ink.colours[all.indexOf(mode || "other") % COLOURS];
  const ranked = [...data.places].sort((one, other) => (other.value || 0) - (one.value || 0));
  const named = new Set(ranked.slice(0, narrow && (view.zoom || 1) < 2 ? 10 : 60).map((place) => place.name));
  return {
    animation: false, textStyle: { fontFamily: ink.font }, backgroundColor: ink.sea,
    tooltip: tooltip(ink, (found) => (found.seriesType === "lines" ? flowWords(found.data.flow, at, unit) : placeWords(found.data.place, data, at, unit))),
    geo: {
      map: coastName(data.coast), boundingCoords: [[box[0], box[1]], [box[2], box[3]]], aspectScale: squeeze, left: 8, right: 8, top: 8, bottom: 8,
      zoom: view.zoom || 1, center: view.center, roam: view.zoom > 1 ? "move" : false, silent: true, itemStyle: { areaColor: ink.land, borderColor: ink.shore, borderWidth: 0.6 }, emphasis: { disabled: true }, select: { disabled: true },
    },
    series: [
      {
        type: "lines", coordinateSystem: "geo", z: 2, symbol: ["none", "arrow"], symbolSize: 6,
        data: flows.sort((one, other) => other[by] - one[by]).map((flow) => ({
          flow, coords: [point(flow.origin), point(flow.destination)],
          lineStyle: { color: colour(flow.mode), width: 0.75 + 8 * (flow[by] / most), opacity: 0.62, curveness: 0.22, type: DASHES[all.indexOf(flow.mode || "other") % DASHES.length] },
        })),
      },
      {
        type: "scatter", coordinateSystem: "geo", z: 4, labelLayout: { hideOverlap: true, moveOverlap: undefined },
        data: ranked.map((place) => ({
          place, name: place.name, value: [place.longitude, place.latitude, place.value], symbol: SHAPES[place.kind] || "circle", symbolSize: 8 + 8 * Math.sqrt(Math.max(place.value || 0, 0) / largest),
          label: { show: named.has(place.name), formatter: () => clean(place.title), padding: 2, position: place.longitude > box[0] + (narrow ? 0.72 : 0.9) * (box[2] - box[0]) && (view.zoom || 1) === 1 ? "left" : "right", distance: 4, color: ink.ink, fontSize: 11, fontFamily: ink.font, textBorderColor: ink.ground, textBorderWidth: 2.5 },
        })),
        itemStyle: { color: ink.ink, borderColor: ink.ground, borderWidth: 1.2 },
      },
    ],
  };
}

const money = (value, unit) => `${short(value)}${unit && unit !== "units" ? ` ${unit}` : ""}`;

function flowWords(flow, at, unit) {
  return [bold(`${at.get(flow.origin).title} → ${at.get(flow.destination).title}`), flow.mode ? clean(flow.mode) : "", flow.units ? full(flow.units, "units") : "", flow.money ? `${money(flow.money, unit)} in money` : ""].filter(Boolean).join("\n");
}

function placeWords(place, data, at, unit) {
  const near = data.flows.filter((flow) => flow.origin === place.name || flow.destination === place.name).sort((one, other) => (other.money || 0) - (one.money || 0));
  const lines = near.slice(0, 6).map((flow) => {
    const out = flow.origin === place.name, other = at.get(out ? flow.destination : flow.origin);
    return `${out ? "to" : "from"} ${clean(other ? other.title : "")}: ${flow.units ? `${short(flow.units)} units` : money(flow.money, unit)}`;
  });
  return [bold(place.title), clean([place.kind, place.country].filter(Boolean).join(", ")), ...lines, near.length > 6 ? `and ${near.length - 6} more` : ""].filter(Boolean).join("\n");
}

function mapKeys(data, ink) {
  const lines = modes(data).map((mode, place) => ({ text: mode, place, colour: ink.colours[place % COLOURS], dash: DASHES[place % DASHES.length] }));
  return [...kinds(data).map((kind) => ({ text: `${GLYPHS[kind]} ${kind}`, fixed: true })), ...lines];
}

function mapHeight(data, width) {
  const { box, squeeze } = frame(data.places);
  return Math.round(Math.min(Math.max((width * (box[1] - box[3])) / ((box[2] - box[0]) * squeeze), width < 520 ? 300 : 360), 620));
}

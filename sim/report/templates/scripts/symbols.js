// Symbols on the map: where there is room for them beside marks and names of places.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// What is seen of a map; of one that is not drawn, what will be, since the map fills its place.
const view = ({ layout, _fullLayout: full = layout }) => {
  const [west, east] = full.xaxis.range;
  const [south, north] = full.yaxis.range;
  return { west, east, south, north, wide: full.width, high: full.height, px: full.width / (east - west) };
};
const onSheet = (seen, [x, y]) => [(x - seen.west) * seen.px, (seen.north - y) * seen.px];
const onGround = (seen, [x, y]) => [seen.west + x / seen.px, seen.north - y / seen.px];
const scaled = (seen) => Math.max(0.7, Math.min(1, seen.wide / 760));

// The trace of the marks of places, and half of one of them, which is larger on a map without zones.
const marksOf = ({ data, layout: { meta: { moving } } }) => data[moving[moving.length - 2]];
const halfOf = (number, map) => marksOf(map).marker.size[number] / 2 + 1;

// What stands on the sheet before any symbol: marks and names of places, and what says how large it is.
const taken = (seen, map) => {
  const marks = marksOf(map);
  const boxes = marks.x.map((at, number) => {
    const [x, y] = onSheet(seen, [at, marks.y[number]]);
    const half = halfOf(number, map);
    return [x - half, y - half, x + half, y + half];
  });
  const names = map.data[map.layout.meta.names];
  const size = names.textfont.size;
  names.x.forEach((at, order) => {
    const [x, y] = onSheet(seen, [at, names.y[order]]);
    const wide = 0.6 * size * names.text[order].length + 2;
    const side = names.textposition[order];
    const off = names.marker.size[order] / 2;
    const left = { "middle right": x + off + 1.5, "middle left": x - off - 1.5 - wide }[side] ?? x - wide / 2;
    const upper = { "top center": y - off - 0.5 - size, "bottom center": y + off - 0.5 }[side] ?? y - size / 2;
    boxes.push([left, upper - 1, left + wide, upper + size + 1]);
  });
  for (const { text, x, y } of map.layout.annotations) {
    const [left, foot] = onSheet(seen, [x, y]);
    boxes.push([left, foot - 18, left + 0.55 * 11 * text.length, foot + 2]);
  }
  return boxes;
};
const free = (boxes, box, seen) => box[0] > 1 && box[1] > 1 && box[2] < seen.wide - 1 && box[3] < seen.high - 1
  && !boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);

// On a narrow map a symbol for every so many pixels of its width, the first of those that are wanted.
const MOST_PER_PX = 18;
const LABEL_PX = 10;
const SPOTS = [];
for (const [ring, steps] of [[1, 8], [1.7, 12], [2.5, 16], [3.4, 20]]) {
  for (let step = 0; step < steps; step += 1) SPOTS.push([ring, (2 * Math.PI * step) / steps - Math.PI / 4]);
}

// Finds room for symbols, the first ones first, and counts those without. Each stands about something on the sheet, as
// near as there is room; what is said below it is left out where there is none for that.
const placed = (wanted, seen, boxes, frameWide) => {
  const frame = frameWide * Math.max(0.76, scaled(seen));
  const atMost = Math.round(seen.wide / MOST_PER_PX);
  const found = [];
  let left = 0;
  for (const item of wanted) {
    const [x, y] = item.at;
    if (x < 0 || y < 0 || x > seen.wide || y > seen.high) continue;
    const [wide, high, middle] = item.size.map((value) => value * frame);
    const spotOf = (ring, angle) => {
      const off = ring * (frame / 2 + item.half + 3);
      return [x + off * Math.cos(angle), y + off * Math.sin(angle)];
    };
    const about = ([mx, my], label) => {
      const half = Math.max(wide, label ? 0.6 * LABEL_PX * item.label.length : 0) / 2;
      return [mx - half, my - middle, mx + half, my - middle + high + (label ? LABEL_PX + 1 : 0)];
    };
    const roomFor = (label) => SPOTS.find(([ring, angle]) => free(boxes, about(spotOf(ring, angle), label), seen));
    const labelled = item.label ? roomFor(true) : undefined;
    const spot = labelled || roomFor(false);
    if (!spot || found.length >= atMost) {
      left += 1;
      continue;
    }
    const [mx, my] = spotOf(...spot);
    boxes.push(about([mx, my], Boolean(labelled)));
    const box = [mx - wide / 2, my - middle, mx + wide / 2, my - middle + high];
    found.push({ ...item, box, middle: [mx, my], said: labelled && [mx, box[3] + LABEL_PX / 2], far: spot[0] > 1 });
  }
  return { found, left };
};

// A symbol in the colours of the page's scheme. The picture is words, packed as a data URI.
const pictures = new Map();
const pictured = (key) => {
  const light = block.pictures[key];
  if (!isDark()) return light;
  if (!pictures.has(key)) {
    const [head, packed] = light.split(",");
    pictures.set(key, `${head},${btoa(atob(packed).replace(/#[0-9a-f]{6}\b/gi, shade))}`);
  }
  return pictures.get(key);
};

const imageOf = ({ box }, seen, key, opacity) => {
  const [x, y] = onGround(seen, box);
  const [sizex, sizey] = [(box[2] - box[0]) / seen.px, (box[3] - box[1]) / seen.px];
  return { source: pictured(key), xref: "x", yref: "y", x, y, sizex, sizey, sizing: "stretch", layer: "above", opacity };
};

const noRoom = (left, [one, more], how) => {
  document.getElementById("no-room").textContent = left ? `${left} ${left === 1 ? one : more} no room for a symbol at this width: ${how}.` : "";
};

// What has a size in pixels finds another place where more or less of the map is seen.
mapListeners.push((chart) => chart.on("plotly_relayout", (change) => {
  if (Object.keys(change).some((key) => key.startsWith("xaxis"))) setDay(Number(slider.value));
}));

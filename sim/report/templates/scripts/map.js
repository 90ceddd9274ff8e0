// The layers of the map beside control: forces, convoys, passes; and the timeline of one place.
const theatre = block.theatre;
const shownLayers = Object.fromEntries([...document.querySelectorAll("[data-layer]")].map((box) => [box.dataset.layer, box]));
const shows = (layer) => !shownLayers[layer] || shownLayers[layer].checked;

const look = theatre && theatre.look;

const atPasses = (day, seen, boxes, map) => {
  const bars = [];
  const [barWide, barHigh] = look.bar.map((size) => size * scaled(seen));
  for (const found of theatre.passes) {
    const shares = found.closed.map((side) => side[day]);
    const [x, y] = onSheet(seen, theatre.places[found.place].at);
    const high = shares.length * (barHigh + 1.5);
    const off = halfOf(found.place, map) + 2;
    const choices = [0, 9, 18].flatMap((more) => {
      const far = off + more;
      return [[-barWide / 2, far], [-barWide / 2, -far - high], [far, -high / 2], [-far - barWide, -high / 2]];
    });
    const inside = ([dx, dy]) => [x + dx - 1, y + dy - 1, x + dx + barWide + 1, y + dy + high + 1];
    const spot = choices.find((choice) => free(boxes, inside(choice), seen)) || choices[0];
    boxes.push(inside(spot));
    const name = theatre.places[found.place].name;
    const words = found.words.map((side, order) => `closed to ${theatre.sides[order].name} in ${side[day]}`);
    bars.push({ wide: barWide, high: barHigh + 1.5, left: x + spot[0], top: y + spot[1], shares, words: `<b>${name}</b>, end of ${block.days[day].date}<br>${words.join("<br>")}`, place: found.place });
  }
  return bars;
};

const standing = (day, seen, boxes, map) => {
  const wanted = [];
  theatre.places.forEach((place, number) => place.forces.forEach((days, side) => {
    const force = place.at && days && days[day];
    if (force && force[5]) wanted.push({ number, side, force, at: onSheet(seen, place.at), half: halfOf(number, map), size: theatre.pictures[force[5]] });
  }));
  wanted.sort((a, b) => b.force[3] - a.force[3] || a.number - b.number);
  return placed(wanted, seen, boxes, look.frame);
};

const forceWords = (item, day) => {
  const [, share, low, mid, high] = item.force;
  const name = `<b>${theatre.places[item.number].name}</b>, end of ${block.days[day].date}`;
  const range = `${numberWords(low)}\u2013${numberWords(high)}`;
  return `${name}<br>${theatre.sides[item.side].name}: median ${numberWords(mid)} fighters (${range})<br>where anybody of it is: ${share} of campaigns`;
};

const add = (trace, points) => {
  if (trace.x.length) {
    trace.x.push(null);
    trace.y.push(null);
  }
  for (const [x, y] of points) {
    trace.x.push(x);
    trace.y.push(y);
  }
};

// The point half-way along a line, and the way it runs there, clockwise from north.
const halfway = (way) => {
  const steps = way.x.slice(1).map((x, order) => Math.hypot(x - way.x[order], way.y[order + 1] - way.y[order]));
  let rest = steps.reduce((sum, step) => sum + step, 0) / 2;
  const at = Math.max(0, steps.findIndex((step) => (rest -= step) <= 0));
  const share = steps[at] ? 1 + rest / steps[at] : 0;
  const [dx, dy] = [way.x[at + 1] - way.x[at], way.y[at + 1] - way.y[at]];
  return { at: [way.x[at] + share * dx, way.y[at] + share * dy], angle: (Math.atan2(dx, dy) * 180) / Math.PI };
};
const halves = theatre ? theatre.ways.map(halfway) : [];

const drawFlows = (day, seen, traces) => {
  const direction = { x: [], y: [], hovertext: [], angle: [], size: [], color: [] };
  for (const [number, back, side, low, mid, high, share] of [...theatre.flows[day]].sort((a, b) => b[4] - a[4])) {
    const way = theatre.ways[number];
    const width = look.tonnes.filter((tonnes) => mid >= tonnes).length;
    const points = way.x.map((x, order) => [x, way.y[order]]);
    add(traces.casing[width], points);
    add(traces.flow[side * look.flows.length + width], points);
    const { at, angle } = halves[number];
    const [start, end] = back ? [...way.ends].reverse() : way.ends;
    direction.x.push(at[0]);
    direction.y.push(at[1]);
    direction.angle.push(angle + (back ? 180 : 0));
    direction.size.push((8 + 2 * width) * Math.max(0.8, scaled(seen)));
    direction.color.push(shade(theatre.sides[side].colour));
    direction.hovertext.push(`<b>${start} to ${end}</b>, seven days to the end of ${block.days[day].date}<br>${theatre.sides[side].name}: median ${numberWords(mid)} t (${numberWords(low)}\u2013${numberWords(high)})<br>any convoy in ${share} of campaigns`);
  }
  Object.assign(traces.direction[0], {
    x: direction.x, y: direction.y, hovertext: direction.hovertext,
    marker: { symbol: "triangle-up", angle: direction.angle, size: direction.size, opacity: 1, color: direction.color, line: { color: css("--paper"), width: 1.4 } },
  });
};

const drawBars = (bars, seen, traces) => {
  for (const bar of bars) {
    bar.shares.forEach((share, side) => {
      const y = bar.top + (side + 0.5) * bar.high;
      const stretch = (from, to) => [[bar.left + from * bar.wide, y], [bar.left + to * bar.wide, y]].map((spot) => onGround(seen, spot));
      add(traces.bars[0], stretch(-0.04, 1.04));
      add(traces.open[0], stretch(0, 1));
      if (share) add(traces.closed[side], stretch(0, share));
    });
    const middle = onGround(seen, [bar.left + bar.wide / 2, bar.top + bar.shares.length * bar.high / 2]);
    add(traces.pass[0], []);
    traces.pass[0].x.push(middle[0]);
    traces.pass[0].y.push(middle[1]);
  }
};

const blankLayers = new Set(["casing", "flow", "direction", "leader", "bars", "open", "closed", "pass", "force"]);

const layersOf = (day, map) => {
  const traces = {};
  for (const trace of map.data.filter((one) => blankLayers.has(one.name))) {
    Object.assign(trace, { x: [], y: [] });
    (traces[trace.name] ||= []).push(trace);
  }
  const seen = view(map);
  const scale = scaled(seen);
  const boxes = taken(seen, map);
  traces.casing.forEach((trace, order) => { trace.line.width = scale * look.flows[order] + 2; });
  traces.flow.forEach((trace, order) => { trace.line.width = scale * look.flows[order % look.flows.length]; });
  traces.bars[0].line.width = scale * look.bar[1] + 2;
  for (const trace of [...traces.open, ...traces.closed]) trace.line.width = scale * look.bar[1];
  if (shows("supply")) drawFlows(day, seen, traces);
  traces.direction[0].x.forEach((at, order) => {
    const [x, y] = onSheet(seen, [at, traces.direction[0].y[order]]);
    boxes.push([x - 4, y - 4, x + 4, y + 4]);
  });
  const bars = shows("supply") ? atPasses(day, seen, boxes, map) : [];
  drawBars(bars, seen, traces);
  Object.assign(traces.pass[0], { hovertext: bars.map((bar) => bar.words), customdata: bars.map((bar) => bar.place) });
  traces.pass[0].x = traces.pass[0].x.filter((x) => x !== null);
  traces.pass[0].y = traces.pass[0].y.filter((y) => y !== null);
  const { found, left } = shows("forces") ? standing(day, seen, boxes, map) : { found: [], left: 0 };
  for (const item of found.filter((one) => one.far)) add(traces.leader[0], [item.at, item.middle].map((spot) => onGround(seen, spot)));
  const middles = found.map((item) => onGround(seen, item.middle));
  Object.assign(traces.force[0], {
    x: middles.map(([x]) => x), y: middles.map(([, y]) => y),
    hovertext: found.map((item) => forceWords(item, day)), customdata: found.map((item) => item.number),
  });
  const images = found.map((item) => imageOf(item, seen, item.force[5], 0.25 + 0.75 * item.force[0]));
  const relief = (map.layout.images || []).filter((image) => image.layer === "below");
  map.layout.images = [...relief, ...images];
  noRoom(left, ["force has", "forces have"], "choose a place to read of them");
};

// While the map plays one history it shows no shares of all, but symbols of its own.
const noLayers = (map) => {
  for (const trace of map.data.filter((one) => blankLayers.has(one.name))) Object.assign(trace, { x: [], y: [] });
};

const layersOn = (day, map) => {
  if (playing) return noLayers(map);
  const { moving, places } = map.layout.meta;
  const held = shows("control");
  moving.forEach((trace, order) => {
    if (order < moving.length - 2) map.data[trace].visible = held;
  });
  if (!held) {
    const trace = map.data[moving[moving.length - 2]];
    trace.marker = { ...trace.marker, color: places.map(() => css("--paper")) };
  }
  if (theatre) layersOf(day, map);
};
dayLayers.push(layersOn);
for (const box of Object.values(shownLayers)) box.addEventListener("input", () => setDay(Number(slider.value)));

// One place: a choice from the list, or from the map, opens its timeline; Escape closes it.
const chosen = document.getElementById("place");
const panel = document.getElementById("of-place");
const lists = document.getElementById("of-day");
const timeline = document.getElementById("chart-place");

const claimMark = (claim) => ({ "circle-open": "circle-open", "diamond-open": "diamond-open", circle: "circle", x: "x" })[claim.symbol] || "circle";

// What is chosen in a place's timeline, or of it on the day of the map, leads to the campaigns behind it.
const { places: ids } = block.figures.map.wide.layout.meta;
const wordsOn = (index, number) => block.changes[index].at(-2).hovertext[number];
const showPlace = () => {
  const { day } = block.days[slider.value];
  follow("control", "", { at: { place: ids[openPlace], day } }, labelled({ text: wordsOn(Number(slider.value), openPlace) }));
};

const timelineOf = (number) => {
  const place = theatre.places[number];
  const data = [];
  const words = block.changes.map((_, index) => wordsOn(index, number));
  theatre.holders.forEach(({ name, colour }, order) => {
    data.push({ type: "scatter", mode: "lines", stackgroup: "held", x: theatre.ends, y: place.held[order], name, line: { width: 0 }, fillcolor: shade(colour), hoverinfo: "skip" });
  });
  data.push({ type: "scatter", mode: "markers", x: theatre.ends, y: theatre.ends.map(() => 0.5), marker: { size: 9, opacity: 0 }, hoverinfo: "text", hovertext: words, meta: { whence: "control", at: { place: ids[number] }, days: block.days.map(({ day }) => day) } });
  const told = place.claims.map((claim) => theatre.claims[claim]);
  const rows = [];
  const levels = told.map((claim) => {
    const row = rows.findIndex((end) => end < claim.at[0]);
    const level = row < 0 ? rows.length : row;
    rows[level] = claim.at[1];
    return level;
  });
  told.forEach((claim, order) => data.push({ type: "scatter", mode: "lines", x: claim.at, y: [levels[order], levels[order]], yaxis: "y2", line: { color: shade(claim.colour), width: 1.5 }, hoverinfo: "skip" }));
  data.push({
    type: "scatter", mode: "markers", yaxis: "y2", hoverinfo: "text", hovertext: told.map((claim) => claim.hover), y: levels,
    x: told.map((claim) => new Date((Date.parse(`${claim.at[0]}Z`) + Date.parse(`${claim.at[1]}Z`)) / 2).toISOString().slice(0, 16)),
    marker: { size: 8, symbol: told.map(claimMark), color: told.map((claim) => shade(claim.colour)), line: { width: 1.5, color: told.map((claim) => shade(claim.colour)) } },
  });
  let top = 1;
  place.forces.forEach((days, side) => {
    if (!days) return;
    const { colour, name } = theatre.sides[side];
    const value = (force, index) => (force && force[0] >= 0.1 ? force[index] : null);
    const stretches = [];
    days.forEach((force, day) => {
      if (value(force, 3) === null) return;
      if (!stretches.length || stretches[stretches.length - 1].at(-1) !== day - 1) stretches.push([]);
      stretches[stretches.length - 1].push(day);
    });
    for (const stretch of stretches) {
      const x = stretch.map((day) => theatre.ends[day]);
      top = Math.max(top, ...stretch.map((day) => days[day][4]));
      data.push({ type: "scatter", mode: "lines", yaxis: "y3", x: [...x, ...[...x].reverse()], y: [...stretch.map((day) => days[day][4]), ...[...stretch].reverse().map((day) => days[day][2])], fill: "toself", line: { width: 0 }, fillcolor: tinted(colour, 0.18), hoverinfo: "skip" });
    }
    data.push({
      type: "scatter", mode: stretches.some((stretch) => stretch.length === 1) ? "lines+markers" : "lines", yaxis: "y3", x: theatre.ends, y: days.map((force) => value(force, 3)), name, line: { color: shade(colour), width: 2 }, marker: { size: 4 }, hoverinfo: "text",
      hovertext: days.map((force, day) => (force ? forceWords({ number, side, force }, day) : "")),
    });
  });
  // From the top, in pixels: who holds it, what was claimed about it, who is there.
  const rowsHigh = told.length ? 11 * rows.length + 14 : 0;
  const parts = [[22, 96], [22, rowsHigh], [24, 120]].filter(([, high]) => high);
  const inner = parts.reduce((sum, [gap, high]) => sum + gap + high, 0);
  let below = inner;
  const domains = parts.map(([gap, high]) => {
    below -= gap + high;
    return [below / inner, (below + high) / inner];
  });
  const [held, claims, there] = told.length ? domains : [domains[0], null, domains[1]];
  const heading = (text, domain) => ({ text, xref: "paper", yref: "paper", x: 0, y: domain[1], yshift: 3, xanchor: "left", yanchor: "bottom", showarrow: false, font: { size: 12, color: css("--muted") } });
  const layout = {
    template: shaded(block.template), height: inner + 28, width: timeline.clientWidth, margin: { l: 38, r: 8, t: 4, b: 24 }, hovermode: "closest",
    xaxis: { type: "date", range: theatre.range, tickformat: "%-d %b", nticks: 5, showgrid: false, anchor: "y3" },
    yaxis: { domain: held, range: [0, 1], tickformat: ".0%", tickvals: [0, 0.5, 1], showgrid: false },
    yaxis2: { domain: claims || [0, 0.01], range: [rows.length - 0.2, -0.8], visible: false },
    yaxis3: { domain: there, range: [0, 1.06 * top], nticks: 4, tickformat: "~s" },
    annotations: [heading("Held by, share of campaigns", held), heading("Fighters, where there are any: median, nine tenths", there)],
    shapes: [{ type: "line", xref: "x", yref: "paper", x0: theatre.ends[slider.value], x1: theatre.ends[slider.value], y0: 0, y1: 1, line: { color: css("--ink"), width: 1 } }],
  };
  if (claims) layout.annotations.push(heading("Claims about it", claims));
  return { data, layout };
};

let openPlace = -1;
const openTimeline = (number) => {
  const place = theatre.places[number];
  openPlace = number;
  chosen.value = String(number);
  panel.hidden = false;
  lists.hidden = true;
  document.getElementById("of-place-name").textContent = place.name;
  document.getElementById("of-place-hands").textContent = place.hands.join(" ");
  const claims = place.claims.map((claim) => theatre.claims[claim]).map((claim) => claimItem({ ...claim, who: claim.who, words: claim.words }));
  document.getElementById("of-place-claims").replaceChildren(...claims);
  document.getElementById("of-place-told").hidden = !claims.length;
  timeline.setAttribute("aria-label", `${place.name}: who holds it, and how many fighters of each side are there, day by day. ${place.hands.join(" ")}`);
  later(async () => {
    if (openPlace !== number) return;
    await plot(timeline, { ...timelineOf(number), config: { displayModeBar: false, responsive: false } });
    timeline.removeAllListeners("plotly_click");
    timeline.on("plotly_click", (event) => followed(event));
  });
  setDay(Number(slider.value));
};
const closeTimeline = () => {
  if (openPlace < 0) return;
  openPlace = -1;
  chosen.value = "";
  panel.hidden = true;
  lists.hidden = false;
  later(() => openPlace < 0 && Plotly.purge(timeline));
};
// Changes what is open, once all that was asked for before has been drawn.
const redraw = (changes) => {
  later(() => {
    const now = Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value()]));
    return openPlace >= 0 && timeline.data && timeline.clientWidth ? Plotly.relayout(timeline, now) : null;
  });
};
const toDay = (index) => {
  const end = () => theatre.ends[index];
  if (openPlace >= 0) redraw({ "shapes[0].x0": end, "shapes[0].x1": end });
};
dayLayers.push(toDay);

mapListeners.push((chart) => {
  const { moving, places, zones } = block.figures.map.wide.layout.meta;
  chart.on("plotly_click", (event) => {
    if (playing) return;
    const point = event.points[0];
    const trace = chart.data[point.curveNumber];
    const zone = moving.indexOf(point.curveNumber);
    if (trace.customdata) openTimeline(trace.customdata[point.pointNumber]);
    else if (zone === moving.length - 2) openTimeline(point.pointNumber);
    else if (zone >= 0 && zone < zones.length) openTimeline(places.indexOf(zones[zone]));
  });
});
if (chosen) {
  darkScheme.addEventListener("change", () => openPlace >= 0 && openTimeline(openPlace));
  window.addEventListener("resize", () => redraw({ width: () => timeline.clientWidth }));
  chosen.addEventListener("input", () => (chosen.value === "" ? closeTimeline() : openTimeline(Number(chosen.value))));
  document.getElementById("of-place-whence").addEventListener("click", showPlace);
  document.getElementById("close-place").addEventListener("click", () => {
    closeTimeline();
    chosen.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || openPlace < 0 || event.target.closest("dialog")) return; // the dialog closes first
    const inside = panel.contains(document.activeElement);
    closeTimeline();
    if (inside) chosen.focus();
  });
}

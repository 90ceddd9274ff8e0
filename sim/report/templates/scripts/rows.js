// Rows of a figure that can be left out, put in another order, or gathered under headings: timeline, claims and losses.
const choice = { order: "date", claimant: "", article: "", place: "" };
const HEADING = 0.46;
const HAIR = 1e-6;

const fits = (row) => ["claimant", "article", "place"].every((what) => !choice[what] || (row[`${what}s`] ?? []).includes(choice[what]));

// Returns the rows that are kept, each with its new top, and the headings between them.
const laidOut = (rows, order, keeps) => {
  const shown = rows.filter(keeps);
  const grouped = order !== "date" && shown.every((row) => row[order] !== undefined);
  const names = grouped ? [...new Set(shown.map((row) => row[order]))].sort((a, b) => a.localeCompare(b)) : [undefined];
  const headings = [];
  const tops = new Map();
  let top = 0;
  for (const name of names) {
    if (grouped) {
      headings.push({ name, top, height: HEADING, heading: true });
      top += HEADING;
    }
    for (const row of shown) {
      if (grouped && row[order] !== name) continue;
      tops.set(row, top);
      top += row.height;
    }
  }
  return { tops, headings, total: top };
};

const keptOnly = (value, kept, size) => {
  if (Array.isArray(value)) return value.length === size ? kept.map((at) => value[at]) : value;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keptOnly(item, kept, size)]));
};

// Returns data and layout of a figure with some of its rows, in an order; a figure without rows is left alone.
const withRows = ({ data, layout }, order, keeps) => {
  const rows = layout.meta && layout.meta.rows;
  if (!rows || (order === "date" && rows.every(keeps))) return { data, layout };
  const { tops, headings, total } = laidOut(rows, order, keeps);
  const before = rows.reduce((sum, row) => Math.max(sum, row.top + row.height), 0);
  const rowAt = (y) => rows.find((row) => y <= -row.top + HAIR && y > -row.top - row.height + HAIR);
  const moved = (y) => {
    const row = rowAt(y);
    if (!row) return y < -before ? y - before : y;
    return tops.has(row) ? y + row.top - tops.get(row) : null;
  };
  const traces = data.map((trace) => {
    if (!Array.isArray(trace.y)) return trace;
    const kept = trace.y.flatMap((y, at) => (y === null || moved(y) !== null ? [at] : []));
    const found = keptOnly(trace, kept, trace.y.length);
    return { ...found, y: found.y.map((y) => (y === null ? null : moved(y))) };
  });
  const shapes = (layout.shapes ?? []).flatMap((shape) => {
    if (shape.yref === "paper") return [shape];
    const [low, high] = [Math.min(shape.y0, shape.y1), Math.max(shape.y0, shape.y1)];
    if (Math.abs(low + before) < HAIR && (high === 0 || low === high)) return [{ ...shape, y0: -total, y1: high === 0 ? 0 : -total }];
    const to = moved((low + high) / 2);
    if (to === null) return [];
    const by = to - (low + high) / 2;
    return [{ ...shape, y0: shape.y0 + by, y1: shape.y1 + by }];
  });
  const annotations = (layout.annotations ?? []).flatMap((note) => {
    if (note.yref === "paper") return [note];
    const to = moved(note.y);
    return to === null ? [] : [{ ...note, y: to }];
  });
  for (const { name, top } of headings) {
    const words = { text: name.toUpperCase(), x: 0, xref: "paper", y: -top - 0.26, showarrow: false, xanchor: "left", yanchor: "middle" };
    annotations.push({ ...words, font: { size: 11, color: getComputedStyle(document.body).color } });
  }
  if (!tops.size) annotations.push({ text: "No claim answers to this choice.", x: 0, xref: "paper", y: -0.25, showarrow: false, xanchor: "left" });
  const rest = layout.height - layout.meta.row_px * before;
  const height = Math.round(rest + layout.meta.row_px * Math.max(total, 0.6));
  const yaxis = { ...layout.yaxis, range: [-Math.max(total, 0.6), 0] };
  const placed = [...headings, ...[...tops].map(([row, top]) => ({ ...row, top }))].sort((a, b) => a.top - b.top);
  const meta = { ...layout.meta, rows: placed };
  return { data: traces, layout: { ...layout, meta, shapes, annotations, height, yaxis } };
};

// Returns a figure with its rows as they are chosen; the heading of none is left out.
const arranged = (figure) => {
  const rows = (figure.layout.meta || {}).rows || [];
  const chosen = (row) => (row.heading ? rows.some((other) => other.group === row.group && !other.heading && fits(other)) : fits(row));
  return withRows(figure, choice.order, chosen);
};

// Returns a figure in parts: the first, and each of the others, no higher than this. No row is cut, and no heading ends a part.
const inParts = (figure, first, others) => {
  const { rows, row_px: unit } = figure.layout.meta;
  const rest = figure.layout.height - unit * rows.reduce((sum, row) => sum + row.height, 0);
  const parts = [[]];
  const used = () => rest + unit * parts.at(-1).reduce((sum, row) => sum + row.height, 0);
  for (const row of rows) {
    if (used() + unit * row.height > (parts.length === 1 ? first : others) && parts.at(-1).length) {
      const headings = [];
      while (parts.at(-1).at(-1)?.heading) headings.unshift(parts.at(-1).pop());
      parts.push(headings);
    }
    parts.at(-1).push(row);
  }
  return parts.filter((part) => part.length).map((part) => withRows(figure, "date", (row) => part.includes(row)));
};

// Tables below these figures show the rows that are chosen, in their own order, and no heading without one.
const choosable = [...document.querySelectorAll("tr[data-keys]")].map((row) => [row, JSON.parse(row.dataset.keys)]);
const claimsHeading = document.getElementById("h-claims");
const allClaims = claimsHeading && claimsHeading.textContent;
const chooseListed = () => {
  for (const [row, keys] of choosable) row.hidden = !fits(keys);
  if (claimsHeading) {
    const claims = choosable.filter(([row]) => row.closest("#claims"));
    const kept = claims.filter(([row]) => !row.hidden).length;
    claimsHeading.textContent = kept < claims.length ? `${numberWords(kept)} of ${numberWords(claims.length)} claims` : allClaims;
  }
  for (const group of document.querySelectorAll(".chosen-rows tbody")) group.hidden = !group.querySelector("tr[data-keys]:not([hidden])");
};

const choosing = document.getElementById("choosing");
const chooseRows = () => {
  for (const name of Object.keys(choice)) choice[name] = choosing.elements[name].value;
  chooseListed();
  const some = charts.filter((chart) => (block.figures[chart.dataset.figure].wide.layout.meta || {}).rows);
  later(async () => {
    for (const chart of some) {
      drawn.set(chart.dataset.figure, { form: "", width: 0 });
      await draw(chart);
    }
  });
};
if (choosing) {
  choosing.addEventListener("submit", (event) => event.preventDefault());
  choosing.addEventListener("input", chooseRows);
  choosing.addEventListener("reset", () => setTimeout(chooseRows));
}

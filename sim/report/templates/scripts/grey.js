// Whose it is, said without hues: on paper and on screens of one colour the ground of all sides but the first is hatched,
// and a cell of the heat map has the letter of a side where this begins to lead, and a dash where nobody does after a side.
const HATCHES = ["", "/", "x", "-", "|", "."];
otherOnPaper.add("map").add("heatmap");
const inGrey = () => onPaper || matchMedia("(monochrome)").matches;

// The number of the side that is likeliest to hold a place, or holds it in the history that is played.
const leader = (id, day) => {
  if (playing) return playing.held[day][told.ids.indexOf(id)];
  const place = block.theatre && block.theatre.places.find((one) => one.id === id);
  const shares = place ? place.held.map((days) => days[day]) : [];
  return shares.indexOf(Math.max(...shares));
};

dayLayers.push((day, map) => {
  for (const trace of map.data) {
    if (!trace.meta || !trace.meta.zone) continue;
    const [, hatch] = (inGrey() && block.forms[leader(trace.meta.zone, day)]) || ["", 0];
    trace.fillpattern = { shape: HATCHES[hatch], size: 7, solidity: 0.16, bgcolor: trace.fillcolor, fgcolor: "rgba(35,39,45,0.75)" };
  }
});

const lettersOn = ({ data }) => {
  const [cells] = data;
  const found = { x: [], y: [], text: [] };
  cells.z.forEach((row, at) => row.forEach((value, column) => {
    const side = value === null ? -1 : Math.floor(value);
    const before = column && row[column - 1] !== null ? Math.floor(row[column - 1]) : -1;
    if (side < 0 || side === before) return;
    const letter = block.forms[side][0] || (before < 0 ? "" : "\u2013");
    if (!letter) return;
    found.x.push(cells.x[column]);
    found.y.push(cells.y[at]);
    found.text.push(letter);
  }));
  data.push({ type: "scatter", mode: "text", x: found.x, y: found.y, text: found.text, textfont: { size: 11, color: css("--ink") }, hoverinfo: "skip" });
};
const finishHeatmap = finishing.heatmap;
finishing.heatmap = (figure) => {
  finishHeatmap(figure);
  if (inGrey()) lettersOn(figure);
};

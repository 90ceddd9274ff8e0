// Figures: each drawn in the form that fits its width, and again when that changes.
const PRINTED_ROWS = 60;
const block = JSON.parse(document.getElementById("data").textContent);
const charts = [...document.querySelectorAll("[data-figure]")];
const drawn = new Map();
let pending = Promise.resolve();

// Does one thing after another; what fails says so on the console, and what waits behind it is done all the same.
const later = (work) => {
  pending = pending.then(work).catch((error) => console.error(error));
  return pending;
};

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

// A number as it stands on the page, with narrow spaces between thousands.
const numberWords = (value) => value.toLocaleString("en-GB").replace(/,/g, "\u202f");

const config = (name, form) => ({
  displaylogo: false, displayModeBar: name === "map" && form === "wide" ? "hover" : false, scrollZoom: false, responsive: false,
  modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]], doubleClick: "reset",
});

// What other scripts do with a figure, by its name: what they change in it before it is drawn, and do with its place after.
const finishing = {};
const afterwards = {};
// Figures that are drawn otherwise on paper, and not only as wide as it is.
const otherOnPaper = new Set();

const heightOf = (name, form, width) => {
  const { height, meta } = block.figures[name][form].layout;
  return meta && meta.height_per_width ? Math.round(width * meta.height_per_width) : height;
};

const prepared = (name, form, width) => {
  const source = block.figures[name][form];
  const layout = structuredClone({ ...shaded(source.layout), template: shaded(block.template), width, height: heightOf(name, form, width), autosize: false });
  if (layout.images) layout.images = layout.images.map((image) => ({ ...image, source: block.pictures[image.source] }));
  const wide = block.figures[name].wide.data;
  const data = form === "wide" ? wide : source.data.map((trace, order) => ({ ...wide[order], ...trace }));
  const figure = arranged({ data: shaded(data), layout });
  if (finishing[name]) finishing[name](figure);
  return figure;
};

const formFor = (chart, width) => {
  const narrow = width < Number(chart.dataset.narrowBelow) && block.figures[chart.dataset.figure].narrow;
  return narrow ? "narrow" : "wide";
};

// Plots a figure in its place. What stands in the drawing is told to readers of screens by the label of the place.
const plot = async (place, figure) => {
  await Plotly.newPlot(place, figure);
  for (const drawing of document.querySelectorAll(`#${place.id} svg, #js-plotly-tester`)) drawing.setAttribute("aria-hidden", "true");
};

const draw = async (chart, width = chart.clientWidth) => {
  if (!width) return;
  const name = chart.dataset.figure;
  const form = formFor(chart, width);
  const before = drawn.get(name);
  const dark = isDark();
  const paper = onPaper && otherOnPaper.has(name);
  const alike = before && before.form === form && before.dark === dark && before.paper === paper;
  if (alike && before.width === width) return;
  if (alike) await Plotly.relayout(chart, (chart.layout.meta || {}).height_per_width ? { width, height: heightOf(name, form, width) } : { width });
  else {
    if (before) Plotly.purge(chart);
    await plot(chart, { ...prepared(name, form, width), config: config(name, form) });
    chart.style.minHeight = "";
    chart.on("plotly_click", (event) => followed(event));
  }
  drawn.set(name, { form, width, dark, paper });
  if (afterwards[name]) await afterwards[name](chart, !alike);
};

// What is drawn can be read while the rest is being drawn; a print does not wait, so then there is no pause.
let hurry = () => {};
const pause = () => new Promise((done) => {
  hurry = done;
  if (onPaper) done();
  else setTimeout(done);
});

// Pixels between the window and a place; none where any of it can be seen.
const away = (chart) => {
  const { top, bottom } = chart.getBoundingClientRect();
  return Math.max(top - window.innerHeight, -bottom, 0);
};

// A place is as high as its figure will be, so that nothing below it moves when that is drawn.
const reserve = (places) => {
  const widths = places.map((place) => place.clientWidth);
  for (const [at, place] of places.entries()) {
    if (widths[at]) place.style.minHeight = `${heightOf(place.dataset.figure, formFor(place, widths[at]), widths[at])}px`;
  }
};

// Draws every figure, what is seen first and then what is nearest to it, wherever a reader has gone meanwhile.
const drawAll = () => {
  return later(async () => {
    const left = new Set(charts);
    reserve(charts.filter((chart) => !drawn.has(chart.dataset.figure)));
    while (left.size) {
      const [next] = [...left].sort((one, other) => away(one) - away(other));
      left.delete(next);
      await draw(next).catch((error) => console.error(error)); // the others are drawn all the same
      await pause();
    }
  });
};

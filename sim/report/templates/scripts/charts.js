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

const config = (name, form) => ({
  displaylogo: false, displayModeBar: name === "map" && form === "wide" ? "hover" : false, scrollZoom: false, responsive: false,
  modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]], doubleClick: "reset",
});

const prepared = (name, form, width) => {
  const source = block.figures[name][form];
  const layout = { ...shaded(source.layout), template: shaded(block.template), width, autosize: false };
  if (layout.images) layout.images = layout.images.map((image) => ({ ...image, source: block.pictures[image.source] }));
  if (name === "map") layout.height = Math.round(width * source.layout.meta.height_per_width);
  const wide = block.figures[name].wide.data;
  const data = form === "wide" ? wide : source.data.map((trace, order) => ({ ...wide[order], ...trace }));
  return arranged({ data: shaded(data), layout: structuredClone(layout) });
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
  const alike = before && before.form === form && before.dark === dark;
  if (alike && before.width === width) return;
  if (alike) {
    const size = name === "map" ? { width, height: Math.round(width * block.figures.map[form].layout.meta.height_per_width) } : { width };
    await Plotly.relayout(chart, size);
    if (name === "map") await showDay(Number(slider.value));
  } else {
    if (before) Plotly.purge(chart);
    const { data, layout } = prepared(name, form, width);
    await plot(chart, { data, layout, config: config(name, form) });
    if (name === "map") mapListeners.forEach((listen) => listen(chart));
    if (name === "map" && before) await showDay(Number(slider.value));
    if (name !== "map") chart.on("plotly_click", (event) => followed(event));
    if (name === "heatmap") chart.on("plotly_click", (event) => chooseDay(event));
  }
  drawn.set(name, { form, width, dark });
};

// What is drawn can be read while the rest is being drawn; a print does not wait, so then there is no pause.
let hurry = () => {};
const pause = () => new Promise((done) => {
  hurry = done;
  if (onPaper) done();
  else setTimeout(done);
});

const drawAll = () => {
  return later(async () => {
    for (const chart of charts) {
      await draw(chart);
      await pause();
    }
  });
};

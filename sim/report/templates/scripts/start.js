// Drawing, drawing again, and drawing for paper.
const again = () => {
  if (!onPaper) drawAll(); // paper has a width and colours of its own
};
let frame = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(again);
});
darkScheme.addEventListener("change", () => {
  paint();
  again();
});
// Pixels of a sheet between its margins, A4 or Letter, and which parts of its height a figure may have that stands below
// a heading and its text: whole, below the long key of the map, or as the first part of several.
const SHEET = { width: 680, height: 940, whole: 0.66, map: 0.54, first: 0.45 };
const folded = [];
let parts = [];
const clear = () => {
  for (const part of parts) {
    Plotly.purge(part);
    part.remove();
  }
  parts = [];
  for (const chart of charts) {
    chart.classList.remove("in-parts");
    chart.style.zoom = "";
  }
};

// Paper is finer than a screen: a figure outside of the panels has its wide form there, made smaller. It is cut between
// rows where it is too high; what has no rows is made smaller still, and wider as far as it may be.
const drawOnPaper = async (chart) => {
  const name = chart.dataset.figure;
  if (chart.closest(".panel")) return draw(chart, SHEET.width / 2 - 20);
  const width = Math.max(SHEET.width, Number(chart.dataset.narrowBelow));
  const zoom = SHEET.width / width;
  const figure = prepared(name, "wide", width);
  const smaller = Math.min(1, ((SHEET[name] ?? SHEET.whole) * SHEET.height) / (zoom * figure.layout.height));
  if (smaller === 1 || !(figure.layout.meta || {}).rows) {
    await draw(chart, name === "map" ? width : Math.round(width / smaller));
    chart.style.zoom = zoom * smaller;
    return;
  }
  let last = chart;
  for (const [at, part] of inParts(figure, (SHEET.first * SHEET.height) / zoom, SHEET.height / zoom).entries()) {
    const place = element("div", "chart");
    place.id = `${chart.id}-${at}`;
    place.style.zoom = zoom;
    last.after(place);
    last = place;
    parts.push(place);
    await plot(place, { ...part, config: config(name, "wide") });
  }
  chart.classList.add("in-parts");
};

// A print waits for what follows at once, and for nothing that takes a pause: so whatever is being drawn goes on without
// one, and only then all is drawn for paper.
window.addEventListener("beforeprint", () => {
  onPaper = true;
  hurry();
  paint();
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    folded.push(details);
  }
  later(async () => {
    clear();
    for (const chart of charts) await drawOnPaper(chart);
  });
});
window.addEventListener("afterprint", () => {
  onPaper = false;
  paint();
  for (const details of folded.splice(0)) details.open = false;
  later(clear);
  drawAll();
});

const quiet = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
// What is drawn may ask for more to be drawn: it has settled when nothing has been asked for meanwhile.
window.reportSettled = async () => {
  let waited;
  await quiet();
  do {
    waited = pending;
    await waited;
    await quiet();
  } while (waited !== pending);
};
drawAll();
window.reportReady = later(() => document.body.classList.add("whole"));

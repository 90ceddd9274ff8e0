"use strict";
(() => {
  const PRINT_WIDTH = 680;
  const PRINTED_ROWS = 60;
  const block = JSON.parse(document.getElementById("data").textContent);
  const charts = [...document.querySelectorAll("[data-figure]")];
  const drawn = new Map();
  let pending = Promise.resolve();

  const config = (name, form) => ({
    displaylogo: false, displayModeBar: name === "map" && form === "wide" ? "hover" : false, scrollZoom: false, responsive: false,
    modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]], doubleClick: "reset",
  });

  const prepared = (name, form, width) => {
    const source = block.figures[name][form];
    const layout = { ...source.layout, template: block.template, width, autosize: false };
    if (layout.images) layout.images = layout.images.map((image) => ({ ...image, source: block.pictures[image.source] }));
    if (name === "map") layout.height = Math.round(width * source.layout.meta.height_per_width);
    const wide = block.figures[name].wide.data;
    const data = form === "wide" ? wide : source.data.map((trace, order) => ({ ...wide[order], ...trace }));
    return { data: structuredClone(data), layout: structuredClone(layout) };
  };

  const formFor = (chart, width) => {
    const narrow = width < Number(chart.dataset.narrowBelow) && block.figures[chart.dataset.figure].narrow;
    return narrow ? "narrow" : "wide";
  };

  const draw = async (chart, width = chart.clientWidth) => {
    if (!width) return;
    const name = chart.dataset.figure;
    const form = formFor(chart, width);
    const before = drawn.get(name);
    if (before && before.form === form && before.width === width) return;
    if (before && before.form === form) {
      const size = name === "map" ? { width, height: Math.round(width * block.figures.map[form].layout.meta.height_per_width) } : { width };
      await Plotly.relayout(chart, size);
    } else {
      if (before) Plotly.purge(chart);
      const { data, layout } = prepared(name, form, width);
      await Plotly.newPlot(chart, { data, layout, config: config(name, form) });
      if (name === "map" && before) await showDay(Number(slider.value));
      if (name === "heatmap") chart.on("plotly_click", (event) => chooseDay(event));
    }
    drawn.set(name, { form, width });
  };

  const drawAll = (width) => {
    pending = pending.then(async () => {
      for (const chart of charts) await draw(chart, width);
    });
    return pending;
  };

  // --- the days of the map --------------------------------------------------------------------
  const slider = document.getElementById("day");
  const date = document.getElementById("date");
  const play = document.getElementById("play");
  const mapChart = document.getElementById("chart-map");
  const heatmap = document.getElementById("chart-heatmap");

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const placeItem = (found) => {
    const item = element("li");
    const split = element("div", "split");
    for (const holder of found.holders) {
      const part = element("span");
      part.style.width = `${100 * holder.share}%`;
      part.style.background = holder.colour;
      split.append(part);
    }
    const words = found.holders.map((holder) => `${holder.name} ${holder.words}`).join(" · ");
    item.append(element("div", "", found.place), split, element("div", "quiet", words));
    return item;
  };

  const claimItem = (found) => {
    const item = element("li");
    const body = element("div", "who");
    body.style.borderColor = found.colour;
    body.append(element("div", "", found.words), element("div", "quiet", `${found.who} · ${found.status}`));
    item.append(body);
    return item;
  };

  const listDay = (day) => {
    const places = day.places.map(placeItem);
    if (!places.length) places.push(element("li", "quiet", "Every place has the same holder in all campaigns."));
    document.getElementById("places").replaceChildren(...places);
    const told = document.getElementById("told");
    if (!told) return;
    const claims = day.claims.map(claimItem);
    if (!claims.length) claims.push(element("li", "quiet", "Nothing that names a place on the map."));
    if (day.more) claims.push(element("li", "quiet", `and ${day.more} more`));
    told.replaceChildren(...claims);
  };

  const showDay = async (index) => {
    const day = block.days[index];
    date.textContent = day.date;
    slider.setAttribute("aria-valuetext", day.date);
    listDay(day);
    const moving = block.figures.map.wide.layout.meta.moving;
    block.changes[index].forEach((change, order) => Object.assign(mapChart.data[moving[order]], change));
    await Plotly.redraw(mapChart);
    if (heatmap && heatmap.data) {
      const x = heatmap.data[0].x[index];
      await Plotly.relayout(heatmap, { "shapes[0].x0": x, "shapes[0].x1": x, "shapes[0].visible": true });
    }
  };

  const chooseDay = (event) => {
    const index = block.figures.heatmap.wide.data[0].x.indexOf(event.points[0].data.type === "heatmap" ? event.points[0].x : null);
    if (index >= 0) setDay(index);
  };

  const setDay = (index) => {
    slider.value = String(index);
    pending = pending.then(() => showDay(index));
  };

  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.querySelector(".word").textContent = "Play";
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) === block.days.length - 1) setDay(0);
    play.setAttribute("aria-pressed", "true");
    play.querySelector(".word").textContent = "Pause";
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next >= block.days.length) return stop();
      setDay(next);
    }, 700);
  });
  slider.addEventListener("input", () => setDay(Number(slider.value)));

  // --- the register of assumptions ------------------------------------------------------------
  const rows = [...document.querySelectorAll("#register tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const find = document.getElementById("find");
  const confidence = document.getElementById("confidence");
  const constants = document.getElementById("constants");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [index, row] of rows.entries()) {
      const fits = words.every((word) => texts[index].includes(word))
        && (!confidence.value || row.dataset.confidence === confidence.value)
        && (constants.checked || !("constant" in row.dataset));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length} numbers`;
    document.getElementById("assumptions").classList.toggle("long", shown > PRINTED_ROWS);
  };
  document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
  for (const control of [find, confidence, constants]) control.addEventListener("input", filter);
  filter();

  // --- drawing, and drawing again -------------------------------------------------------------
  let frame = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => drawAll());
  });
  window.addEventListener("beforeprint", () => charts.forEach((chart) => draw(chart, chart.closest(".panel") ? PRINT_WIDTH / 2 - 20 : PRINT_WIDTH)));
  window.addEventListener("afterprint", () => drawAll());

  const quiet = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  window.reportSettled = async () => {
    await quiet();
    await pending;
    await quiet();
  };
  window.reportReady = drawAll().then(() => showDay(Number(slider.value)));
})();

// The days of the map: the slider, the player, and the lists beside them.
const slider = document.getElementById("day");
const date = document.getElementById("date");
const play = document.getElementById("play");
const mapChart = document.getElementById("chart-map");
const heatmap = document.getElementById("chart-heatmap");

// A number that leads to where it comes from, as plain words where the page does not know that.
const leading = (words, key, at, label) => {
  const made = element(block.whence.sources[key] ? "button" : "span", "", words);
  if (made.tagName === "SPAN") return made;
  Object.assign(made, { type: "button", className: "follow", title: "Where this number comes from" });
  Object.assign(made.dataset, { whence: key, at: JSON.stringify(at), label });
  return made;
};

const placeItem = (found, { day, date: end }) => {
  const item = element("li");
  const split = element("div", "split");
  for (const holder of found.holders) {
    const part = element("span");
    part.style.width = `${100 * holder.share}%`;
    part.style.background = shade(holder.colour);
    split.append(part);
  }
  const words = found.holders.map((holder) => `${holder.name} ${holder.words}`).join(" · ");
  const told = element("div", "quiet");
  told.append(leading(words, "control", { place: found.id, day }, `${found.place}, end of ${end}: ${words}`));
  item.append(element("div", "", found.place), split, told);
  return item;
};

const claimItem = (found) => {
  const item = element("li");
  const body = element("div", "who");
  body.style.borderColor = shade(found.colour);
  body.append(element("div", "", found.words), element("div", "quiet", `${found.who} · ${found.status}`));
  item.append(body);
  return item;
};

const listDay = (day) => {
  const places = day.places.map((found) => placeItem(found, day));
  if (!places.length) places.push(element("li", "quiet", "Every place has the same holder in all campaigns."));
  document.getElementById("places").replaceChildren(...places);
  const told = document.getElementById("told");
  if (!told) return;
  const claims = day.claims.map(claimItem);
  if (!claims.length) claims.push(element("li", "quiet", "Nothing about holding or fighting at a place of the map that is dated to within four days."));
  if (day.more) claims.push(element("li", "quiet", `and ${day.more} more`));
  told.replaceChildren(...claims);
};

// What else changes with the day: functions of its number and of the map, called before that is drawn.
const dayLayers = [];
const mapListeners = [];

// Tells of a day beside the map and puts it into the map, which is the drawn one or the figure that is about to be.
const fillDay = (index, map) => {
  const day = block.days[index];
  date.textContent = day.date;
  slider.setAttribute("aria-valuetext", day.date);
  listDay(day);
  const moving = map.layout.meta.moving;
  block.changes[index].forEach((change, order) => Object.assign(map.data[moving[order]], shaded(change)));
  for (const layer of dayLayers) layer(index, map);
};

const showDay = async (index) => {
  if (!mapChart.data) return; // it will be drawn with its day
  fillDay(index, mapChart);
  await Plotly.redraw(mapChart);
  if (heatmap && heatmap.data) await Plotly.relayout(heatmap, onHeatmap(heatmap.data, index, "shapes[0]."));
};

// The line of the day on the heat map, which is its first shape.
const onHeatmap = (data, index, path = "") => {
  const x = data[0].x[index];
  return { [`${path}x0`]: x, [`${path}x1`]: x, [`${path}visible`]: true };
};
finishing.heatmap = ({ data, layout }) => Object.assign(layout.shapes[0], onHeatmap(data, Number(slider.value)));
afterwards.heatmap = (chart, anew) => {
  if (anew) chart.on("plotly_click", (event) => chooseDay(event));
};
finishing.map = (map) => fillDay(Number(slider.value), map);
afterwards.map = (chart, anew) => {
  if (anew) return mapListeners.forEach((listen) => listen(chart));
  return showDay(Number(slider.value)); // what has a size in pixels is as large as before
};

const chooseDay = (event) => {
  const [point] = event.points;
  if (point.data.type === "heatmap") setDay(point.pointIndex[1]); // its x is no longer as it was written
};

const setDay = (index) => {
  slider.value = String(index);
  later(() => showDay(index));
};

let timer = 0;
// The button says what it would do next; that it is pressed it does not say as well.
const shown = (plays) => {
  play.classList.toggle("plays", plays);
  play.querySelector(".word").textContent = plays ? "Pause" : "Play";
};
const stop = () => {
  clearInterval(timer);
  timer = 0;
  shown(false);
};
play.addEventListener("click", () => {
  if (timer) return stop();
  if (Number(slider.value) === block.days.length - 1) setDay(0);
  shown(true);
  timer = setInterval(() => {
    const next = Number(slider.value) + 1;
    if (next >= block.days.length) return stop();
    setDay(next);
  }, 700);
});
slider.addEventListener("input", () => setDay(Number(slider.value)));

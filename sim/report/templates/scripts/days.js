// The days of the map: the slider, the player, and the lists beside them.
const slider = document.getElementById("day");
const date = document.getElementById("date");
const play = document.getElementById("play");
const mapChart = document.getElementById("chart-map");
const heatmap = document.getElementById("chart-heatmap");

const placeItem = (found) => {
  const item = element("li");
  const split = element("div", "split");
  for (const holder of found.holders) {
    const part = element("span");
    part.style.width = `${100 * holder.share}%`;
    part.style.background = shade(holder.colour);
    split.append(part);
  }
  const words = found.holders.map((holder) => `${holder.name} ${holder.words}`).join(" · ");
  item.append(element("div", "", found.place), split, element("div", "quiet", words));
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
  const places = day.places.map(placeItem);
  if (!places.length) places.push(element("li", "quiet", "Every place has the same holder in all campaigns."));
  document.getElementById("places").replaceChildren(...places);
  const told = document.getElementById("told");
  if (!told) return;
  const claims = day.claims.map(claimItem);
  if (!claims.length) claims.push(element("li", "quiet", "Nothing about holding or fighting at a place of the map that is dated to within four days."));
  if (day.more) claims.push(element("li", "quiet", `and ${day.more} more`));
  told.replaceChildren(...claims);
};

// What else changes with the day: functions of its number, called before the map is drawn again.
const dayLayers = [];
const mapListeners = [];

const showDay = async (index) => {
  const day = block.days[index];
  date.textContent = day.date;
  slider.setAttribute("aria-valuetext", day.date);
  listDay(day);
  const moving = block.figures.map.wide.layout.meta.moving;
  block.changes[index].forEach((change, order) => Object.assign(mapChart.data[moving[order]], shaded(change)));
  for (const layer of dayLayers) layer(index);
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

// What is shown once every figure is drawn.
const opened = () => showDay(Number(slider.value));

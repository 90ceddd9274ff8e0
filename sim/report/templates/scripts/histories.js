// Single histories: their sentences and facts, what led to them, and the map playing one of them.
const told = block.histories;
const ROOTS = ["", "how things stood at the start", "an announced date", "a draw", "from outside"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const [CENTRE, IN_HILLS, MARCHING, CONVOY] = [0, 1, 2, 3];
const WEIGHTY = 2;
const LINKS_SHOWN = 6;
const UNITS = Object.fromEntries(["leaders", "arrows", "labels", "symbols"].map((what) => [what, `${what} of one history`]));

const localTime = (seconds) => new Date(Date.parse(`${told.start}:00Z`) + 1000 * seconds);
const dateWords = (at) => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
const hourWords = (at) => at.toISOString().slice(11, 16);
// The day of the slider for a second: that of its date, or where days end at another hour the first at whose end it has come.
const dayOf = (second) => {
  const found = told.ends.findIndex((end) => (told.dated ? end > second : end >= second));
  return found < 0 ? told.ends.length - 1 : found;
};
const escaped = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const button = (className, words) => {
  const made = element("button", className, words);
  made.type = "button";
  return made;
};
// A button that shows and hides what it makes the first time, which is put behind the given element.
const disclosing = (opener, behind, make) => {
  let shown = null;
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", () => {
    if (!shown) {
      shown = make();
      behind.after(shown);
      shown.hidden = true;
    }
    shown.hidden = !shown.hidden;
    opener.setAttribute("aria-expanded", String(!shown.hidden));
  });
  return opener;
};

// A row of facts is: number, kind, second, cause, because, cause in the tree, what was known, root and word, values.
const indexed = told ? told.told.map((source) => {
  const facts = new Map(source.facts.map((row) => [row[0], row]));
  const sentences = new Map(source.texts);
  const lines = source.lines.map(([seq, weight, place, what, why]) => {
    const where = typeof place === "string" ? place : place >= 0 ? told.places[place] : "";
    const said = why ? `${what}, ${why}.` : `${what}.`;
    sentences.set(seq, where ? `${where}: ${what}.` : `${what}.`);
    const row = facts.get(seq);
    return { seq, weight, where, said, time: row[2], matter: told.kinds[row[1]][1] };
  });
  const now = told.places.map(() => told.sides.length - 1);
  const held = source.held.map((changes) => {
    for (const [place, side] of changes) now[place] = side;
    return [...now];
  });
  return { number: source.number, facts, sentences, lines, held, units: source.units, outcomes: source.outcomes };
}) : [];

// --- what led to a fact ---------------------------------------------------------------------------
const causesOf = (history, top) => {
  const before = new Set();
  const of = (seq, leaf) => {
    const chain = [];
    for (let at = seq; at >= 0;) {
      const row = history.facts.get(at);
      const again = before.has(at);
      before.add(at);
      chain.push({ seq: at, again, root: again ? "" : ROOTS[row[7] % 8], known: [] });
      at = again || leaf ? -1 : row[5];
    }
    for (const link of chain) {
      if (link.again || leaf) continue;
      for (const other of history.facts.get(link.seq)[6] || []) {
        if (!before.has(other)) link.known.push(of(other, history.facts.get(other)[7] >= 8));
      }
    }
    return chain;
  };
  return of(top, false);
};

const causeItem = (history, link, first) => {
  const item = element("li");
  const said = element("div", "said");
  const at = localTime(history.facts.get(link.seq)[2]);
  said.append(element("span", "quiet", `${dateWords(at)} ${hourWords(at)} `));
  if (first) said.append(element("span", "role", "knew: "));
  said.append(`${history.sentences.get(link.seq)} `, factButton(history, link.seq, said));
  if (link.again) said.append(element("span", "quiet", " (told above)"));
  if (link.root) said.append(element("span", "root", link.root));
  item.append(said);
  for (const chain of link.known) item.append(causeList(history, chain, true));
  return item;
};

const causeList = (history, chain, known = false) => {
  const list = element("ul", known ? "tree known" : "tree");
  const shown = chain.slice(0, LINKS_SHOWN).map((link, order) => causeItem(history, link, known && !order));
  list.append(...shown);
  if (chain.length > LINKS_SHOWN) {
    const item = element("li");
    const left = chain.length - LINKS_SHOWN;
    const more = button("quiet-button", `${left} more ${left > 1 ? "links" : "link"} back`);
    more.addEventListener("click", () => {
      const rest = chain.slice(LINKS_SHOWN).map((link) => causeItem(history, link, false));
      item.replaceWith(...rest);
      rest[0].querySelector("button").focus();
    });
    item.append(more);
    list.append(item);
  }
  return list;
};

const whyButton = (history, seq, behind) => disclosing(button("quiet-button why", "why?"), behind, () => {
  const box = element("div", "why-tree");
  box.append(element("p", "quiet", "What led to it in this simulated history, the nearest cause first:"));
  box.append(causeList(history, causesOf(history, seq)));
  return box;
});

// --- a fact ---------------------------------------------------------------------------------------
const factDetail = (history, seq) => {
  const [, kind, second, cause, because, , , , ...values] = history.facts.get(seq);
  const [name, , fields] = told.kinds[kind];
  const box = element("div", "fact");
  const list = element("dl");
  const add = (title, ...content) => {
    const entry = element("div");
    const value = element("dd");
    value.append(...content);
    entry.append(element("dt", "", title), value);
    list.append(entry);
  };
  const at = localTime(second);
  add("fact", `#${seq} ${name}`);
  add("time", `${dateWords(at)} ${hourWords(at)} (second ${numberWords(second)})`);
  fields.forEach(([field, words], order) => {
    const value = words ? told.words[values[order]] : values[order];
    if (value !== "") add(field, String(value));
  });
  box.append(element("p", "quiet", "Simulated: a record of the model, no report."), list);
  const led = (other, role) => {
    const line = element("p", "led");
    line.append(element("span", "role", role));
    if (history.sentences.has(other)) line.append(`${history.sentences.get(other)} `, factButton(history, other, line));
    else line.append(element("span", "quiet", `#${other}, which this page does not carry`));
    box.append(line);
  };
  if (cause >= 0) led(cause, "because of: ");
  for (const other of because || []) led(other, "and of: ");
  const last = element("p", "led");
  last.append(whyButton(history, seq, last));
  if (cause >= 0) box.append(last);
  return box;
};

const factButton = (history, seq, behind) => {
  const opener = button("number", `#${seq}`);
  opener.setAttribute("aria-label", `Fact ${seq}`);
  return disclosing(opener, behind, () => factDetail(history, seq));
};

// --- sentences and outcomes -----------------------------------------------------------------------
const sentenceItem = (history, line, of) => {
  const item = element("li", line.weight > WEIGHTY ? "heavy" : "");
  const said = element("div", "said");
  const at = localTime(line.time);
  said.append(element("span", "quiet hour", `${of === dateWords(at) ? "" : `${dateWords(at)} `}${hourWords(at)} `));
  if (line.where) said.append(element("b", "", `${line.where}: `));
  said.append(`${line.said} `, factButton(history, line.seq, said));
  item.append(said);
  return item;
};

const narrative = (history, position) => {
  const part = element("div", "narrative");
  const form = element("form", "filter");
  const matter = element("select");
  matter.append(new Option("everything", ""));
  const present = new Set(history.lines.map((line) => line.matter));
  for (const [key, words] of told.matters) if (present.has(key)) matter.append(new Option(words, key));
  const wrapped = (words, control) => {
    const label = element("label");
    label.append(...words, control);
    return label;
  };
  const business = element("input");
  business.type = "checkbox";
  const check = element("label", "check");
  check.append(business, " with the day's business");
  const count = element("output");
  count.setAttribute("aria-live", "polite");
  form.append(wrapped(["About "], matter), check, count);
  form.addEventListener("submit", (event) => event.preventDefault());
  const days = element("div", "diary");
  days.tabIndex = 0;
  days.setAttribute("role", "region");
  days.setAttribute("aria-label", `Sentences of replication ${history.number}, simulated`);
  const show = () => {
    const lines = history.lines.filter((line) => (business.checked || line.weight >= WEIGHTY) && (!matter.value || line.matter === matter.value));
    count.textContent = `${numberWords(lines.length)} of ${numberWords(history.lines.length)} sentences`;
    const parts = [];
    let list = null;
    let before = "";
    let shownDay = -1;
    for (const line of lines) {
      const at = localTime(line.time);
      const day = dayOf(line.time);
      if (dateWords(at) !== before || day !== shownDay) {
        [before, shownDay] = [dateWords(at), day];
        const end = localTime(told.ends[day]);
        // Which end of which day the map shows: where that has the date itself, nothing needs to be said of it.
        const until = told.dated ? "" : `${dateWords(end)} ${hourWords(end)}`;
        const part = until && dateWords(end) === before ? `, to ${hourWords(end)}` : "";
        const head = element("h3", "", `${WEEKDAYS[at.getUTCDay()]} ${before}${part} `);
        const map = button("quiet-button", until ? `show ${until} on the map` : "show on the map");
        map.setAttribute("aria-label", `Show ${until || before} of this history on the map`);
        map.addEventListener("click", () => enterHistory(position, day));
        head.append(map);
        list = element("ol");
        parts.push(head, list);
      }
      list.append(sentenceItem(history, line, before));
    }
    if (!lines.length) parts.push(element("p", "quiet", "No sentence about this."));
    days.replaceChildren(...parts);
  };
  form.addEventListener("input", show);
  show();
  part.append(form, days);
  return part;
};

const outcomeList = (history) => {
  const part = element("div", "outcomes");
  part.tabIndex = 0;
  part.setAttribute("role", "region");
  part.setAttribute("aria-label", `Outcomes of replication ${history.number}, simulated`);
  for (const [title, items] of history.outcomes) {
    const list = element("ul");
    for (const [seq, words, remark] of items) {
      const item = element("li");
      const said = element("div", "said");
      if (!words) {
        const at = localTime(history.facts.get(seq)[2]);
        said.append(element("span", "quiet", `${dateWords(at)} ${hourWords(at)} `));
      }
      said.append(`${words || history.sentences.get(seq)} `);
      if (seq >= 0) said.append(factButton(history, seq, said), " ", whyButton(history, seq, said));
      item.append(said);
      if (remark) item.append(element("div", "quiet remark", remark));
      list.append(item);
    }
    part.append(element("h3", "", title), list);
  }
  return part;
};

const viewerOf = (choice) => {
  const position = told.choices[choice][1];
  const history = indexed[position];
  const bar = element("p", "on-map");
  const map = button("", "Show this history on the map");
  map.addEventListener("click", () => enterHistory(position, 0));
  bar.append(map);
  const both = element("div", "both");
  both.append(narrative(history, position), outcomeList(history));
  return told.alone ? [both] : [bar, both];
};

const tabs = [...document.querySelectorAll("#histories [role=tab]")];
const panels = [...document.querySelectorAll("#histories [data-choice]")];
const openTab = (chosen, focus) => {
  tabs.forEach((tab, order) => {
    tab.setAttribute("aria-selected", String(order === chosen));
    tab.tabIndex = order === chosen ? 0 : -1;
  });
  panels.forEach((panel, order) => { panel.hidden = order !== chosen; });
  const viewer = panels[chosen].querySelector(".viewer");
  if (!viewer.childElementCount) viewer.append(...viewerOf(chosen));
  if (focus) tabs[chosen].focus();
};
tabs.forEach((tab, order) => {
  tab.addEventListener("click", () => openTab(order, false));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: order + 1, ArrowLeft: order - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    openTab((to + tabs.length) % tabs.length, true);
  });
});
if (panels.length) openTab(0, false);

// --- the map plays one history --------------------------------------------------------------------
const mapSection = document.getElementById("map");
const todayHead = document.getElementById("places").previousElementSibling;
const mapLabel = mapChart.getAttribute("aria-label");
const todayLabel = todayHead.textContent;
let playing = null;
const hiddenBefore = new Map();

const enterHistory = (position, index) => {
  playing = indexed[position];
  const title = told.choices.find(([, at]) => at === position);
  document.getElementById("one-history").hidden = false;
  document.getElementById("one-history-name").textContent = told.alone
    ? `Replication ${playing.number}.` : `Replication ${playing.number}, shown as ${title[0].toLowerCase()}.`;
  mapSection.classList.add("one");
  mapChart.setAttribute("aria-label", `Map of one simulated history, replication ${playing.number}, day by day. The list beside it tells what happens on the day in it.`);
  if (timer) stop();
  if (!window.reportReady) return;
  if (document.getElementById("of-place")) closeTimeline();
  setDay(Math.min(index, block.days.length - 1));
  mapSection.scrollIntoView({ block: "start" });
  play.focus({ preventScroll: true });
};

const leaveHistory = () => {
  playing = null;
  document.getElementById("one-history").hidden = true;
  mapSection.classList.remove("one");
  mapChart.setAttribute("aria-label", mapLabel);
  todayHead.textContent = todayLabel;
  setDay(Number(slider.value));
  play.focus({ preventScroll: true });
};

const tinted = (colour, share) => {
  const [red, green, blue] = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
  return shade(`rgba(${red},${green},${blue},${share})`);
};

const unitWords = ([what, side, place, many, , to, , , tonnes]) => {
  const [name, at] = [told.sides[side][0], told.places[place]];
  if (what === CONVOY) return `${name}: convoy of ${numberWords(many)} carriers from ${at} to ${told.places[to]}, ${tonnes} t`;
  if (what === MARCHING) return `${name}: ${numberWords(many)} fighters on the way from ${at} to ${told.places[to]}`;
  return `${name}: ${numberWords(many)} fighters ${what === IN_HILLS ? "in the hills about" : "at"} ${at}`;
};

// Who is drawn: columns first, of which there are few, then the strongest; convoys last.
const RANK = [1, 1, 0, 2];
const drawnUnits = (history, index, map, seen) => {
  const { places } = map.layout.meta;
  const units = history.units[index].map((unit) => {
    const [what, , place, many, symbol, to, x, y, tonnes] = unit;
    const number = places.indexOf(told.ids[place]);
    const moves = what >= MARCHING;
    const ground = moves ? [x, y] : told.points[place];
    const [key, ...size] = told.symbols[symbol];
    const angle = moves ? (Math.atan2(told.points[to][0] - x, told.points[to][1] - y) * 180) / Math.PI : 0;
    const label = what === CONVOY ? `${numberWords(tonnes)} t` : numberWords(many);
    return { unit, key, size, label, moves, ground, angle, at: onSheet(seen, ground), half: moves ? 5 : halfOf(number, map) };
  });
  return units.sort((a, b) => RANK[a.unit[0]] - RANK[b.unit[0]] || b.unit[3] - a.unit[3]);
};

// Puts the units of a day on the map: arrows where they are on the way, symbols beside these and beside places.
const unitsOn = (history, index, map) => {
  const seen = view(map);
  const boxes = taken(seen, map);
  const units = drawnUnits(history, index, map, seen);
  const moving = units.filter((item) => item.moves);
  for (const { at: [x, y] } of moving) boxes.push([x - 5, y - 5, x + 5, y + 5]);
  const { found, left } = placed(units, seen, boxes, told.frame);
  const words = (items) => items.map((item) => escaped(unitWords(item.unit)));
  const spots = (items, of) => items.map(of).map((spot) => onGround(seen, spot));
  const points = (name, spotted, more) => ({ type: "scatter", name, x: spotted.map(([x]) => x), y: spotted.map(([, y]) => y), ...more });
  const leaders = points(UNITS.leaders, found.filter((item) => item.far).flatMap((item) => [...spots([item], (one) => one.at), ...spots([item], (one) => one.middle), [null, null]]), {
    mode: "lines", hoverinfo: "skip", line: { color: css("--ink"), width: 0.8 },
  });
  const arrows = points(UNITS.arrows, moving.map((item) => item.ground), {
    mode: "markers", hoverinfo: "text", hovertext: words(moving),
    marker: { symbol: "triangle-up", angle: moving.map((item) => item.angle), size: 11, opacity: 1, color: moving.map((item) => shade(told.sides[item.unit[1]][1])), line: { color: css("--paper"), width: 1.4 } },
  });
  const labelled = found.filter((item) => item.said);
  const labels = points(UNITS.labels, spots(labelled, (item) => item.said), {
    mode: "text", hoverinfo: "skip", text: labelled.map((item) => item.label), textposition: "middle center", textfont: { size: LABEL_PX, color: css("--ink") },
  });
  const symbols = points(UNITS.symbols, spots(found, (item) => item.middle), {
    mode: "markers", hoverinfo: "text", hovertext: words(found), marker: { size: told.frame, opacity: 0 },
  });
  map.data.push(leaders, arrows, labels, symbols);
  const relief = (map.layout.images || []).filter((image) => image.layer === "below");
  map.layout.images = [...relief, ...found.map((item) => imageOf(item, seen, item.key, 1))];
  noRoom(left, ["unit has", "units have"], "the words of a place name them");
};

const sideItem = (history, index, side) => {
  const own = history.units[index].filter((unit) => unit[1] === side);
  const sum = (...kinds) => own.filter((unit) => kinds.includes(unit[0])).reduce((all, unit) => all + unit[3], 0);
  const places = history.held[index].filter((holder) => holder === side).length;
  const convoys = own.filter(([what]) => what === CONVOY).length;
  const item = element("li");
  const body = element("div", "who");
  body.style.borderColor = shade(told.sides[side][1]);
  const parts = [`${numberWords(sum(CENTRE, IN_HILLS, MARCHING))} fit fighters`];
  if (sum(IN_HILLS)) parts.push(`${numberWords(sum(IN_HILLS))} of them in the hills`);
  if (sum(MARCHING)) parts.push(`${numberWords(sum(MARCHING))} on the way`);
  if (convoys) parts.push(`${convoys} ${convoys > 1 ? "convoys" : "convoy"} on the road`);
  body.append(element("div", "", `${told.sides[side][0]}: ${places} places`), element("div", "quiet", parts.join(", ")));
  item.append(body);
  return item;
};

// Called for each day that the map shows, before it is drawn.
const playHistory = (index, map) => {
  const own = new Set(Object.values(UNITS));
  map.data.splice(0, map.data.length, ...map.data.filter((trace) => !own.has(trace.name)));
  for (const [trace, visible] of hiddenBefore) trace.visible = visible;
  hiddenBefore.clear();
  if (!playing) return;
  const held = playing.held[index];
  const date = block.days[index].date;
  const staying = (place) => playing.units[index].filter((unit) => unit[0] < MARCHING && unit[2] === place).map((unit) => `<br>${escaped(unitWords(unit))}`).join("");
  const words = (place) => `<b>${escaped(told.places[place])}</b>, end of ${date}<br>held by ${escaped(told.sides[held[place]][0])} in this history (simulated)${staying(place)}`;
  block.figures.map.wide.data.forEach((drawn, order) => {
    const trace = map.data[order];
    const meta = trace.meta || {};
    if (meta.zone) {
      const place = told.ids.indexOf(meta.zone);
      Object.assign(trace, { fillcolor: tinted(told.sides[held[place]][1], 0.5), text: words(place), visible: true });
    } else if (meta.places) {
      const places = meta.places.map((place) => told.ids.indexOf(place));
      trace.hovertext = places.map(words);
      trace.marker = { ...trace.marker, color: places.map((place) => shade(told.sides[held[place]][1])) };
    } else if (!meta.told && Array.isArray(drawn.x) && !drawn.x.length) {
      // What the figure leaves empty is filled from all campaigns.
      hiddenBefore.set(trace, trace.visible);
      trace.visible = false;
    }
  });
  unitsOn(playing, index, map);
  todayHead.textContent = "On this day in this simulated history";
  const sides = told.sides.slice(0, -1).map((_, side) => sideItem(playing, index, side));
  const lines = playing.lines.filter((line) => line.weight >= WEIGHTY && dayOf(line.time) === index);
  const today = dateWords(localTime(index ? told.ends[index - 1] : 0));
  const items = lines.map((line) => sentenceItem(playing, line, today));
  if (!items.length) items.push(element("li", "quiet", "Nothing that a commander would be woken for."));
  document.getElementById("places").replaceChildren(...sides, ...items);
};

dayLayers.push(playHistory);

if (told) {
  if (told.alone) enterHistory(0, 0);
  const back = document.getElementById("all-histories");
  if (back) back.addEventListener("click", leaveHistory);
}

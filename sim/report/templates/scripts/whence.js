// Where a number comes from: a dialog with its query, its facts, and the campaigns, or pairs of them, behind it.
const whence = document.getElementById("whence");
const LISTED = 40;

const tell = (id, words) => { document.getElementById(id).textContent = words; };

// Returns the classes that letters name: of each those letters, how many there are, and their numbers.
const lettered = (found, wanted) => wanted.split(",").map((letters) => {
  const numberOf = (at) => found.replications[at] ?? block.whence.replications[at] ?? at;
  const numbers = [...found.letters].flatMap((letter, at) => (letters.includes(letter) ? [numberOf(at)] : []));
  return [letters, numbers.length, numbers];
});

const listed = (found, [letters, many, numbers]) => {
  const of = found.letters.length || block.whence.many;
  const words = found.classes[letters] ?? block.whence.classes[letters];
  const shown = numbers.slice(0, LISTED);
  const more = many > shown.length ? `, and ${numberWords(many - shown.length)} more` : "";
  const some = many ? `Replication${many === 1 ? "" : "s"} ${shown.join(", ")}${more}` : "No replication.";
  return [element("h4", "", `${numberWords(many)} of ${numberWords(of)} ${block.whence.noun}: ${words}`), element("p", "numbers", some)];
};

// Of many points the letters are packed: a byte for each, of all that can be chosen but the day, then by replication, then
// by day; deflated, which takes a fiftieth of the room.
const unpacked = new Map();
const unpack = async (key, data) => {
  if (!unpacked.has(key)) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    unpacked.set(key, new Uint8Array(await new Response(whole).arrayBuffer()));
  }
  return unpacked.get(key);
};

// Returns the classes at one point of those that are packed, without the empty ones; none where no such point is known.
const classesAt = async (key, at) => {
  const found = block.whence.sources[key];
  const axes = Object.entries(found.packed.axes);
  const spots = axes.map(([name, values]) => values.indexOf(at[name]));
  if (spots.includes(-1)) return undefined;
  const codes = await unpack(key, found.packed.data);
  const days = axes.at(-1)[1].length;
  const row = axes.slice(0, -1).reduce((sum, [, values], axis) => sum * values.length + spots[axis], 0);
  const { many } = block.whence;
  const letters = Array.from({ length: many }, (_, order) => found.packed.letters[codes[(row * many + order) * days + spots.at(-1)]]);
  return lettered({ ...found, letters }, found.shown).filter(([, count]) => count);
};

// A point of a figure, or one number of many, knows what is chosen there (spot), and is told of in its label.
const showWhence = (key, wanted, spot, label = "") => {
  const found = block.whence.sources[key];
  if (!found || !whence) return;
  const at = (spot && spot.at) || {};
  const filled = spot && found.one ? `\n${found.one.replace(/\$(\w+)/g, (_, name) => at[name])}` : "";
  tell("whence-title", found.title);
  tell("whence-words", found.words);
  tell("whence-here", label);
  tell("whence-query", found.query + filled);
  tell("whence-where", block.whence.where);
  tell("whence-one", block.whence.one);
  const classes = (spot && spot.some) || (found.letters ? lettered(found, wanted || found.shown) : []);
  const missing = found.unlisted || (found.packed ? "This browser cannot unpack which campaigns these are: the query names them." : "");
  const unlisted = spot && !classes.length && missing ? [element("p", "", missing)] : [];
  document.getElementById("whence-some").replaceChildren(...classes.flatMap((one) => listed(found, one)), ...unlisted);
  const example = at.number ?? (classes.find(([, many]) => many) ?? [])[2]?.[0] ?? block.whence.replications[0] ?? 0;
  const where = at.place === undefined ? "" : ` --place ${at.place}`;
  const kinds = found.kinds.map((kind) => ` --kind ${kind}`).join("") + where;
  const commands = found.commands.length ? found.commands : block.whence.commands;
  tell("whence-command", commands.map((one) => one.replace("-r N", `-r ${example}`).replace(" KINDS", kinds)).join("\n"));
  document.getElementById("whence-facts").hidden = !commands.length || (!found.kinds.length && !classes.length);
  if (!whence.open) whence.showModal();
};

// Shows where a number comes from as soon as the replications behind it are unpacked; a browser that cannot do that, or
// a page without room for them, leaves them to the query.
const follow = async (key, wanted, spot, label) => {
  const found = block.whence.sources[key];
  const some = spot && found && found.packed ? await classesAt(key, spot.at).catch(() => undefined) : undefined;
  showWhence(key, wanted, some ? { ...spot, some } : spot, label);
};

// Returns what a number is of: in a table its row and its column, at the head of the page its sentence.
const numbered = (from) => {
  if (from.dataset.label) return from.dataset.label;
  const sentence = from.closest(".telling p");
  if (sentence) return `${from.textContent}, in: ${sentence.innerText.trim()}`;
  const cell = from.closest("td");
  if (!cell || !cell.closest("table.scores")) return from.textContent;
  const heads = [cell.parentElement.cells[0], cell.closest("table").tHead.rows[0].cells[cell.cellIndex]];
  return `${heads.map((head) => head.innerText.replace(/\n/g, ", ")).filter(Boolean).join("; ")}: ${from.innerText.replace(/\n/g, "; ")}`;
};

document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-whence]");
  if (!from) return;
  const at = from.dataset.at && JSON.parse(from.dataset.at);
  follow(from.dataset.whence, from.dataset.letter, at && { at }, at && numbered(from));
});
if (whence) whence.addEventListener("click", (event) => { if (event.target === whence) whence.close(); });

// Returns the label of a point as plain words.
const labelled = (point) => {
  const words = point.hovertext ?? point.text;
  if (typeof words !== "string") return "";
  const read = new DOMParser().parseFromString(words.replace(/<br>/g, "; "), "text/html");
  return read.body.textContent;
};

// Returns what a point of a fan is: of what, when, how much, and where nine tenths of the campaigns lie.
const quantity = (label, { text, y, customdata: [low, high] }) => {
  const [middle, from, to] = [y, low, high].map((value) => value.toLocaleString("en-GB", { maximumFractionDigits: 1 }));
  return `${label}, end of ${text}: ${middle} (${from}\u2013${to})`;
};

// Points of figures know their source as customdata; those of a figure that has one for all of them, by its meta: what
// is chosen there, by which places its rows stand for, and by which days its columns.
const followed = (event) => {
  const point = event.points.find((one) => Array.isArray(one.customdata) && one.customdata[0] in block.whence.sources);
  if (point) {
    const [key, letters, spot] = point.customdata;
    showWhence(key, letters, spot, spot ? labelled(point) : "");
    return;
  }
  const one = event.points.find(({ data }) => data.meta && data.meta.whence in block.whence.sources);
  if (!one) return;
  const { whence: key, at, days, places, label } = one.data.meta;
  const [row, column] = places ? one.pointIndex : [0, one.pointIndex];
  const words = one.customdata ? quantity(label, one) : [label, labelled(one)].filter(Boolean).join(", ");
  follow(key, "", { at: { ...at, day: days[column], ...(places && { place: places[row] }) } }, words);
};

// A cell of the heat map, without a mouse.
const cellForm = document.getElementById("cell");
if (cellForm) {
  cellForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const { meta, text } = block.figures.heatmap.wide.data[0];
    const at = { place: cellForm.elements.place.value, day: Number(cellForm.elements.day.value) };
    const row = Object.entries(meta.places).find(([, place]) => place === at.place)[0];
    follow("control", "", { at }, labelled({ text: text[row][meta.days.indexOf(at.day)] }));
  });
}

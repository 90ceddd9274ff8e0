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
  const more = many > shown.length ? `, and ${many - shown.length} more` : "";
  const some = many ? `Replication${many === 1 ? "" : "s"} ${shown.join(", ")}${more}` : "No replication.";
  return [element("h4", "", `${many} of ${of} ${block.whence.noun}: ${words}`), element("p", "numbers", some)];
};

// A point of a figure knows what is chosen there (spot), and is told of in its label.
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
  document.getElementById("whence-some").replaceChildren(...classes.flatMap((one) => listed(found, one)));
  const example = at.number ?? (classes.find(([, many]) => many) ?? [])[2]?.[0] ?? block.whence.replications[0] ?? 0;
  const kinds = found.kinds.map((kind) => ` --kind ${kind}`).join("");
  const commands = found.commands.length ? found.commands : block.whence.commands;
  tell("whence-command", commands.map((one) => one.replace("-r N", `-r ${example}`).replace(" KINDS", kinds)).join("\n"));
  document.getElementById("whence-facts").hidden = !commands.length || (!found.kinds.length && !classes.length);
  if (!whence.open) whence.showModal();
};

document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-whence]");
  if (from) showWhence(from.dataset.whence, from.dataset.letter);
});
if (whence) whence.addEventListener("click", (event) => { if (event.target === whence) whence.close(); });

// Returns the label of a point as plain words.
const labelled = (point) => {
  const words = point.hovertext ?? point.text;
  if (typeof words !== "string") return "";
  const read = new DOMParser().parseFromString(words.replace(/<br>/g, "; "), "text/html");
  return read.body.textContent;
};

// Points of figures know their source as customdata.
const followed = (event) => {
  const point = event.points.find((one) => Array.isArray(one.customdata) && one.customdata[0] in block.whence.sources);
  if (!point) return;
  const [key, letters, spot] = point.customdata;
  showWhence(key, letters, spot, spot ? labelled(point) : "");
};

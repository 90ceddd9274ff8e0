// Where a number comes from: a dialog with its query, its facts, and the campaigns behind it.
const whence = document.getElementById("whence");
const CLASSES = { b: "before the window", i: "in the window, or so", a: "after the window", n: "never by the horizon, or not so" };
const LISTED = 40;

const numbersOf = (letters, letter) =>
  [...letters].flatMap((found, at) => (found === letter ? [block.whence.replications[at] ?? at] : []));

const tell = (id, words) => { document.getElementById(id).textContent = words; };

const showWhence = (key, letter = "i") => {
  const found = block.whence.sources[key];
  if (!found || !whence) return;
  tell("whence-title", found.title);
  tell("whence-words", found.words);
  tell("whence-query", found.query);
  const some = document.getElementById("whence-some");
  some.hidden = !found.letters;
  let example = 0;
  if (found.letters) {
    const numbers = numbersOf(found.letters, letter);
    example = numbers[0] ?? 0;
    tell("whence-count", `${numbers.length} of ${found.letters.length} campaigns: ${CLASSES[letter]}`);
    const more = numbers.length > LISTED ? `, and ${numbers.length - LISTED} more` : "";
    tell("whence-numbers", numbers.length ? `Replications ${numbers.slice(0, LISTED).join(", ")}${more}` : "No replication.");
  }
  const kinds = found.kinds.map((kind) => ` --kind ${kind}`).join("");
  tell("whence-command", `sim events DIR -r ${example}${kinds}`);
  whence.querySelector("#whence-facts").hidden = !found.kinds.length && !found.letters;
  if (!whence.open) whence.showModal();
};

document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-whence]");
  if (from) showWhence(from.dataset.whence, from.dataset.letter);
});
if (whence) whence.addEventListener("click", (event) => { if (event.target === whence) whence.close(); });

// Bars of the timeline and claims in their list know their source as customdata.
const followed = (event) => {
  const [key, letter] = event.points[0].customdata ?? [];
  if (key) showWhence(key, letter);
};

// The register of assumptions: which rows are shown.
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
  document.getElementById("shown").textContent = `${numberWords(shown)} of ${numberWords(rows.length)} numbers`;
  document.getElementById("assumptions").classList.toggle("long", shown > PRINTED_ROWS);
};
document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
for (const control of [find, confidence, constants]) control.addEventListener("input", filter);
filter();

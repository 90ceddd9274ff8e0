// Two batches: figures behind tabs, and tables as files.
for (const tabs of document.querySelectorAll("[data-tabs]")) {
  const radios = [...tabs.querySelectorAll("input[type=radio]")];
  const show = () => {
    for (const radio of radios) document.getElementById(`tab-${radio.value}`).classList.toggle("shown", radio.checked);
  };
  for (const radio of radios) radio.addEventListener("change", () => { show(); drawAll(); });
  show();
}

// A spreadsheet takes words that begin like these for a formula.
const FORMULA = /^[=+\-@\t\r]/;
const cellOf = (value) => {
  const words = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
};
const csvOf = (rows) => `${rows.map((row) => row.map(cellOf).join(",")).join("\r\n")}\r\n`;
const rowsOf = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim().replaceAll("\n", " · ")));

const offer = (after, name, text) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "follow table-csv";
  button.textContent = "This table (CSV)";
  button.addEventListener("click", () => save(name, text()));
  after.after(button);
};
for (const [number, table] of document.querySelectorAll("main table").entries()) {
  const name = table.dataset.rows || `table-${number + 1}`;
  // Where there are numbers behind a table, they are saved plain; a table of words is saved as it stands.
  offer(table.closest(".scroll"), name, () => block.numbers[name] ?? csvOf(rowsOf(table)));
}

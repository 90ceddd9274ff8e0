// Tables as files, and the numbers behind each figure as one.
const save = (name, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

const behind = (name) => (name === "map" ? "heatmap" : name);

for (const chart of charts) {
  const name = behind(chart.dataset.figure);
  if (!(name in block.numbers)) continue;
  const line = element("p", "from");
  const button = element("button", "follow", "Numbers of this figure (CSV)");
  button.type = "button";
  button.setAttribute("aria-label", `Numbers of this figure (CSV): ${chart.getAttribute("aria-label")}`);
  button.addEventListener("click", () => save(name, block.numbers[name]));
  line.append(button);
  chart.after(line);
}

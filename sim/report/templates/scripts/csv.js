// Tables as files, and the numbers behind each figure as one.
const save = (name, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

// The tables behind a figure by their names, each with what its button says.
const tablesOf = (name) => (name === "map"
  ? [["heatmap", "Who holds what (CSV)"], ["layers", "Who is where, and what comes along the roads (CSV)"]]
  : [[name, "Numbers of this figure (CSV)"]]).filter(([table]) => table in block.numbers);

for (const chart of charts) {
  const line = element("p", "from");
  for (const [table, words] of tablesOf(chart.dataset.figure)) {
    const saver = element("button", "follow", words);
    saver.type = "button";
    saver.setAttribute("aria-label", `${words}: ${chart.getAttribute("aria-label")}`);
    saver.addEventListener("click", () => save(table, block.numbers[table]));
    line.append(saver);
  }
  if (line.children.length) (chart.parentElement.querySelector(".player") ?? chart).after(line);
}

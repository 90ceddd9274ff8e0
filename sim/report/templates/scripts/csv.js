// The numbers behind a figure as a file.
document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-csv]");
  if (!from) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([block.numbers[from.dataset.csv]], { type: "text/csv" }));
  link.download = `${from.dataset.csv}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
for (const button of document.querySelectorAll("[data-csv]")) button.closest("p").hidden = !(button.dataset.csv in block.numbers);

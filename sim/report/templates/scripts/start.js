// Drawing, and drawing again.
let frame = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => drawAll());
});
darkScheme.addEventListener("change", () => {
  paint();
  drawAll();
});
window.addEventListener("beforeprint", () => {
  onPaper = true;
  paint();
  charts.forEach((chart) => draw(chart, chart.closest(".panel") ? PRINT_WIDTH / 2 - 20 : PRINT_WIDTH));
});
window.addEventListener("afterprint", () => {
  onPaper = false;
  paint();
  drawAll();
});

const quiet = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
window.reportSettled = async () => {
  await quiet();
  await pending;
  await quiet();
};
window.reportReady = drawAll().then(() => opened());

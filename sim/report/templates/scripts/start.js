// Drawing, and drawing again.
const PRINT_WIDTH = 680;
const again = () => {
  if (!onPaper) drawAll(); // paper has a width and colours of its own
};
let frame = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(again);
});
darkScheme.addEventListener("change", () => {
  paint();
  again();
});
// A print waits for what follows at once, and for nothing that takes a pause: so whatever is being drawn goes on without
// one, and only then all is drawn for paper.
window.addEventListener("beforeprint", () => {
  onPaper = true;
  hurry();
  paint();
  later(async () => {
    for (const chart of charts) await draw(chart, chart.closest(".panel") ? PRINT_WIDTH / 2 - 20 : PRINT_WIDTH);
  });
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
drawAll();
window.reportReady = later(opened);

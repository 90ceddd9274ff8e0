// Dark and light: on a dark page every colour of the light one has its lightness turned over in OKLab (Ottosson 2020), so
// that equal steps stay equal and a side keeps its hue. Paper is always light.
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
let onPaper = false;
const isDark = () => darkScheme.matches && !onPaper;

const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const gamma = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
const within = (value, low, high) => Math.min(Math.max(value, low), high);

const turnedOver = ([red, green, blue]) => {
  const [r, g, b] = [red, green, blue].map((value) => linear(value / 255));
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = within(1.165 - (0.210454255 * long + 0.793617785 * medium - 0.004072047 * short), 0.13, 0.97);
  const a = 1.977998495 * long - 2.428592205 * medium + 0.45059371 * short;
  const c = 0.025904037 * long + 0.782771766 * medium - 0.808675766 * short;
  const back = [
    (lightness + 0.396337777 * a + 0.215803757 * c) ** 3,
    (lightness - 0.105561346 * a - 0.063854173 * c) ** 3,
    (lightness - 0.089484178 * a - 1.291485548 * c) ** 3,
  ];
  return [
    4.076741662 * back[0] - 3.307711591 * back[1] + 0.230969929 * back[2],
    -1.268438005 * back[0] + 2.609757401 * back[1] - 0.341319397 * back[2],
    -0.004196086 * back[0] - 0.703418615 * back[1] + 1.707614701 * back[2],
  ].map((value) => Math.round(255 * within(gamma(Math.max(value, 0)), 0, 1)));
};

const HEX = /#[0-9a-f]{6}\b/gi;
const RGB = /rgba?\((\d+), ?(\d+), ?(\d+)(?:, ?([\d.]+))?\)/g;
const known = new Map();

// Returns a colour, or words that hold colours as styles, as the page's scheme has them.
const shade = (words) => {
  if (!isDark() || !(words.startsWith("#") || words.startsWith("rgb") || words.includes("color:"))) return words;
  if (!known.has(words)) {
    const hex = (found) => `rgb(${turnedOver([1, 3, 5].map((at) => parseInt(found.slice(at, at + 2), 16))).join(",")})`;
    const rgb = (found, r, g, b, alpha) => `rgba(${turnedOver([r, g, b].map(Number)).join(",")},${alpha ?? 1})`;
    known.set(words, HEX.test(words) ? words.replace(HEX, hex) : words.replace(RGB, rgb));
    HEX.lastIndex = 0;
  }
  return known.get(words);
};

// Returns a copy of what a figure is made of, with the colours of the page's scheme; typed arrays hold none.
const shaded = (value) => {
  if (typeof value === "string") return shade(value);
  if (Array.isArray(value)) return value.map(shaded);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shaded(item)]));
};

// Colours that stand in the page itself, in styles of elements and in the symbols of the key.
const painted = [...document.querySelectorAll("[style*='background:']")].map((found) => [found, found.style.background]);
const inked = ["fill", "stroke"].flatMap((name) => [...document.querySelectorAll(`.sign [${name}]`)].map((part) => [part, name, part.getAttribute(name)]));
const paint = () => {
  painted.forEach(([found, colour]) => { found.style.background = shade(colour); });
  inked.forEach(([part, name, colour]) => part.setAttribute(name, shade(colour)));
};
paint();

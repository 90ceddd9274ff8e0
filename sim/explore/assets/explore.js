"use strict";
(() => {
  const GAP = 28;
  const TWO_COLUMNS_FROM = 760;
  const NARROW_BELOW = 740;
  const TALLEST = 1.1;

  const width = () => {
    const pictures = document.getElementById("pictures");
    return pictures ? Math.floor(pictures.getBoundingClientRect().width) : 0;
  };

  let frame = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      window.dash_clientside.set_props("width", { data: window.innerWidth });
    });
  });

  // What the components leave out: the thumb of a slider has no name, and no key leads to the chooser.
  const named = () => {
    const chooser = document.getElementById("scenario");
    if (chooser && chooser.tabIndex < 0) chooser.tabIndex = 0;
    for (const slide of document.querySelectorAll(".slide[data-label]")) {
      const thumb = slide.querySelector("[role=slider]");
      if (thumb && !thumb.hasAttribute("aria-label")) thumb.setAttribute("aria-label", slide.dataset.label);
    }
  };
  new MutationObserver(named).observe(document.documentElement, { childList: true, subtree: true });

  // Figures in the colours of the page's scheme, kept until they are replaced: a day of the map changes little of it.
  const { darkScheme, isDark, shaded } = window.scheme;
  const kept = new WeakMap();
  const inScheme = (found) => {
    if (!isDark()) return found;
    if (!kept.has(found)) kept.set(found, shaded(found));
    return kept.get(found);
  };
  darkScheme.addEventListener("change", () => {
    window.dash_clientside.set_props("width", { data: window.innerWidth + (isDark() ? 0.5 : 0) });
  });

  // When the app has ended nothing answers any more: the page says so, and asks no further.
  let leaving = false;
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  const ended = () => {
    const set = window.dash_clientside.set_props;
    set("poll", { disabled: true });
    set("bar", { value: "0", max: "1" });
    set("stage", { children: "" });
    set("run", { disabled: true });
    set("stop", { disabled: true });
    set("save", { disabled: true });
    set("status", { children: "The app has ended. Start sim explore again, and open the address that it prints." });
  };
  const { fetch } = window;
  window.fetch = async (...asked) => {
    try {
      return await fetch(...asked);
    } catch (error) {
      if (!leaving && error.name !== "AbortError") ended();
      throw error;
    }
  };

  const strip = (drawing, template, wide) => {
    if (!drawing || !drawing.strip) return { data: [], layout: { template, height: 10 } };
    const found = inScheme(drawing.strip[wide < NARROW_BELOW ? "narrow" : "wide"]);
    return { data: found.data, layout: { ...found.layout, template, width: wide, autosize: false } };
  };

  const map = (drawing, template, wide, day) => {
    if (!drawing) return { data: [], layout: { template, height: 10 } };
    const found = inScheme(drawing.map[wide < NARROW_BELOW ? "narrow" : "wide"]);
    const data = found.data.slice();
    const moving = found.layout.meta.moving;
    drawing.days[day].forEach((change, order) => {
      data[moving[order]] = { ...data[moving[order]], ...shaded(change) };
    });
    const height = Math.round(wide * Math.min(found.layout.meta.height_per_width, TALLEST));
    return { data, layout: { ...found.layout, template, width: wide, height, autosize: false, dragmode: false } };
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    explore: {
      draw: (figures, show, day) => {
        const none = window.dash_clientside.no_update;
        if (!figures) return [none, none, none, none, "pictures", ""];
        const shown = figures.variant ? show : "base";
        const whole = width() || document.querySelector(".results").getBoundingClientRect().width;
        const two = shown === "both" && whole >= TWO_COLUMNS_FROM;
        const wide = Math.floor(two ? (whole - GAP) / 2 : whole);
        const dates = figures.base.dates;
        const template = inScheme(figures.template);
        const at = Math.min(Math.max(Number(day) || 0, 0), dates.length - 1);
        const moved = window.dash_clientside.callback_context.triggered_id;
        const strips = moved === "day"
          ? [none, none]
          : [strip(figures.base, template, wide), strip(figures.variant, template, wide)];
        return [
          ...strips,
          map(figures.base, template, wide, at),
          map(figures.variant, template, wide, at),
          `pictures show-${shown}${two ? " two" : ""}${figures.base.strip ? "" : " unreported"}`,
          dates[at],
        ];
      },
    },
  });
})();

// Numbers and dates in the reader's locale, the same forms as the page's own text (src/agorascope/texts).
const DAY_MS = 86400000;

export function forms(lang) {
  const locale = lang === "fr" ? "fr-FR" : "en-GB";
  const significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  // French says "1er mars", which Intl does not.
  const first = (text) => (lang === "fr" ? text.replace(/^1 /, "1er ") : text);
  const utc = (shape) => new Intl.DateTimeFormat(locale, { ...shape, timeZone: "UTC" });
  const date = utc({ day: "numeric", month: "long", year: "numeric" });
  const [clock, day, month] = [utc({ hour: "2-digit", minute: "2-digit" }), utc({ day: "numeric", month: "short" }), utc({ month: "short", year: "numeric" })];
  const number = (v) => (Math.abs(v) >= 100 ? whole : significant).format(v);
  const units = lang === "fr" ? [[86400, "j"], [3600, "h"], [60, "min"], [1, "s"]] : [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const duration = (s) => {
    const [scale, unit] = units.find(([size]) => Math.abs(s) >= size) ?? units[3];
    return `${number(s / scale)}\u00a0${unit}`;
  };
  const write = {
    number,
    percent: (v) => percent.format(v),
    ratio: (v) => `×${significant.format(v)}`,
    p: number,
    duration,
    duration_us: (v) => duration(v / 1e6),
    datetime: (ms) => (ms % DAY_MS === 0 ? first(date.format(ms)) : `${first(date.format(ms))}, ${clock.format(ms)} UTC`),
  };
  const brackets = lang === "fr" ? "\u202f; " : ", ";
  const minus = (form, text) => (form === "datetime" ? text : text.replace("-", "\u2212"));
  const one = (form, value) => (value === null || value === undefined ? "–" : minus(form, (write[form] ?? number)(value)));
  one.tick = (ms) => {
    const at = new Date(ms);
    if (ms % DAY_MS) return clock.format(at);
    if (at.getUTCDate() > 1) return first(day.format(at));
    return at.getUTCMonth() ? month.format(at) : String(at.getUTCFullYear());
  };
  one.interval = (form, low, high) => `[${one(form, low)}${brackets}${one(form, high)}]`;
  return one;
}

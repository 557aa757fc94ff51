// Sorting: a click on a heading sorts by data-v (the raw value); absent values stay last.
export function sortable(table) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort") ?? "none"];
      heads.forEach((other) => other.setAttribute("aria-sort", other === head ? next : "none"));
      body.replaceChildren(...(next === "none" ? original : ordered(original, column, next === "ascending" ? 1 : -1)));
    });
  });
}

function ordered(rows, column, sign) {
  const key = (row) => row.cells[column].dataset.v;
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const number = rows.every((row) => key(row) === undefined || (key(row) !== "" && !Number.isNaN(Number(key(row)))));
  const order = number ? (a, b) => Number(a) - Number(b) : compare;
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    return sign * order(x, y);
  });
}

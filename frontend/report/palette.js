// Colours told apart by colour-blind readers (Okabe and Ito 2008), each set against its own paper; lines differ by dash too.
export const palette = (dark) =>
  dark
    ? { series: ["#6cb8ea", "#f0a63a", "#35c79a", "#e39bc6", "#e8765a", "#d9d27a", "#b9b4a8", "#8fa6ff"],
        ink: "#e9e6df", soft: "#a8a499", rule: "#35383d", paper: "#15171a", band: "rgba(108,184,234,0.20)", mark: "rgba(240,166,58,0.16)", event: "#c9c4b8" }
    : { series: ["#0072b2", "#d55e00", "#00835f", "#b0578d", "#9a6700", "#3d8fc4", "#57534a", "#5b4bb5"],
        ink: "#1d1c19", soft: "#625e55", rule: "#dedad0", paper: "#fdfcf9", band: "rgba(0,114,178,0.14)", mark: "rgba(213,94,0,0.11)", event: "#4a463e" };

export const DASHES = ["solid", [6, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2], [1, 4], [8, 2]];
export const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

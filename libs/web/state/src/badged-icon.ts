/** Returns the mark for a tab's icon, which has room for one digit: "9+" for more. */
export function iconMark(count: number): string {
  return count <= 0 ? '' : count > 9 ? '9+' : String(count);
}

/** Returns the icon, an SVG of 160 units, with the mark in a corner. */
export function badgedIcon(svg: string, mark: string): string {
  const size = mark.length > 1 ? 54 : 74;
  const badge =
    '<circle cx="104" cy="104" r="50" fill="#b8255a" stroke="#fff" stroke-width="8"/>' +
    `<text x="104" y="${104 + size * 0.36}" fill="#fff" font-family="system-ui,sans-serif" font-weight="800" ` +
    `font-size="${size}" text-anchor="middle">${mark}</text>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.replace(/<\/svg>\s*$/, `${badge}</svg>`))}`;
}

/** `text` with the part between the marks `<!-- generated: name -->` and `<!-- /generated -->` replaced. */
export function fillSection(text: string, name: string, content: string): string {
  const open = `<!-- generated: ${name} -->`;
  const close = "<!-- /generated -->";
  const start = text.indexOf(open);
  const end = text.indexOf(close, start);
  if (start < 0 || end < 0) throw new Error(`the marks ${open} and ${close} are missing`);
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${text.slice(end)}`;
}

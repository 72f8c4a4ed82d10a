const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as XML has it. */
export function escapedXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** The texts of all elements of that name, wherever they are. */
export function elementsOf(xml: string, name: string): readonly string[] {
  const element = new RegExp(`<${name}[^>]*>([^]*?)</${name}>`, 'g');
  return [...xml.matchAll(element)].map(([, content = '']) => content);
}

/** What an element of text holds. */
export function unescapedXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name === undefined) return String.fromCodePoint(Number(decimal ?? `0x${hex}`));
    return Object.entries(ENTITIES).find(([, entity]) => entity === `&${name};`)?.[0] ?? whole;
  });
}

/** A whole tag: what stands in its quoted attributes is no tag, however much it looks like one. */
const tag = /<(\/?)([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>(<\/th>)?/gi

/**
 * `html` (well-formed and sanitised) with `before` and `after` around each block of code. Blocks of code and wide tables scroll by
 * themselves, so the keyboard must reach them; an empty corner of a table is no heading.
 */
export const forReading = (html: string, before: string, after: string): string =>
  html.replace(tag, (whole: string, slash: string, name: string, attributes: string, end = '') => {
    const reachable = `${attributes.replace(/ tabindex="[^"]*"/, '')} tabindex="0"`
    if (name === 'pre') return slash ? whole + after : `${before}<pre${reachable}>`
    if (name === 'table' && !slash) return `<table${reachable}>`
    if (name === 'th' && !slash && end) return `<td${attributes}></td>`
    return whole
  })

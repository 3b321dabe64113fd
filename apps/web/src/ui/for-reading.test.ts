import { expect, it } from '@jest/globals'
import { forReading } from './for-reading.js'

it('puts a button before each block of code, which can be scrolled by keyboard', () => {
  const html = '<p>Run</p><pre class="shiki" tabindex="0"><code>ls</code></pre><pre><code>pwd</code></pre>'
  expect(forReading(html, '[', ']')).toBe(
    '<p>Run</p>[<pre class="shiki" tabindex="0"><code>ls</code></pre>][<pre tabindex="0"><code>pwd</code></pre>]',
  )
})

it('lets the keyboard into tables, and makes no heading of an empty corner', () => {
  const html = '<table><thead><tr><th align="left"></th><th>Size</th></tr></thead></table>'
  expect(forReading(html, '', '')).toBe(
    '<table tabindex="0"><thead><tr><td align="left"></td><th>Size</th></tr></thead></table>',
  )
})

it.each([
  ['in an attribute', '<img src="x.png" alt="<pre onclick=alert(1)> <form action=//evil.example>">'],
  ['at its end, in an attribute', '<a title="</pre><meta http-equiv=refresh>" href="#a">x</a>'],
  ['in a single-quoted attribute', `<a title='"<pre x>' href="#a">x</a>`],
  ['a table in an attribute', '<img src="x.png" alt="<table onclick=alert(1)>">'],
  ['another element', '<prefix>x</prefix>'],
])('leaves what only looks like a tag as it is: %s', (_, html) => {
  expect(forReading(html, '<div class="code">', '</div>')).toBe(html)
})

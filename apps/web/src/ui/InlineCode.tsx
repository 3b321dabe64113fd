/** Plain text in which `backticks` mark code, as authors write prompts and options. */
export function InlineCode({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          // Parts never move: the text is split anew whenever it changes.
          <code key={`${index} ${part}`} style={codeStyle}>
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  )
}

const codeStyle = {
  fontFamily: 'var(--mantine-font-family-monospace)',
  fontSize: '0.92em',
  background: 'var(--c-code)',
  border: '1px solid var(--c-line)',
  borderRadius: 4,
  padding: '0 0.3em',
} as const

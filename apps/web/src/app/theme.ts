import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Copper, for the hoops of a barrel: the accent. */
const copper: MantineColorsTuple = [
  '#fbf1ea',
  '#f3dfd0',
  '#e9c3a5',
  '#e2a679',
  '#de9058',
  '#c9733a',
  '#b3602a',
  '#984e1f',
  '#7d3f18',
  '#632f10',
]
/** Warm neutrals, from paper to ink. */
const gray: MantineColorsTuple = [
  '#faf8f5',
  '#f3f0eb',
  '#e8e3dc',
  '#dad3ca',
  '#c6bdb2',
  '#a59b8f',
  '#7d746a',
  '#5c554d',
  '#403b35',
  '#282420',
]
/** From the text to the ground of the dark scheme. */
const dark: MantineColorsTuple = [
  '#dcd6ce',
  '#beb6ac',
  '#a0978c',
  '#6b635a',
  '#453f39',
  '#37322d',
  '#2a2622',
  '#1e1b18',
  '#171512',
  '#100e0c',
]

const systemFont =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", "Liberation Sans", sans-serif'
const monoFont =
  'ui-monospace, "SFMono-Regular", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

export const theme = createTheme({
  primaryColor: 'copper',
  // White on either has 4.5:1.
  primaryShade: { light: 7, dark: 6 },
  colors: { copper, gray, dark },
  fontFamily: systemFont,
  fontFamilyMonospace: monoFont,
  headings: { fontFamily: systemFont, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    PasswordInput: {
      // The keyboard reaches it, and no second thing is called "password".
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show what is typed', tabIndex: 0 } },
    },
  },
})

/** Text that is dimmed or coloured still has 4.5:1 on its ground, which Mantine's own shades have not. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fffdfb',
    '--mantine-color-text': '#282420',
    '--mantine-color-dimmed': '#6a6259',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#7d746a',
    '--mantine-color-anchor': '#8a461b',
    '--c-ground': '#f7f4ef',
    '--c-surface': '#fffdfb',
    '--c-line': '#e3ddd4',
    '--c-code': '#f6f2ec',
    '--c-good': '#1f6f43',
    '--c-good-soft': '#e2f1e7',
    '--c-bad': '#a8261e',
    '--c-bad-soft': '#fae5e2',
    '--c-busy': '#1f5f99',
    '--c-busy-soft': '#e2edf7',
    '--c-warn': '#855400',
    '--c-warn-soft': '#fbeed3',
    '--c-quiet': '#6a6259',
    '--c-quiet-soft': '#efebe5',
  },
  dark: {
    '--mantine-color-body': '#1e1b18',
    '--mantine-color-text': '#dcd6ce',
    '--mantine-color-dimmed': '#a69d92',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-placeholder': '#8d847a',
    '--mantine-color-anchor': '#e9a878',
    '--c-ground': '#171512',
    '--c-surface': '#1e1b18',
    '--c-line': '#37322d',
    '--c-code': '#151310',
    '--c-good': '#7fd3a0',
    '--c-good-soft': '#1d3226',
    '--c-bad': '#ff9a8f',
    '--c-bad-soft': '#432320',
    '--c-busy': '#8fc2ee',
    '--c-busy-soft': '#1c2f40',
    '--c-warn': '#eec06a',
    '--c-warn-soft': '#3a2d13',
    '--c-quiet': '#a69d92',
    '--c-quiet-soft': '#2a2622',
  },
})

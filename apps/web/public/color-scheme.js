// Runs before the first paint, as a file of its own because the page's policy refuses inline scripts:
// without it a person who chose dark would see a white page first.
;(function () {
  let choice = null
  try {
    choice = localStorage.getItem('cooperage-color-scheme')
  } catch {
    // Storage may be switched off; the system's preference holds then.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()

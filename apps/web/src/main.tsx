import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/global.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient, keys } from './api/index.js'
import { reloadAfterUpgrade } from './app/reload-after-upgrade.js'
import { cssVariables, theme } from './app/theme.js'
import { makeRouter } from './router.js'

const queryClient = createQueryClient(() => {
  queryClient.removeQueries({ queryKey: keys.me })
  const { pathname, href } = router.latestLocation
  if (pathname !== '/sign-in' && !pathname.startsWith('/invitations/')) {
    void router.navigate({ to: '/sign-in', search: { next: href, ended: true } })
  }
})
const router = makeRouter(queryClient)

// A new page is a new place to read from: without this, the keyboard stays on a link that is gone.
router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
  if (pathChanged && fromLocation) document.getElementById('main')?.focus({ preventScroll: true })
})

reloadAfterUpgrade()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'cooperage-color-scheme' })}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

import { Anchor, Container } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { createLazyRoute, Outlet } from '@tanstack/react-router'
import { Header } from './Header.js'

export const Route = createLazyRoute('/signed-in')({ component: Shell })

/** The frame of every page behind the sign-in. */
function Shell() {
  return (
    <>
      <SkipLink />
      <Header />
      <Container component="main" id="main" tabIndex={-1} size="xl" px={{ base: 'md', sm: 'xl' }} py="xl">
        <Outlet />
      </Container>
      <Notifications position="bottom-right" autoClose={4000} limit={3} />
    </>
  )
}

function SkipLink() {
  return (
    <Anchor href="#main" className="skip-link">
      Skip to content
    </Anchor>
  )
}

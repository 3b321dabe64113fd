// What people see once all is ready.

import path from 'node:path'
import { readDemo } from './demo.js'

export type Welcome = {
  url: string
  demoFile: string
  /** whether the demonstration people are new: their passwords are printed once */
  demoIsNew: boolean
  adminLink: string | undefined
  adminEmail: string | undefined
  labsOff: string | undefined
  /** set when the network may come in but links still point to this machine */
  openWithoutPublicUrl: boolean
}

export function welcomeText(welcome: Welcome): string {
  const lines = ['', `Ready: ${welcome.url}`, '']
  const demo = readDemo(welcome.demoFile)
  if (demo) {
    const width = Math.max(...demo.users.map(({ email }) => email.length)) + 2
    for (const { role, email, password } of demo.users) {
      lines.push(`  ${role.padEnd(12)}${email.padEnd(width)}${welcome.demoIsNew ? password : ''}`.trimEnd())
    }
    lines.push('', `  Join code of the demonstration cohort: ${demo.joinCode}`)
    const relative = path.relative(process.cwd(), welcome.demoFile)
    const file = relative.startsWith('..') ? welcome.demoFile : relative
    lines.push(welcome.demoIsNew ? `  All of this is in ${file}.` : `  The passwords are in ${file}.`, '')
  }
  if (welcome.adminLink) {
    lines.push(`  Make yourself the first admin, once: ${welcome.adminLink}`)
    if (welcome.adminEmail)
      lines.push(`  From then on, sign in as ${welcome.adminEmail} with the password you choose.`)
    lines.push('')
  }
  if (welcome.labsOff) lines.push(`! Labs are off: ${welcome.labsOff}`, '')
  if (welcome.openWithoutPublicUrl) {
    lines.push(
      "! Set PUBLIC_URL to the address that others use for this machine, else their browsers' requests are refused.",
      '',
    )
  }
  lines.push('Ctrl-C stops it.')
  return lines.join('\n')
}

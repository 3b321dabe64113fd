import type { Lab } from '@cooperage/contracts'
import { IconArrowLeft, IconArrowRight, IconEyeOff } from '@tabler/icons-react'
import { itemPath } from '../../app/paths.js'
import { LinkAnchor, Prose } from '../../ui/index.js'
import classes from './lab.module.css'

/** Instructions may begin with the lab's title, which the page's own heading says already. */
const leadingHeading = /^\s*<h1\b[^>]*>[\s\S]*?<\/h1>/

export function InstructionsPane({ lab, cohort }: { lab: Lab; cohort: string }) {
  return (
    <div className={classes.instructions}>
      <Prose html={lab.instructionsHtml.replace(leadingHeading, '')} />
      <h2 className={classes.subhead}>What is checked</h2>
      <ul className={classes.specifications}>
        {lab.checks.map((check) => (
          <li key={check.id}>
            <span>
              {check.title}
              {check.visibility === 'hidden' && (
                <span className={classes.hidden}>
                  <IconEyeOff size={13} aria-hidden /> hidden
                </span>
              )}
            </span>
            <span className={classes.count}>
              {check.points} {check.points === 1 ? 'point' : 'points'}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.note}>
        You submit {lab.files.join(', ')}. The whole grading may take {lab.timeoutSeconds} seconds,{' '}
        {lab.limits.memoryMb} MB of memory and {lab.limits.pids} processes
        {lab.engine === 'none' ? ', without a network' : ''}.
      </p>
      <nav className={classes.neighbours} aria-label="Before and after this lab">
        {lab.previous && (
          <LinkAnchor to={itemPath(cohort, lab.previous.kind, lab.previous.id)}>
            <IconArrowLeft size={15} aria-hidden /> {lab.previous.title}
          </LinkAnchor>
        )}
        {lab.next && (
          <LinkAnchor to={itemPath(cohort, lab.next.kind, lab.next.id)} className={classes.next}>
            {lab.next.title} <IconArrowRight size={15} aria-hidden />
          </LinkAnchor>
        )}
      </nav>
    </div>
  )
}
